import type { Figure } from './part.ts';

const verdict = ({ met }: Figure): string => (met === null ? '' : met ? 'met' : 'MISSED');

/** Figures below each other, with the target beside each that has one. Ends in a newline. */
export function tableOf(title: string, figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [figure.what, figure.measured, figure.target ?? '', verdict(figure)] as const);
  const wide = (column: 0 | 1 | 2, head: string): number => Math.max(head.length, ...rows.map((row) => row[column].length));
  const [what, measured, target] = [wide(0, title), wide(1, 'measured'), wide(2, 'target')];
  const line = (row: readonly [string, string, string, string]): string =>
    `${row[0].padEnd(what)}  ${row[1].padStart(measured)}  ${row[2].padStart(target)}  ${row[3]}`.trimEnd();
  return `${[line([title, 'measured', 'target', '']), ...rows.map(line)].join('\n')}\n`;
}
