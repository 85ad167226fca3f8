import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run, type TestCluster } from '../e2e/cluster.ts';
import type { Shot } from './lookup-load.ts';

const program = fileURLToPath(new URL('./lookup-load.ts', import.meta.url));
const lab = fileURLToPath(new URL('../../../shared/cluster/cluster', import.meta.url));
const namespace = 'dns-medic-bench';

/** Whether the network of this cluster's pods can be entered from this machine: only of the one beside the repository. */
export const canEnterPods = (cluster: TestCluster): boolean => cluster.fault !== null && existsSync(lab);

/** Lookups that are being made from a pod. `end` gives all of them. */
export interface Load {
  node: string;
  end: () => Promise<Shot[]>;
}

async function kubectl(cluster: TestCluster, ...args: string[]): Promise<string> {
  const done = await cluster.kubectl(...args);
  if (done.status !== 0) throw new Error(`kubectl ${args[0] ?? ''} ${args[1] ?? ''}: ${done.stderr.slice(-300)}`);
  return done.stdout;
}

const podOn = (node: string, image: string, index: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name: `load-${index}` },
  spec: {
    nodeName: node,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'load', image, imagePullPolicy: 'IfNotPresent', command: ['sleep', '1800'] }],
  },
});

/** A pod on each node that lookups are made from, and how to take them away again. */
export async function loadPods(cluster: TestCluster, image: string): Promise<{ nodes: string[]; remove: () => Promise<void> }> {
  const nodes = (await kubectl(cluster, 'get', 'nodes', '-o', 'name'))
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace('node/', ''));
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  for (const [index, node] of nodes.entries()) {
    const made = await cluster.apply(podOn(node, image, index));
    if (made.status !== 0) throw new Error(made.stderr.slice(-300));
  }
  await kubectl(cluster, '-n', namespace, 'wait', '--for=condition=Ready', 'pod', '--all', '--timeout=60s');
  return { nodes, remove: async () => void (await cluster.kubectl('delete', 'namespace', namespace, '--wait=false')) };
}

/** The process id of the pod's container on its node, as the `fault` script finds it. */
async function pidOf(cluster: TestCluster, index: number): Promise<string> {
  const id = await kubectl(
    cluster,
    '-n',
    namespace,
    'get',
    'pod',
    `load-${index}`,
    '-o',
    'jsonpath={.status.containerStatuses[0].containerID}',
  );
  const tasks = await run(lab, ['node', String(index + 1), 'ctr', '-n', 'k8s.io', 'task', 'ls']);
  const line = tasks.stdout.split('\n').find((one) => one.startsWith(id.replace(/^.*\/\//, '')));
  const pid = line?.split(/\s+/)[1];
  if (pid === undefined) throw new Error(`the container of load-${index} was not found on its node`);
  return pid;
}

/** Begins lookups in the network of a node's pod: `perSecond` at `address`, until `end`. */
export async function startLoad(
  cluster: TestCluster,
  { node, index, address, perSecond, names }: { node: string; index: number; address: string; perSecond: number; names: string[] },
): Promise<Load> {
  const enter = ['nsenter', '-t', await pidOf(cluster, index), '-n'];
  const child = spawn(lab, ['node', String(index + 1), ...enter, process.execPath, program, address, String(perSecond), ...names], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  let [text, errors] = ['', ''];
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => ((text += data.toString()), text.startsWith('ready') && resolve()));
    child.on('close', () => reject(new Error(`no lookups can be made from ${node}: ${errors.slice(-300)}`)));
  });
  return {
    node,
    end: async () => {
      child.stdin.end();
      await ended;
      return JSON.parse(text.slice('ready\n'.length)) as Shot[];
    },
  };
}
