import type { Plan } from '../../domain/plan.ts';
import { seen } from '../kit/read.ts';
import type { Draft, NoDraft, PlanContext } from '../remedy.ts';
import { type CaptureData, type PlannedPoint, podSeconds, type Target } from './data.ts';
import { type DnsFacts, dnsFacts } from './dns-facts.ts';
import type { CaptureParams } from './params.ts';
import { choosePoints } from './points.ts';
import { chooseWay, type Way } from './way.ts';

/** At each point. */
const [PACKETS, BYTES] = [200_000, 32 << 20];

/** The servers that are asked: the Service, the pods that are captured at, and where the named pod asks besides. */
function targetsOf({ evidence }: PlanContext, { clusterIps, port }: DnsFacts, points: readonly PlannedPoint[]): Target[] {
  const pods = points.flatMap(({ role, addresses }) => (role === 'server' ? addresses.slice(0, 1) : []));
  const own = (seen(evidence, 'pod')?.resolvConf?.nameservers ?? []).filter(
    (server) => !clusterIps.includes(server) && !pods.includes(server),
  );
  return [
    ...clusterIps.slice(0, 1).map((server): Target => ({ server, port: 53, kind: 'cluster-ip' })),
    ...pods.map((server): Target => ({ server, port, kind: 'pod' })),
    ...own
      .filter((server) => /^[0-9a-f.:]{2,45}$/i.test(server))
      .slice(0, 1)
      .map((server): Target => ({ server, port: 53, kind: 'nameserver' })),
  ];
}

function placesOf({ evidence }: PlanContext, { clusterIps }: DnsFacts, points: readonly PlannedPoint[]): CaptureData['places'] {
  const service = seen(evidence, 'dns-service');
  const pods = (seen(evidence, 'coredns-pods')?.items ?? []).flatMap(({ ip, namespace, name, node }) =>
    ip === null ? [] : [[ip, { label: `${namespace}/${name}`, node }] as const],
  );
  return Object.fromEntries([
    ...(service === undefined
      ? []
      : clusterIps.map((ip) => [ip, { label: `Service ${service.namespace}/${service.name}`, node: null }] as const)),
    ...pods,
    ...points.flatMap(({ addresses, label, node }) => addresses.map((address) => [address, { label, node }] as const)),
  ]);
}

const count = (amount: number, what: string): string => `${amount} ${what}${amount === 1 ? '' : 's'}`;

function summaryOf(seconds: number, points: readonly PlannedPoint[]): string {
  const of = (role: PlannedPoint['role']): number => points.filter((point) => point.role === role).length;
  const parts = [
    of('client') === 0 ? null : count(of('client'), 'client'),
    of('node') === 0 ? null : `${of('client') === 1 ? 'its' : 'their'} ${of('node') === 1 ? 'node' : 'nodes'}`,
    of('server') === 0 ? null : count(of('server'), 'CoreDNS pod'),
  ].filter((part) => part !== null);
  return `capture DNS packets for ${seconds} s at ${parts.join(', ')}, send marked queries, and say where they get lost`;
}

const PRIVACY = 'DNS packets are captured, of everybody who asks at these points: names that pods ask for are personal data.';

function warningsOf(way: Way, data: CaptureData): string[] {
  const own =
    way.is === 'node'
      ? `A privileged pod that sees all processes of its node runs on each of these nodes, for at most ${podSeconds(data)} s.`
      : `An ephemeral container that may capture is added to each of these pods, and stays in their spec until they are deleted (not by a privileged pod: ${way.notFirst}).`;
  return [
    PRIVACY,
    own,
    ...(data.filter === null ? [] : ['Marked queries are seen only where your filter lets them through.']),
    ...way.left.map(({ label, why }) => `Nothing is captured at ${label}: ${why}.`),
  ];
}

function objectsOf({ tryCapture, settings }: PlanContext, way: Way, data: CaptureData): Plan['objects'] {
  const { namespace } = settings.capture;
  const pod = (at: string, name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: at, name });
  if (way.is === 'pod')
    return data.points.flatMap((point) => {
      const diff = ['+ ephemeralContainers:', `+ - image: ${settings.probe.image}`, '+   capabilities: [NET_ADMIN, NET_RAW]'];
      return point.pod === null ? [] : [{ object: pod(point.pod.namespace, point.pod.name), does: 'change' as const, diff, owner: null }];
    });
  const nodes = [...new Set(data.points.map(({ node }) => node))];
  const made = { object: { apiVersion: 'v1', kind: 'Namespace', namespace: null, name: namespace }, does: 'create' as const, owner: null };
  return [
    ...(way.makesNamespace ? [{ ...made, diff: ['+ pod-security.kubernetes.io/enforce: privileged'] }] : []),
    ...nodes.map((node) => ({
      object: pod(namespace, `dns-medic-capture on ${node}`),
      does: 'create' as const,
      diff: (tryCapture?.pod(node, podSeconds(data)) ?? []).map((line) => `+ ${line}`),
      owner: null,
    })),
  ];
}

/** Plans a capture, or says why there is none. Rejects with a Failure. */
export async function planCapture(context: PlanContext, params: CaptureParams): Promise<Draft<CaptureData> | NoDraft> {
  const facts = dnsFacts(context.evidence, context.settings.names);
  const found = await choosePoints(context, params);
  if ('why' in found) return found;
  const way = await chooseWay(context, found, facts.ports, params.seconds);
  if ('why' in way) return way;
  const { zone, outside, clusterIps, endpoints, upstreams, ports } = facts;
  const data: CaptureData = {
    ...{ way: way.is, seconds: params.seconds, packets: PACKETS, bytes: BYTES, filter: params.filter ?? null },
    ...{ ports, zone, outside, clusterIps, endpoints, upstreams, points: way.points, left: way.left },
    places: placesOf(context, facts, found.points),
    targets: targetsOf(context, facts, way.points),
  };
  return {
    summary: summaryOf(params.seconds, data.points),
    helps: 'it shows between which two points packets get lost; it mends nothing by itself',
    warnings: warningsOf(way, data),
    objects: objectsOf(context, way, data),
    pods: [],
    undo: null,
    endsAfterMs: null,
    data,
  };
}
