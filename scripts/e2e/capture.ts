import { performChange, planFor } from '../../src/cli/change-engine.ts';
import { newRunId } from '../../src/cli/run-id.ts';
import { DEFAULTS, type Target } from '../../src/config/load.ts';
import type { CaptureReport, Hop, Way, WayVerdict } from '../../src/domain/capture.ts';
import { isPlanned, newChange } from '../../src/domain/change.ts';
import type { CheckRequest } from '../../src/domain/request.ts';
import type { TestCluster } from './cluster.ts';
import { type Row, say } from './row.ts';
import { tryCaptureInSlack } from './slack/capture.ts';

/** What a capture must say of a fault. `why`: where its rules drop packets (`../shared/cluster/fault`), and so what can be seen. */
interface Expected {
  code: WayVerdict;
  hop: Hop | null;
  /** The ways that it is about, and how much of their requests is lost: 0 to 1. */
  ways: (way: Way) => boolean;
  transport: 'udp' | 'tcp';
  loss: number;
  pod?: string;
  node?: string;
  why: string;
}

const toPods = ({ kind }: Way): boolean => kind === 'pod';
const toService = ({ kind }: Way): boolean => kind === 'cluster-ip';
const fromClients = (way: Way): boolean => toPods(way) || toService(way);

const SECOND_NODE = 'ip-172-30-0-12.eu-west-1.compute.internal';

const expectations: Readonly<Record<string, Expected>> = {
  healthy: {
    ...{ code: 'dns-ok', hop: null, ways: fromClients, transport: 'udp', loss: 0 },
    why: 'nothing drops anything',
  },
  'endpoint-udp-dropped': {
    ...{ code: 'dropped-in-pod', hop: 'server', ways: (way) => toPods(way) && way.verdict !== 'dns-ok', transport: 'udp', loss: 1 },
    why: 'INPUT in the network of one CoreDNS pod drops UDP to port 53: captures there see the queries before that, and no answer',
  },
  'node-to-node-53-blocked': {
    ...{ code: 'lost-request', hop: 'server-node', ways: (way) => toPods(way) && way.crossNode === true, transport: 'udp', loss: 1 },
    why: 'PREROUTING of the node that it comes to drops what comes by eth0: the capture on that node sees it come, the one in the pod does not',
  },
  'tcp53-blocked': {
    ...{ code: 'tcp-blocked', hop: 'server-node', ways: fromClients, transport: 'tcp', loss: 1 },
    why: "POSTROUTING of the server's node drops TCP on its way into the pod",
  },
  'packet-loss-half': {
    ...{ code: 'lost-request', hop: 'server-node', ways: fromClients, transport: 'udp', loss: 0.5 },
    why: "POSTROUTING of the server's node drops every second UDP packet on its way into the pod, by chance",
  },
  'netpol-egress-denies-dns': {
    ...{ code: 'lost-request', hop: 'client-node', ways: fromClients, transport: 'udp', loss: 1, pod: 'shop/cart' },
    why: "PREROUTING of the client's node drops what leaves the pod to port 53, right behind its interface",
  },
  'netpol-ingress-blocks-coredns': {
    ...{ code: 'lost-request', hop: 'client-node', ways: fromClients, transport: 'udp', loss: 1 },
    why: "FORWARD of the client's node drops what goes to a CoreDNS pod, after its address was translated",
  },
  'kubedns-targetport-wrong': {
    ...{ code: 'nothing-listening', hop: 'server', ways: toService, transport: 'udp', loss: 1 },
    why: 'the Service sends to port 5353 of the pods, where nothing listens: they say so by ICMP',
  },
  'corefile-forward-unreachable': {
    ...{ code: 'upstream', hop: 'upstream', ways: ({ kind }) => kind === 'upstream', transport: 'udp', loss: 1 },
    why: 'the nodes drop what CoreDNS sends to its upstream 192.0.2.1; names of the cluster are answered',
  },
  'kubeproxy-not-running-on-node': {
    ...{ code: 'lost-request', hop: 'kube-proxy', ways: toService, transport: 'udp', loss: 1, node: SECOND_NODE },
    why: 'no rule of node 2 translates the address of the Service: queries leave the node for it untranslated',
  },
};

const MARGIN = 0.1;
const SECONDS = 5;

interface Captured {
  report: CaptureReport | null;
  says: string;
  seconds: number;
}

async function captured(cluster: TestCluster, { pod, node }: Pick<Expected, 'pod' | 'node'>): Promise<Captured> {
  const target: Target = { name: 'e2e', access: { kind: 'kubeconfig', file: cluster.kubeconfig, context: null }, settings: DEFAULTS };
  const params = { seconds: SECONDS, ...(node === undefined ? {} : { node }) };
  const request: CheckRequest = {
    ...{ cluster: 'e2e', pod: pod ?? null, node: null, names: [], quick: true, probePods: true, ephemeral: false, timeoutMs: 60_000 },
    remedy: { id: 'capture-packets', params },
  };
  const signal = AbortSignal.timeout(240_000);
  const { proposals } = await planFor(target, request, async () => [], { onStep: () => undefined, onLeft: () => undefined }, signal);
  const proposal = proposals.find((one) => isPlanned(one) && one.plan.remedy === 'capture-packets');
  if (proposal === undefined || !isPlanned(proposal)) {
    const none = proposals.flatMap((one) => (isPlanned(one) ? [] : [one.none.says]));
    return { report: null, says: `no plan: ${none.join('; ')}`, seconds: 0 };
  }
  const began = Date.now();
  const ordered = { change: { ...newChange(proposal), state: 'running' as const }, act: 'apply' as const, run: newRunId(), request };
  const never = new AbortController().signal;
  const hooks = { onStep: () => undefined, onWrote: async () => undefined, onBefore: async () => undefined, stopping: never, signal };
  const result = await performChange(target, ordered, hooks);
  return { report: result.capture ?? null, says: result.says, seconds: (Date.now() - began) / 1_000 };
}

