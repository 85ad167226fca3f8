import { Lookups, type LookupRow } from '../../domain/lookups.ts';
import { type From, fromsOf, type Nodes, nodesOf, type Server, serversOf } from './matrix-axes.ts';
import { bandLines, bandsOf, type Group, groupOf, isBad, margin } from './matrix-bands.ts';
import { sideOf } from './matrix-cell.ts';
import { legend } from './matrix-legend.ts';
import { otherNames } from './other-names.ts';
import type { Style } from './palette.ts';
import type { Readings } from './proof.ts';

const mostServers = 14;
/** Of more servers than that, so many are shown if they are well. */
const fewest = 6;
const mostFroms = 6;
/** No table is wider, however wide the terminal is. */
const widest = 100;
/** Columns for the names of servers: as they are where there is room, else with their middle taken out. */
const labelWidths = [32, 20] as const;

/** Of many servers those that are not well go first, and the rest is only counted. */
function fewServers(servers: readonly Server[], froms: readonly From[], rows: readonly LookupRow[]): { shown: Server[]; left: number } {
  if (servers.length <= mostServers) return { shown: [...servers], left: 0 };
  const groups = froms.map((from) => groupOf(from, servers, rows));
  const sick = servers.filter((server, index) => server.kind !== 'endpoint' || isBad(groups, index)).slice(0, mostServers);
  const shown = [...sick, ...servers.filter((server) => !sick.includes(server)).slice(0, Math.max(0, fewest - sick.length))];
  return { shown, left: servers.length - shown.length };
}

/** The servers with labels of at most so many columns, and the groups of columns in bands that fit. */
function layOut(
  rows: readonly LookupRow[],
  nodes: Nodes,
  longest: number,
  width: number,
): { shown: Server[]; left: number; labelWidth: number; bands: Group[][] } {
  const froms = fromsOf(rows, nodes);
  const { shown, left } = fewServers(serversOf(rows, nodes, longest), froms, rows);
  const labelWidth = Math.max(0, ...shown.map((server) => server.label.length));
  const groups = froms.slice(0, mostFroms).map((from) => groupOf(from, shown, rows));
  // the last column needs no space behind it
  const room = Math.min(width, widest) - margin - labelWidth - margin + 2;
  return { shown, left, labelWidth, bands: bandsOf(groups, room) };
}

function table(rows: readonly LookupRow[], { width, palette }: Style): string[] {
  const nodes = nodesOf(rows);
  const layouts = labelWidths.map((longest) => layOut(rows, nodes, longest, width));
  const [roomy, tight] = layouts;
  if (roomy === undefined || tight === undefined) return [];
  const { shown, left, labelWidth, bands } = tight.bands.length < roomy.bands.length ? tight : roomy;
  const lines = bands.flatMap((band) => bandLines(band, shown, labelWidth, palette));
  const places = fromsOf(rows, nodes).length - mostFroms;
  const more = [...(left > 0 ? [`  and ${left} more servers`] : []), ...(places > 0 ? [`  and from ${places} more places`] : [])];
  return [...lines, ...more, ...legend(rows, nodes, lines.join('\n'), { width: Math.min(width, widest), palette })];
}

/** The lookup matrix: servers down, places and protocols across. Empty when nothing was looked up. */
export function matrixBlock(readings: Readings, style: Style): string[] {
  const reading = readings['lookups'];
  const lookups = reading?.status === 'ok' ? Lookups.safeParse(reading.data) : null;
  if (lookups?.success !== true || lookups.data.rows.length === 0) return [];
  const plain = lookups.data.rows.filter((row) => sideOf(row.role) !== null);
  const others = otherNames(
    lookups.data.rows.filter((row) => sideOf(row.role) === null),
    style.width,
  );
  return [style.palette.bold('Lookups'), ...(plain.length === 0 ? [] : table(plain, style)), ...others];
}
