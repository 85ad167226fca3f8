import type { LookupRow, Lookups } from '../domain/lookups.ts';

/**
 * How well a group of lookups came through: all (but for noise), some, none; `unseen`: too few were tried to say.
 * An answer with any rcode counts: this is about reaching a server, not about what it says.
 */
export type Reach = 'all' | 'some' | 'none' | 'unseen';

/** Which rows to look at; what is not named does not matter. */
export interface RowFilter {
  node?: string;
  how?: LookupRow['from']['how'];
  server?: string;
  kind?: LookupRow['serverKind'] | readonly LookupRow['serverKind'][];
  proto?: LookupRow['proto'];
  role?: LookupRow['role'] | readonly LookupRow['role'][];
  name?: string;
}

/** Roles that CoreDNS answers by itself, without its upstream. */
export const localRoles = ['internal', 'fresh'] as const;
/** Roles that need the upstream. */
export const upstreamRoles = ['external', 'fresh-external'] as const;

const oneOf = <T>(value: T, wanted: T | readonly T[] | undefined): boolean =>
  wanted === undefined || (Array.isArray(wanted) ? wanted.includes(value) : wanted === value);

/** The rows that fit, with their index in `lookups.rows` for a proof pointer (`/rows/INDEX`). */
export function rowsOf(lookups: Lookups, filter: RowFilter): { row: LookupRow; index: number }[] {
  return lookups.rows
    .map((row, index) => ({ row, index }))
    .filter(
      ({ row }) =>
        oneOf(row.from.node, filter.node) &&
        oneOf(row.from.how, filter.how) &&
        oneOf(row.server, filter.server) &&
        oneOf(row.serverKind, filter.kind) &&
        oneOf(row.proto, filter.proto) &&
        oneOf(row.role, filter.role) &&
        oneOf(row.name, filter.name),
    );
}

/** Shots and answers of rows together. */
export function tally(rows: readonly { row: LookupRow }[]): { shots: number; answered: number } {
  return {
    shots: rows.reduce((sum, { row }) => sum + row.shots, 0),
    answered: rows.reduce((sum, { row }) => sum + row.answered, 0),
  };
}

/**
 * Reach of rows together. One or two lost packets in many are noise (UDP promises nothing); fewer than two shots say nothing when lost.
 */
export function reach(rows: readonly { row: LookupRow }[]): Reach {
  const { shots, answered } = tally(rows);
  if (shots === 0) return 'unseen';
  if (answered === 0) return shots >= 2 ? 'none' : 'unseen';
  const lost = shots - answered;
  return lost === 0 || (lost <= 2 && lost / shots < 0.1) ? 'all' : 'some';
}

/** Reach of what fits the filter. */
export const reachOf = (lookups: Lookups, filter: RowFilter): Reach => reach(rowsOf(lookups, filter));

/** Nodes that were asked from by our own pods, in the order asked. */
export const askingNodes = (lookups: Lookups): string[] => [
  ...new Set(lookups.rows.filter((row) => row.from.how === 'probe').map((row) => row.from.node)),
];

/** A CoreDNS address that was asked directly, with what reached it. Only rows of our own probe pods count, and only names that need no upstream. */
export interface EndpointView {
  address: string;
  pod: string | null;
  node: string | null;
  from: { node: string; sameNode: boolean | null; udp: Reach; tcp: Reach }[];
}

/** Each CoreDNS address as seen from each node. */
export function endpointViews(lookups: Lookups): EndpointView[] {
  const addresses = [...new Set(rowsOf(lookups, { kind: 'endpoint', how: 'probe' }).map(({ row }) => row.server))];
  return addresses.map((address) => {
    const any = rowsOf(lookups, { kind: 'endpoint', how: 'probe', server: address })[0]?.row;
    const node = any?.serverNode ?? null;
    const from = askingNodes(lookups).map((asking) => {
      const seen = (proto: 'udp' | 'tcp') =>
        reachOf(lookups, { kind: 'endpoint', how: 'probe', server: address, node: asking, proto, role: localRoles });
      return { node: asking, sameNode: node === null ? null : node === asking, udp: seen('udp'), tcp: seen('tcp') };
    });
    return { address, pod: any?.serverPod ?? null, node, from };
  });
}

/** The Service's address as seen from each node, for names that need no upstream. */
export function clusterIpViews(lookups: Lookups): { node: string; udp: Reach; tcp: Reach; refused: boolean }[] {
  return askingNodes(lookups).map((node) => {
    const rows = (proto: 'udp' | 'tcp') => rowsOf(lookups, { kind: 'cluster-ip', how: 'probe', node, proto, role: localRoles });
    const refused = rows('udp').some(({ row }) => row.failure === 'refused');
    return { node, udp: reach(rows('udp')), tcp: reach(rows('tcp')), refused };
  });
}

/** Answers of the rows by rcode, summed. */
export function rcodesOf(rows: readonly { row: LookupRow }[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { row } of rows) for (const [rcode, count] of Object.entries(row.rcodes)) sum[rcode] = (sum[rcode] ?? 0) + count;
  return sum;
}

/** Pointers to rows as proof; the most telling first, at most `max`. */
export const proofRows = (rows: readonly { index: number }[], max = 4): { reading: string; pointer: string }[] =>
  rows.slice(0, max).map(({ index }) => ({ reading: 'lookups', pointer: `/rows/${index}` }));
