import type { LookupRow, Lookups } from '../domain/lookups.ts';
import { isClusterName } from '../rules/names.ts';
import { localRoles, reach, rowsOf } from './lookup-view.ts';

/** A row and its index in the matrix. */
export interface IndexedRow {
  row: LookupRow;
  index: number;
}

const servers = ['cluster-ip', 'endpoint'] as const;
const roles = ['external', 'fresh-external', 'asked'] as const;

/** Whether the server of a row answers local names at the same place over the same protocol: then it is not the way to CoreDNS that fails. */
function isServerReached(lookups: Lookups, { from, server, proto }: LookupRow): boolean {
  const local = rowsOf(lookups, { node: from.node, how: 'probe', server, proto, role: localRoles });
  return reach(local) === 'all';
}

/**
 * Lookups of names of the world through CoreDNS, from our own pods, where CoreDNS itself is well reached. UDP, which CoreDNS also uses upstream
 * then; TCP where UDP was not asked.
 */
export function outsideRows(lookups: Lookups): IndexedRow[] {
  const outside = rowsOf(lookups, { how: 'probe', kind: servers, role: roles }).filter(({ row }) => !isClusterName(row.name, lookups.zone));
  const reached = outside.filter(({ row }) => isServerReached(lookups, row));
  const udp = reached.filter(({ row }) => row.proto === 'udp');
  return udp.length > 0 ? udp : reached;
}

/** The upstream asked directly, without CoreDNS. */
export const directRows = (lookups: Lookups, name?: string): IndexedRow[] =>
  rowsOf(lookups, name === undefined ? { kind: 'upstream' } : { kind: 'upstream', name });

/** Answers that prove that the upstream was reached and works: an address, or that the name does not exist. */
export const resolved = ({ row }: IndexedRow): number => (row.rcodes['NOERROR'] ?? 0) + (row.rcodes['NXDOMAIN'] ?? 0);
export const servfails = ({ row }: IndexedRow): number => row.rcodes['SERVFAIL'] ?? 0;
export const lostShots = ({ row }: IndexedRow): number => row.shots - row.answered;

export const sum = (rows: readonly IndexedRow[], of: (row: IndexedRow) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

/** Rows that no cache can have answered, where there are any; else all. */
export function freshRows(rows: readonly IndexedRow[]): readonly IndexedRow[] {
  const fresh = rows.filter(({ row }) => row.role === 'fresh-external');
  return fresh.length > 0 ? fresh : rows;
}

export const namesOf = (rows: readonly IndexedRow[]): string[] => [...new Set(rows.map(({ row }) => row.name))];
