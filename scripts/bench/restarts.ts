import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULTS, type Target } from '../../src/config/load.ts';
import { performChange, planFor } from '../../src/cli/change-engine.ts';
import { newRunId } from '../../src/cli/run-id.ts';
import { isPlanned, newChange } from '../../src/domain/change.ts';
import type { CheckRequest } from '../../src/domain/request.ts';
import { findCluster, type TestCluster } from '../e2e/cluster.ts';
import type { Shot } from './lookup-load.ts';
import { canEnterPods, type Load, loadPods, startLoad } from './node-load.ts';
import { type Figure, type Part, plainly } from './part.ts';
import { quantile } from './quantile.ts';
import { withoutLameduck } from './without-lameduck.ts';

const perSecond = 50;
/** How often each way is measured, with the lameduck time that there is and without any. */
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);
const bareRounds = Number(process.env['BENCH_BARE_ROUNDS'] ?? 1);
/** Before and after what is done: what comes late is counted too. */
const [leadMs, tailMs] = [2_000, 10_000];
const dns = { service: '10.100.0.10', namespace: 'kube-system', workload: 'deployment/coredns', label: 'k8s-app=kube-dns' };
/** The first four are CoreDNS' own, the last one it must ask for: a new pod has an empty cache. */
const names = [...Array<string>(4).fill('kubernetes.default.svc.cluster.local.'), 'amazon.com.'];

/** A way to restart CoreDNS; it is over when all new pods are ready. */
interface Way {
  name: string;
  restart(cluster: TestCluster): Promise<void>;
  /** Lookups that it may lose; null: there is no target. */
  target: number | null;
}

