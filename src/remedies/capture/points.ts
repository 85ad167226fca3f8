import type { CorednsWorkload } from '../../domain/coredns.ts';
import { closest } from '../../rules/closest.ts';
import { selectorText } from '../../rules/selector-text.ts';
import { seen, unread } from '../kit/read.ts';
import { type LivePod, livePod, livePods } from '../pods/live-pod.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';
import type { PlannedPoint } from './data.ts';
import type { CaptureParams } from './params.ts';
import { clientNodes, type Left, nodePoint, ownClient, podPoint, serverPods, whyNotOn } from './places.ts';

/** Where to capture, and where it cannot be done. */
export interface Points {
  points: PlannedPoint[];
  left: Left[];
}

const no = (why: NoDraft['why'], says: string, more: Partial<NoDraft> = {}): NoDraft => ({ why, says, ...more });

function corednsPods({ port, signal }: PlanContext, { namespace, selector }: CorednsWorkload): Promise<LivePod[]> {
  return livePods(port, { namespace, selector: selectorText(selector) }, { signal });
}

async function servers(context: PlanContext, { coredns }: CaptureParams): Promise<LivePod[] | NoDraft> {
  const { evidence } = context;
  const workload = seen(evidence, 'coredns-workload');
  if (workload === undefined) return unread(evidence, 'coredns-workload', 'the workload of CoreDNS');
  const live = await corednsPods(context, workload);
  const chosen = serverPods(evidence, live, coredns);
  if (chosen.length > 0) return chosen;
  const names = live.map(({ name }) => name);
  const near = closest(coredns, names);
  if (coredns !== 'all' && !names.includes(coredns))
    return no('not-here', `there is no CoreDNS pod ${coredns}`, { next: near.length === 0 ? [] : [`Did you mean ${near.join(', ')}?`] });
  return no('not-needed', 'no CoreDNS pod runs that packets could be captured at', { next: ['Check why CoreDNS does not run first.'] });
}

/** The named pod as it is now, as a client. */
async function namedClient({ port, evidence, signal }: PlanContext): Promise<LivePod | NoDraft | null> {
  const reading = evidence.pod;
  if (reading === undefined || (reading.status === 'failed' && reading.reason === 'skipped')) return null;
  if (reading.status === 'failed') return unread(evidence, 'pod', 'the named pod');
  const { namespace, name } = reading.data;
  const pod = livePod(
    await port.get(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`, {}, { signal }),
  );
  if (pod === null || pod.node === null || pod.ip === null || pod.over || pod.terminating)
    return no('not-here', `pod ${namespace}/${name} does not run, so it sends nothing`);
  return pod;
}

/** Clients with what is captured for each: at itself, and on its node. */
function clientsOf(context: PlanContext, named: LivePod | null, wanted: string | undefined): PlannedPoint[] {
  if (named !== null) return [podPoint('c1', 'client', named)];
  return clientNodes(context.evidence, wanted).map((node, index) => ownClient(`c${index + 1}`, node));
}

/** Chooses the points: the clients, their nodes, and CoreDNS pods. Rejects with a Failure where the cluster cannot be asked. */
export async function choosePoints(context: PlanContext, params: CaptureParams): Promise<Points | NoDraft> {
  const nodes = seen(context.evidence, 'nodes')?.items;
  const named = context.request.pod === null ? null : await namedClient(context);
  if (named !== null && 'why' in named) return named;
  const bar = params.node === undefined ? null : whyNotOn(params.node, nodes);
  if (bar !== null) return no('not-here', `nothing can be captured on ${params.node}: ${bar}`);
  const pods = await servers(context, params);
  if ('why' in pods) return pods;
  const clients = clientsOf(context, named, params.node);
  if (clients.length === 0) return no('not-here', 'there is no node that a client could ask from', { next: ['Name a pod to ask from.'] });
  // the node of a client in the node's own network is where that client is
  const hosts = clients.filter(({ pod }) => pod?.hostNetwork !== true).map(({ node }) => node);
  const wanted = [
    ...clients,
    ...[...new Set(hosts)].map((node, index) => nodePoint(`n${index + 1}`, node, nodes)),
    ...pods.map((pod, index) => podPoint(`s${index + 1}`, 'server', pod)),
  ];
  const barred = wanted.map((point) => ({ point, why: whyNotOn(point.node, nodes) }));
  const points = barred.flatMap(({ point, why }) => (why === null ? [point] : []));
  const left = barred.flatMap(({ point, why }) => (why === null ? [] : [{ label: point.label, why }]));
  if (points.length > 0) return { points, left };
  return no('not-here', `nothing can be captured anywhere: ${left[0]?.why ?? 'no point is left'}`);
}
