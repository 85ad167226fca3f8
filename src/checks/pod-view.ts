import type { Subject } from '../domain/finding.ts';
import type { LookupRow, Lookups } from '../domain/lookups.ts';
import type { NamedPod } from '../domain/pod.ts';
import { serviceOfName } from '../rules/names.ts';
import { type DnsKnown, isResolved, serving } from './nameserver-view.ts';
import type { IndexedRow } from './outside-view.ts';
import { proofRows, rowsOf } from './lookup-view.ts';

export const podSubject = ({ namespace, name }: NamedPod): Subject => ({ kind: 'Pod', namespace, name });

/** Arguments for kubectl about the named pod. `target` is its workload as kubectl takes it, else the pod. */
export const podArgs = ({ namespace, name, node, owner }: NamedPod): Record<string, unknown> => ({
  namespace,
  name,
  node: node ?? 'none',
  target: owner === null ? `pod/${name}` : owner.replace(/^[^/]+/, (kind) => kind.toLowerCase()),
});

/** The nameservers that the pod has, as read in it, else as the kubelet must have written them. */
export const nameserversOf = ({ resolvConf, computed }: NamedPod): string[] => (resolvConf ?? computed)?.nameservers ?? [];

const inside = ['exec', 'ephemeral'] as const;

/** Lookups made inside the named pod itself. */
export const insideRows = (lookups: Lookups | undefined): IndexedRow[] =>
  lookups === undefined ? [] : inside.flatMap((how) => rowsOf(lookups, { how }));

/** Lookups that tell how the named pod fares: inside it, or from a twin with its DNS settings. */
export const podRows = (lookups: Lookups | undefined): IndexedRow[] =>
  lookups === undefined ? [] : [...insideRows(lookups), ...rowsOf(lookups, { how: 'twin' })];

const isThroughResolver = ({ row }: { row: LookupRow }): boolean => row.serverKind === 'resolver';

/** Lookups of cluster names as the pod makes them: the known name at its nameserver, or a short one through its resolver. */
export function ownClusterRows(lookups: Lookups | undefined, pod: NamedPod): IndexedRow[] {
  const [first] = nameserversOf(pod);
  const rows = podRows(lookups);
  const direct = rows.filter(({ row }) => row.role === 'internal' && row.server === first && row.serverKind !== 'resolver');
  return [...direct, ...rows.filter((one) => isThroughResolver(one) && one.row.role === 'search')];
}

/** Whether the pod can resolve a name of the cluster: `yes`, `no`, or `unseen` when no lookup and no address tells. */
export function knowsCluster(pod: NamedPod, known: DnsKnown): 'yes' | 'no' | 'unseen' {
  const own = ownClusterRows(known.lookups, pod);
  if (own.some(isResolved)) return 'yes';
  const [first] = nameserversOf(pod);
  const told = first === undefined ? 'unseen' : serving(first, known);
  // a lookup in the pod that failed at an address that is right has other reasons
  if (told === 'own' || told === 'answers') return 'yes';
  return own.length > 0 || told === 'fails' ? 'no' : 'unseen';
}

/** The failed lookups of cluster names from the pod, as proof. */
export const ownProof = (lookups: Lookups | undefined, pod: NamedPod) =>
  proofRows(
    ownClusterRows(lookups, pod).filter((one) => !isResolved(one)),
    2,
  );

/** Where the pod's nameservers stand: in its own resolv.conf, or as computed. */
export const resolvProof = ({ resolvConf, computed }: NamedPod) =>
  resolvConf !== null
    ? [{ reading: 'pod', pointer: '/resolvConf/nameservers' }]
    : computed !== null
      ? [{ reading: 'pod', pointer: '/computed/nameservers' }]
      : [];

/** Lookups of names as the application writes them, through its resolver, that should lead to a Service and found none. */
export const failedShortNames = (lookups: Lookups | undefined, pod: NamedPod): IndexedRow[] =>
  insideRows(lookups)
    .filter((one) => isThroughResolver(one) && (one.row.role === 'search' || one.row.role === 'asked') && !isResolved(one))
    .filter(({ row }) => !row.name.endsWith('.') && serviceOfName(row.name, lookups?.zone ?? 'cluster.local', pod.namespace) !== null);

/** Whether a known name of the cluster, asked absolutely, is answered to the pod. */
export const absoluteWorks = (lookups: Lookups | undefined): boolean =>
  insideRows(lookups).some((one) => one.row.role === 'internal' && !isThroughResolver(one) && isResolved(one));
