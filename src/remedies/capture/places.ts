import type { Evidence } from '../../domain/evidence.ts';
import type { Node } from '../../domain/nodes.ts';
import { schedulable, seen } from '../kit/read.ts';
import type { LivePod } from '../pods/live-pod.ts';
import type { EnteredPod, PlannedPoint } from './data.ts';

/** Somewhere that nothing can be captured, and why. */
export interface Left {
  label: string;
  why: string;
}

const MOST_SERVERS = 4;
const MOST_CLIENTS = 2;

/** Why no pod of ours can be on a node; null where one can. */
export function whyNotOn(node: string, nodes: readonly Node[] | undefined): string | null {
  const known = nodes?.find(({ name }) => name === node);
  if (known?.kind === 'fargate' || node.startsWith('fargate-ip-'))
    return 'it runs on AWS Fargate, where neither privileged pods nor added capabilities are allowed';
  if (known === undefined) return null;
  if (known.kind === 'virtual') return `node ${node} is virtual: it takes no pod of ours`;
  if (known.os !== 'linux') return `node ${node} runs ${known.os}`;
  return known.ready ? null : `node ${node} is not ready`;
}

/** Lookups that failed, by what `of` takes from them. */
function failures(evidence: Evidence, of: (row: NonNullable<ReturnType<typeof rowsOf>>[number]) => string | null): string[] {
  const counts = new Map<string, number>();
  for (const row of rowsOf(evidence)) {
    const key = of(row);
    const failed = row.shots - row.answered;
    if (key !== null && failed > 0) counts.set(key, (counts.get(key) ?? 0) + failed);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([key]) => key);
}

const rowsOf = (evidence: Evidence) => seen(evidence, 'lookups')?.rows ?? [];

/** The nodes to ask from where no pod is named: those where lookups failed, then any that an ordinary pod can run on. */
export function clientNodes(evidence: Evidence, wanted: string | undefined): string[] {
  if (wanted !== undefined) return [wanted];
  const nodes = seen(evidence, 'nodes')?.items;
  const failed = failures(evidence, ({ from }) => (from.how === 'probe' ? from.node : null));
  const running = (seen(evidence, 'coredns-pods')?.items ?? []).flatMap(({ node }) => node ?? []);
  const usable = nodes === undefined ? running : schedulable(nodes).map(({ name }) => name);
  const all = [...new Set([...failed, ...usable, ...(nodes ?? []).map(({ name }) => name)])];
  return all.filter((node) => whyNotOn(node, nodes) === null).slice(0, MOST_CLIENTS);
}

/** The CoreDNS pods to capture at: those that lookups failed at first. */
export function serverPods(evidence: Evidence, live: readonly LivePod[], wanted: string): LivePod[] {
  const failed = failures(evidence, ({ serverKind, serverPod }) => (serverKind === 'endpoint' ? serverPod : null));
  const place = ({ name }: LivePod): number => (failed.includes(name) ? failed.indexOf(name) : failed.length);
  return live
    .filter(
      ({ terminating, over, node, ip, name }) =>
        !terminating && !over && node !== null && ip !== null && (wanted === 'all' || name === wanted),
    )
    .toSorted((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_SERVERS);
}

export const entered = ({ namespace, name, uid, ip, hostNetwork }: LivePod): EnteredPod => ({
  namespace,
  name,
  uid,
  ips: ip === null ? [] : [ip],
  hostNetwork,
});

const pathOf = ({ namespace, name }: Pick<EnteredPod, 'namespace' | 'name'>): string => `${namespace}/${name}`;

/** A point in the network of a pod. */
export const podPoint = (id: string, role: 'client' | 'server', pod: LivePod): PlannedPoint => ({
  id,
  role,
  node: pod.node ?? '',
  label: pathOf(pod),
  pod: entered(pod),
  addresses: pod.ip === null ? [] : [pod.ip],
});

/** A client of ours on a node: the pod is made when it begins. */
export const ownClient = (id: string, node: string): PlannedPoint => ({
  id,
  role: 'client',
  node,
  label: `probe pod on ${node.split('.')[0] ?? node}`,
  pod: null,
  addresses: [],
});

/** The node of a client itself, where its packets can be seen on their way. */
export const nodePoint = (id: string, node: string, nodes: readonly Node[] | undefined): PlannedPoint => ({
  id,
  role: 'node',
  node,
  label: node,
  pod: null,
  addresses: [nodes?.find(({ name }) => name === node)?.internalIP ?? ''].filter((address) => address !== ''),
});
