import type { Lookups, LookupRow } from '../../domain/lookups.ts';
import type { Question } from './ask-pod.ts';

/** All shots answered, with NOERROR. */
const isWhole = ({ shots, answered, rcodes }: LookupRow): boolean => shots > 0 && answered === shots && rcodes['NOERROR'] === shots;

const atEndpoints = ({ rows }: Lookups): LookupRow[] =>
  rows.filter(({ serverKind, from }) => serverKind === 'endpoint' && from.how === 'probe');

/** Nodes that probe pods have asked from. */
export const placesIn = ({ sources }: Lookups): string[] => [
  ...new Set(sources.filter(({ how, dnsPolicy }) => how === 'probe' && dnsPolicy === 'ClusterFirst').map(({ node }) => node)),
];

/**
 * What a pod must answer to count as one that serves: its own zone over UDP in any case; the same over TCP, and a name of the world, where one of
 * the pods answered that in the check. What none of them could do before is no reason to stop.
 */
export function questionsFrom(lookups: Lookups): Question[] {
  const rows = atEndpoints(lookups);
  const internal = `kubernetes.default.svc.${lookups.zone.replace(/\.$/, '')}.`;
  const didAnswer = (role: LookupRow['role'], proto: LookupRow['proto']) =>
    rows.find((row) => row.role === role && row.proto === proto && row.type === 'A' && isWhole(row));
  const external = didAnswer('external', 'udp');
  return [
    { name: internal, proto: 'udp' },
    ...(didAnswer('internal', 'tcp') === undefined ? [] : [{ name: internal, proto: 'tcp' } as const]),
    ...(external === undefined ? [] : [{ name: external.name, proto: 'udp' } as const]),
  ];
}

/** Names of the pods that answered every lookup of their own zone over UDP from some node. */
export const answeringPods = (lookups: Lookups): Set<string> =>
  new Set(
    atEndpoints(lookups)
      .filter((row) => row.role === 'internal' && row.proto === 'udp' && isWhole(row))
      .flatMap(({ serverPod }) => serverPod ?? []),
  );

/** Names of the pods that answered nothing over UDP, or nothing over TCP while another pod did. */
export function silentPods(lookups: Lookups): Set<string> {
  const rows = atEndpoints(lookups).filter(({ role, serverPod }) => role === 'internal' && serverPod !== null);
  const over = (proto: LookupRow['proto']) => rows.filter((row) => row.proto === proto);
  const silent = (proto: LookupRow['proto']) => {
    const answered = new Set(over(proto).flatMap((row) => (row.answered > 0 ? [row.serverPod] : [])));
    return answered.size === 0 && proto === 'tcp' ? [] : over(proto).filter(({ serverPod }) => !answered.has(serverPod));
  };
  return new Set([...silent('udp'), ...silent('tcp')].flatMap(({ serverPod }) => serverPod ?? []));
}
