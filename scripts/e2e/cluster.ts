import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const lab = join(root, '..', 'shared', 'cluster');

/** What a process printed and how it ended. */
export interface Done {
  status: number | null;
  stdout: string;
  stderr: string;
  seconds: number;
}

/** Runs a command to its end, or to the bound. */
export function run(
  command: string,
  args: readonly string[],
  { timeoutMs = 300_000, env = {} }: { timeoutMs?: number; env?: Record<string, string> } = {},
): Promise<Done> {
  return new Promise((resolve) => {
    const began = Date.now();
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const end = (status: number | null) => resolve({ status, stdout, stderr, seconds: (Date.now() - began) / 1000 });
    child.on('error', (error) => ((stderr += error.message), end(null)));
    child.on('close', end);
  });
}

/** A cluster to test on. `fault` is there only for the one whose faults can be injected. */
export interface TestCluster {
  kubeconfig: string;
  fault: ((verb: 'on' | 'off', name?: string) => Promise<Done>) | null;
  /** Whether whoever injects faults finds the cluster healthy: status 0. Null as `fault`. */
  healthy: (() => Promise<Done>) | null;
  kubectl: (...args: string[]) => Promise<Done>;
  /** `kubectl apply` of one object. */
  apply: (manifest: object) => Promise<Done>;
  /** Takes down what `findCluster` started. */
  release: () => Promise<void>;
}

/** Why there is no cluster to test on. */
export interface NoCluster {
  reason: string;
}

const labScript = (name: string) => join(lab, name);

async function startLab(): Promise<TestCluster | NoCluster> {
  if (!existsSync(labScript('cluster'))) return { reason: 'no cluster: set E2E_KUBECONFIG to the kubeconfig of one' };
  if (process.getuid?.() !== 0) return { reason: 'the cluster beside the repository needs root' };
  let kubeconfig = (await run(labScript('cluster'), ['kubeconfig'])).stdout.trim();
  const started = kubeconfig === '';
  if (started) {
    process.stderr.write('e2e: starting the cluster\n');
    const up = await run(labScript('cluster'), ['up']);
    if (up.status !== 0) return { reason: `the cluster does not start: ${up.stderr.slice(-400)}` };
    kubeconfig = up.stdout.trim();
  }
  return {
    kubeconfig,
    fault: (verb, name) => run(labScript('fault'), name === undefined ? [verb] : [verb, name]),
    healthy: () => run(labScript('fault'), ['healthy']),
    kubectl: (...args) => run(labScript('cluster'), ['kubectl', ...args], { timeoutMs: 60_000 }),
    apply: (manifest) => applied(`'${labScript('cluster')}' kubectl`, manifest),
    release: async () => {
      if (started) await run(labScript('cluster'), ['down']);
    },
  };
}

/** Pipes a manifest into a command that applies it. */
const applied = (command: string, manifest: object) =>
  run('sh', ['-c', `printf %s "$0" | ${command} apply -f -`, JSON.stringify(manifest)], { timeoutMs: 60_000 });

/** The cluster to test on: that of E2E_KUBECONFIG, else the one beside the repository, started when it is not up. */
export async function findCluster(): Promise<TestCluster | NoCluster> {
  const kubeconfig = process.env['E2E_KUBECONFIG'];
  if (kubeconfig === undefined || kubeconfig === '') return startLab();
  return {
    kubeconfig,
    fault: null,
    healthy: null,
    kubectl: (...args) => run('kubectl', ['--kubeconfig', kubeconfig, ...args], { timeoutMs: 60_000 }),
    apply: (manifest) => applied(`kubectl --kubeconfig '${kubeconfig}'`, manifest),
    release: async () => {},
  };
}

/** Runs `dns-medic` from the checkout. */
export const medic = (args: readonly string[], env: Record<string, string> = {}): Promise<Done> =>
  run('sh', [join(root, 'scripts', 'node'), join(root, 'src/cli/main.ts'), ...args], { timeoutMs: 150_000, env });

/** The file that says what each fault must be diagnosed as, when there is one. */
export const expectationsFile = join(lab, 'expected.json');