async function kubectl(cluster: TestCluster, ...args: string[]): Promise<void> {
  const done = await cluster.kubectl(...args);
  if (done.status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${done.stderr.slice(-300)}`);
}

const rolledOut = (cluster: TestCluster): Promise<void> =>
  kubectl(cluster, '-n', dns.namespace, 'rollout', 'status', dns.workload, '--timeout=50s');

/** The remedy as a worker carries it out, without Slack. */
async function byRemedy({ kubeconfig }: TestCluster): Promise<void> {
  const target: Target = { name: 'bench', access: { kind: 'kubeconfig', file: kubeconfig, context: null }, settings: DEFAULTS };
  const request: CheckRequest = {
    cluster: target.name,
    pod: null,
    node: null,
    names: [],
    quick: false,
    probePods: true,
    ephemeral: false,
    timeoutMs: 60_000,
    remedy: { id: 'restart-coredns', params: {} },
  };
  const { signal } = new AbortController();
  const listeners = { onStep: () => undefined, onLeft: () => undefined };
  const { proposals } = await planFor(target, request, () => Promise.resolve([]), listeners, signal);
  const planned = proposals.find(isPlanned);
  if (planned === undefined) throw new Error(`there is no plan: ${JSON.stringify(proposals)}`);
  const hooks = {
    onStep: () => undefined,
    onWrote: () => Promise.resolve(),
    onBefore: () => Promise.resolve(),
    stopping: signal,
    signal,
  };
  const result = await performChange(target, { change: newChange(planned), act: 'apply', run: newRunId(), request }, hooks);
  if (result.outcome !== 'applied') throw new Error(`restart-coredns: ${result.outcome}: ${result.says}`);
}

const ways: readonly Way[] = [
  { name: 'restart-coredns', restart: byRemedy, target: 0 },
  {
    name: 'kubectl rollout restart',
    target: null,
    restart: async (cluster) => {
      await kubectl(cluster, '-n', dns.namespace, 'rollout', 'restart', dns.workload);
      await rolledOut(cluster);
    },
  },
  {
    name: 'all pods deleted at once',
    target: null,
    restart: async (cluster) => {
      await kubectl(cluster, '-n', dns.namespace, 'delete', 'pod', '-l', dns.label, '--wait=false');
      // the controller must have seen it before its status says anything
      await sleep(1_000);
      await rolledOut(cluster);
    },
  },
];

/** What came of a restart under load. */
interface Round {
  shots: Shot[];
  seconds: number;
}

const isLost = ({ rcode }: Shot): boolean => rcode !== 0;

/** Where losses are, for whoever wants to know why: seconds after the restart began, by node. */
function tellLosses(way: Way, began: number, byNode: readonly { node: string; shots: readonly Shot[] }[]): void {
  for (const { node, shots } of byNode) {
    const lost = shots.filter(isLost);
    if (lost.length === 0) continue;
    const at = lost.map(
      (shot) => `${((shot.at - began) / 1_000).toFixed(2)}${shot.held ? 'h' : ''}${shot.rcode === null ? '' : `=${shot.rcode}`}`,
    );
    process.stderr.write(`${way.name}, lost from ${node}: ${lost.length} at ${at.slice(0, 60).join(' ')} s\n`);
  }
}

/** Seconds that it took. */
async function timed(act: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await act();
  return (performance.now() - began) / 1_000;
}

async function oneRound(cluster: TestCluster, nodes: readonly string[], way: Way): Promise<Round> {
  const loads: Load[] = await Promise.all(
    nodes.map((node, index) => startLoad(cluster, { node, index, address: dns.service, perSecond, names })),
  );
  await sleep(leadMs);
  const began = Date.now();
  const took = await timed(() => way.restart(cluster));
  await sleep(tailMs);
  const ended = await Promise.all(loads.map(async (load) => ({ node: load.node, shots: await load.end() })));
  tellLosses(way, began, ended);
  return { seconds: took, shots: ended.flatMap(({ shots }) => shots) };
}

function figuresOf({ name, target }: Way, done: readonly Round[]): Figure[] {
  const lost = done.map(({ shots }) => shots.filter(isLost).length);
  const all = done.flatMap(({ shots }) => shots);
  const answered = all.flatMap(({ ms }) => ms ?? []);
  const held = all.filter((shot) => shot.held);
  const sum = lost.reduce((total, one) => total + one, 0);
  return [
    {
      what: `${name}: lost of ${all.length} lookups, by round`,
      measured: lost.join(' '),
      target: target === null ? null : String(target),
      met: target === null ? null : sum <= target,
    },
    plainly(`${name}: of these over a socket that stays open, of ${held.length}`, String(held.filter(isLost).length)),
    plainly(
      `${name}: p50, p99 and longest answer`,
      `${quantile(answered, 0.5).toFixed(1)} ${quantile(answered, 0.99).toFixed(1)} ${Math.max(...answered).toFixed(0)} ms`,
    ),
    plainly(`${name}: seconds it took, by round`, done.map(({ seconds }) => seconds.toFixed(1)).join(' ')),
  ];
}

async function everyWay(cluster: TestCluster, nodes: readonly string[], times: number, about: string): Promise<Figure[]> {
  if (times === 0) return [];
  const done = new Map<Way, Round[]>(ways.map((way) => [way, []]));
  for (let round = 0; round < times; round += 1) for (const way of ways) done.get(way)?.push(await oneRound(cluster, nodes, way));
  return ways.flatMap((way) => figuresOf({ ...way, name: `${way.name}${about}` }, done.get(way) ?? []));
}

async function measureOn(cluster: TestCluster): Promise<Figure[]> {
  const pods = await loadPods(cluster, DEFAULTS.probe.image);
  try {
    const usual = await everyWay(cluster, pods.nodes, rounds, '');
    const bare = bareRounds === 0 ? [] : await withoutLameduck(cluster, () => everyWay(cluster, pods.nodes, bareRounds, ', no lameduck'));
    return [...usual, ...bare];
  } finally {
    await pods.remove();
  }
}

/** Lookups that are lost while CoreDNS is restarted, three ways, each under the same load. */
export const restarts: Part = {
  name: 'restarts',
  about: `lookups lost while CoreDNS restarts, ${perSecond} a second from each node`,
  ofBot: false,
  onlyNamed: true,
  measure: async () => {
    const cluster = await findCluster();
    if ('reason' in cluster) return { obstacle: cluster.reason };
    try {
      if (!canEnterPods(cluster))
        return { obstacle: 'the network of its pods cannot be entered from here: it needs the cluster beside the repository' };
      return await measureOn(cluster);
    } finally {
      await cluster.release();
    }
  },
};
