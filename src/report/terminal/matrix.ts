import { Lookups, type LookupRow } from '../../domain/lookups.ts';
import { printable } from '../printable.ts';
import { cut, hanging, pad } from './layout.ts';
import { type From, fromKey, fromsOf, type Nodes, nodesOf, type Server, serverKey, serversOf } from './matrix-axes.ts';
import { type Cell, cellOf, sideOf } from './matrix-cell.ts';
import { otherNames } from './other-names.ts';
import type { Palette, Style } from './palette.ts';
import type { Readings } from './proof.ts';

const mostServers = 14;
/** Of more servers than that, so many are shown if they are well. */
const fewest = 6;
const mostFroms = 6;
/** No table is wider, however wide the terminal is. */
const widest = 100;
/** Columns for the names of servers: as they are where there is room, else with their middle taken out. */
const labelWidths = [32, 20] as const;
const margin = 2;
/** Columns for the name of a place, where its cells need fewer. */
const longestPlace = 26;

const paints: Record<Cell['tone'], (palette: Palette) => (text: string) => string> = {
  good: (palette) => palette.green,
  partial: (palette) => palette.yellow,
  bad: (palette) => palette.red,
  none: (palette) => palette.dim,
};

/** A group of columns with its cells, one row of them for each server. */
interface Group {
  from: From;
  heads: string[];
  cells: Cell[][];
  widths: number[];
  /** Of the whole group: a column is parted from the next by one space, a group by two. */
  width: number;
}

function groupOf(from: From, servers: readonly Server[], rows: readonly LookupRow[]): Group {
  const own = rows.filter((row) => fromKey(row) === from.key);
  const heads = from.columns.map(({ proto, side }) => `${proto} ${side}`);
  const cells = servers.map((server) =>
    from.columns.map(({ proto, side }) =>
      cellOf(own.filter((row) => serverKey(row) === server.key && row.proto === proto && sideOf(row.role) === side)),
    ),
  );
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((line) => line[column]?.text.length ?? 0)));
  const width = Math.max(
    widths.reduce((sum, one) => sum + one + 1, 1),
    Math.min(from.label.length, longestPlace) + 2,
  );
  return { from, heads, cells, widths, width };
}

/** Groups beside each other as far as they fit, the rest below. */
function bandsOf(groups: readonly Group[], room: number): Group[][] {
  const bands: Group[][] = [];
  let left = 0;
  for (const group of groups) {
    const band = bands.at(-1);
    if (band === undefined || group.width > left) {
      bands.push([group]);
      left = room - group.width;
    } else {
      band.push(group);
      left -= group.width;
    }
  }
  return bands;
}

function bandLines(band: readonly Group[], servers: readonly Server[], labelWidth: number, palette: Palette): string[] {
  const left = ' '.repeat(margin + labelWidth + margin);
  const rest = (group: Group): string => ' '.repeat(group.width - group.widths.reduce((sum, width) => sum + width + 1, 0));
  const from = band
    .map((group) => pad(cut(group.from.label, group.width - 2), group.width))
    .join('')
    .trimEnd();
  const heads = band
    .map((group) => group.heads.map((head, column) => pad(head, (group.widths[column] ?? 0) + 1)).join('') + rest(group))
    .join('')
    .trimEnd();
  const cell = ({ text, tone }: Cell, width: number): string => paints[tone](palette)(text) + ' '.repeat(width + 1 - text.length);
  const lines = servers.map((server, index) => {
    const cells = band
      .map((group) => (group.cells[index] ?? []).map((one, column) => cell(one, group.widths[column] ?? 0)).join('') + rest(group))
      .join('');
    return `${' '.repeat(margin)}${pad(server.label, labelWidth)}${' '.repeat(margin)}${cells}`.trimEnd();
  });
  return [`${left}${palette.bold(from)}`, `${left}${palette.dim(heads)}`, ...lines];
}

const isBad = (groups: readonly Group[], index: number): boolean =>
  groups.some((group) => (group.cells[index] ?? []).some(({ tone }) => tone === 'bad' || tone === 'partial'));

/** Of many servers those that are not well go first, and the rest is only counted. */
function fewServers(servers: readonly Server[], froms: readonly From[], rows: readonly LookupRow[]): { shown: Server[]; left: number } {
  if (servers.length <= mostServers) return { shown: [...servers], left: 0 };
  const groups = froms.map((from) => groupOf(from, servers, rows));
  const sick = servers.filter((server, index) => server.kind !== 'endpoint' || isBad(groups, index)).slice(0, mostServers);
  const shown = [...sick, ...servers.filter((server) => !sick.includes(server)).slice(0, Math.max(0, fewest - sick.length))];
  return { shown, left: servers.length - shown.length };
}

/** What the letters and the words at the head of the columns stand for. */
function legend(rows: readonly LookupRow[], nodes: Nodes, table: string, width: number): string[] {
  const names = (side: 'int' | 'ext'): string =>
    printable(
      [
        ...new Set(
          rows
            .filter(
              (row) => sideOf(row.role) === side && !row.name.includes('*') && row.role === (side === 'int' ? 'internal' : 'external'),
            )
            .map((row) => row.name),
        ),
      ]
        .slice(0, 3)
        .join(' '),
      120,
    );
  const sides = [names('int') && `int: ${names('int')}`, names('ext') && `ext: ${names('ext')}`].filter((text) => text !== '');
  const letters = nodes.all
    .filter((node) => table.includes(`(${nodes.letter(node)})`) && !table.includes(`from ${nodes.letter(node)} ${nodes.short(node)}`))
    .map((node) => `${nodes.letter(node)}=${nodes.short(node)}`);
  return [...sides, ...(letters.length === 0 ? [] : [letters.join(', ')])].flatMap((text) =>
    hanging(text, { width, lead: '  ', maxLines: 3 }),
  );
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
  return [...lines, ...more, ...legend(rows, nodes, lines.join('\n'), Math.min(width, widest)).map((line) => palette.dim(line))];
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
