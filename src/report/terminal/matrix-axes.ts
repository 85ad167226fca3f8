import type { LookupRow } from '../../domain/lookups.ts';
import { printable } from '../printable.ts';
import { cutMiddle } from './layout.ts';
import { sideOf } from './matrix-cell.ts';
import { nodeLetters, shortNodes } from './node-names.ts';

const kindOrder: readonly LookupRow['serverKind'][] = ['cluster-ip', 'node-local', 'nameserver', 'resolver', 'endpoint', 'upstream'];

/** A row of the matrix: a DNS server. */
export interface Server {
  key: string;
  kind: LookupRow['serverKind'];
  label: string;
}

/** A group of columns: a place that was asked from, and what was asked there. */
export interface From {
  key: string;
  label: string;
  columns: { proto: 'udp' | 'tcp'; side: 'int' | 'ext' }[];
}

export const serverKey = ({ serverKind, server, port, serverPod }: LookupRow): string =>
  JSON.stringify([serverKind, server, port, serverPod]);
export const fromKey = ({ from }: LookupRow): string => JSON.stringify(from.how === 'probe' ? [from.how, from.node] : [from.how, from.pod]);

/** The first row of each key, in order. */
const firsts = (rows: readonly LookupRow[], key: (row: LookupRow) => string): LookupRow[] =>
  [...new Map(rows.toReversed().map((row) => [key(row), row])).values()].toReversed();

/** The nodes of a matrix: a letter for each, short names, and what stands for a letter. */
export interface Nodes {
  letter: (node: string | null) => string;
  short: (node: string) => string;
  all: string[];
}

export function nodesOf(rows: readonly LookupRow[]): Nodes {
  const all = [...new Set([...rows.map((row) => row.from.node), ...rows.flatMap((row) => row.serverNode ?? [])])].filter(
    (node) => node !== '',
  );
  const letters = nodeLetters(all);
  const short = shortNodes(all);
  return { all, short: (node) => printable(short(node), 60), letter: (node) => (node === null ? '' : (letters.get(node) ?? '')) };
}

function serverLabel({ serverKind, server, port, serverPod, serverNode }: LookupRow, nodes: Nodes, longest: number): string {
  const address = port === 53 ? server : `${server}:${port}`;
  if (serverKind === 'resolver') return "the pod's own resolver";
  if (serverKind !== 'endpoint')
    return cutMiddle(printable(`${serverKind === 'cluster-ip' ? 'Service' : serverKind} ${address}`, 80), longest);
  const letter = nodes.letter(serverNode);
  const behind = letter === '' ? '' : ` (${letter})`;
  return `${cutMiddle(printable(serverPod ?? address, 260), longest - behind.length)}${behind}`;
}

/** The servers that were asked, the Service first, CoreDNS pods by name, upstreams last; labels of at most `longest` columns. */
export function serversOf(rows: readonly LookupRow[], nodes: Nodes, longest: number): Server[] {
  const servers = firsts(rows, serverKey).map((row) => ({
    key: serverKey(row),
    kind: row.serverKind,
    label: serverLabel(row, nodes, longest),
  }));
  const rank = (server: Server): number => kindOrder.indexOf(server.kind);
  return servers.toSorted((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1));
}

function columnsOf(rows: readonly LookupRow[]): From['columns'] {
  const all = (['udp', 'tcp'] as const).flatMap((proto) => (['int', 'ext'] as const).map((side) => ({ proto, side })));
  return all.filter(({ proto, side }) => rows.some((row) => row.proto === proto && sideOf(row.role) === side));
}

function fromLabel({ from }: LookupRow, nodes: Nodes): string {
  const node = `${nodes.letter(from.node)} ${nodes.short(from.node)}`.trim();
  return from.how === 'probe' ? `from ${node}` : `from ${cutMiddle(printable(from.pod.split('/').at(-1) ?? from.pod, 260), 21)}`;
}

/** The places that were asked from: the pod of the complaint first. */
export function fromsOf(rows: readonly LookupRow[], nodes: Nodes): From[] {
  const places = firsts(rows, fromKey).toSorted(
    (a, b) =>
      Number(a.from.how === 'probe') - Number(b.from.how === 'probe') || (nodes.letter(a.from.node) < nodes.letter(b.from.node) ? -1 : 1),
  );
  return places.map((place) => ({
    key: fromKey(place),
    label: fromLabel(place, nodes),
    columns: columnsOf(rows.filter((row) => fromKey(row) === fromKey(place))),
  }));
}