/** How much of the requests of these ways is lost, all together; null: there is no such request. */
export function lossOf(report: CaptureReport, { ways, transport }: Pick<Expected, 'ways' | 'transport'>): number | null {
  const counted = report.ways.filter(ways).flatMap((way) => {
    const { sent, arrived, loss } = way[transport];
    const requests = sent ?? arrived ?? 0;
    return loss === null || requests === 0 ? [] : [{ requests, lost: loss * requests }];
  });
  const requests = counted.reduce((sum, one) => sum + one.requests, 0);
  return requests === 0 ? null : counted.reduce((sum, one) => sum + one.lost, 0) / requests;
}

/** Where client and server are on one node, its hop has two names; behind the address of the Service some are. */
const isSameHop = ({ stoppedAt, crossNode, kind }: Way, hop: Hop | null): boolean => {
  const isOneNode = crossNode === false || kind === 'cluster-ip';
  const ofNode = (one: Hop | null): boolean => one === 'client-node' || one === 'server-node';
  return stoppedAt === hop || (isOneNode && ofNode(stoppedAt) && ofNode(hop));
};

/** Hops that are not right: of the way that the verdict is about, and of all between nodes that have the same verdict. */
function wrongHops({ verdict, ways }: CaptureReport, { code, hop }: Expected): string[] {
  const told = verdict.way === null ? [] : ways.slice(verdict.way, verdict.way + 1);
  const others = ways.filter((way) => way.crossNode === true && way.verdict === code && way.kind === 'pod');
  return [...new Set([...told, ...others].filter((way) => !isSameHop(way, hop)).map(({ stoppedAt }) => `hop ${stoppedAt}`))];
}

function wrongIn(report: CaptureReport | null, expected: Expected, says: string): string[] {
  if (report === null) return [says];
  const loss = lossOf(report, expected);
  return [
    ...(report.verdict.code === expected.code ? [] : [`verdict ${report.verdict.code}`]),
    ...wrongHops(report, expected),
    ...(loss !== null && Math.abs(loss - expected.loss) <= MARGIN ? [] : [`loss ${loss?.toFixed(2) ?? 'not seen'}`]),
  ];
}

const shownAs = ({ code, hop, loss }: Pick<Expected, 'code' | 'hop'> & { loss: number | null }): string =>
  `${code} at ${hop ?? 'nowhere'}, ${loss === null ? '-' : `${Math.round(loss * 100)} %`}`;

async function tryOne(cluster: TestCluster, fault: string): Promise<Row> {
  const expected = expectations[fault];
  if (expected === undefined) throw new Error(`no capture is expected of ${fault}: ${Object.keys(expectations).join(', ')}`);
  const shown = { fault: `capture: ${fault}`, expected: shownAs(expected) };
  const on = fault === 'healthy' ? null : await cluster.fault?.('on', fault);
  try {
    if (on !== null && on?.status !== 0)
      return say({ ...shown, found: '-', seconds: 0, wrong: [`not injected: ${on?.stderr.slice(-200) ?? ''}`] });
    const { report, says, seconds } = await captured(cluster, expected);
    const way = report?.verdict.way === null || report === null ? undefined : report.ways[report.verdict.way ?? 0];
    const found =
      report === null ? '-' : shownAs({ code: report.verdict.code, hop: way?.stoppedAt ?? null, loss: lossOf(report, expected) });
    return say({ ...shown, found, seconds, wrong: wrongIn(report, expected, says) });
  } catch (error) {
    return say({ ...shown, found: '-', seconds: 0, wrong: [String(error)] });
  } finally {
    if (fault !== 'healthy') await cluster.fault?.('off');
  }
}

/** Captures while each of these faults is there (all where none is named), and compares verdict, hop and loss with what is known of it. */
export async function tryCaptures(cluster: TestCluster, faults: readonly string[] | null): Promise<Row[]> {
  const rows: Row[] = [];
  for (const fault of faults ?? Object.keys(expectations))
    if (fault === 'healthy' || cluster.fault !== null) rows.push(await tryOne(cluster, fault));
  return rows;
}

/** Those that the gate tries, and the whole way in Slack. */
export const someCaptures = 'healthy,endpoint-udp-dropped,kubedns-targetport-wrong,slack';

/** Captures by names of faults, `all`, or `slack` for one by buttons. `folder`: where its pictures are kept. */
export async function tryAllCaptures(cluster: TestCluster, wanted: string, folder: string | null): Promise<Row[]> {
  const names = wanted.split(',').filter((name) => name !== '');
  const faults = names.filter((name) => name !== 'slack');
  const rows = faults.length === 0 ? [] : await tryCaptures(cluster, faults.includes('all') ? null : faults);
  return names.includes('slack') || names.includes('all') ? [...rows, ...(await tryCaptureInSlack(cluster, folder))] : rows;
}
