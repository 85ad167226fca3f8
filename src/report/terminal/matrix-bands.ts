import type { LookupRow } from '../../domain/lookups.ts';
import { cut, pad } from './layout.ts';
import { type From, fromKey, type Server, serverKey } from './matrix-axes.ts';
import { type Cell, cellOf, sideOf } from './matrix-cell.ts';
import type { Palette } from './palette.ts';

/** Spaces before and behind the names of servers. */
export const margin = 2;
/** Columns for the name of a place, where its cells need fewer. */
const longestPlace = 26;

const paints: Record<Cell['tone'], (palette: Palette) => (text: string) => string> = {
  good: (palette) => palette.green,
  partial: (palette) => palette.yellow,
  bad: (palette) => palette.red,
  none: (palette) => palette.dim,
};

/** A group of columns with its cells, one row of them for each server. */
export interface Group {
  from: From;
  heads: string[];
  cells: Cell[][];
  widths: number[];
  /** Of the whole group: a column is parted from the next by one space, a group by two. */
  width: number;
}

/** The cells of one place for these servers. */
export function groupOf(from: From, servers: readonly Server[], rows: readonly LookupRow[]): Group {
  const own = Map.groupBy(
    rows.filter((row) => fromKey(row) === from.key),
    serverKey,
  );
  const heads = from.columns.map(({ proto, side }) => `${proto} ${side}`);
  const cells = servers.map((server) =>
    from.columns.map(({ proto, side }) =>
      cellOf((own.get(server.key) ?? []).filter((row) => row.proto === proto && sideOf(row.role) === side)),
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
export function bandsOf(groups: readonly Group[], room: number): Group[][] {
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

/** A band as lines: places, what was asked there, and a line for each server. */
export function bandLines(band: readonly Group[], servers: readonly Server[], labelWidth: number, palette: Palette): string[] {
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

/** Whether the server at this index is not well anywhere. */
export const isBad = (groups: readonly Group[], index: number): boolean =>
  groups.some((group) => (group.cells[index] ?? []).some(({ tone }) => tone === 'bad' || tone === 'partial'));
