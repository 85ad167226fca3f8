import type { Bundle, Report } from '../domain/report.ts';
import { terminalReport } from '../report/terminal/report.ts';
import { paletteFor } from './colours.ts';

/** A stream that is printed to: a terminal says how wide it is. */
export type Output = Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean | undefined; columns?: number | undefined };

const narrowest = 80;
const widest = 120;
const usual = 100;

/** The width to print in: the terminal's, within reason. */
export const widthOf = ({ columns = usual }: Pick<Output, 'columns'>): number => Math.min(widest, Math.max(narrowest, columns));

/** Prints a report for people. Colours only on a terminal (see colours.ts). */
export function printReport(report: Report, bundle: Bundle, stream: Output): void {
  stream.write(terminalReport(report, bundle.readings, { width: widthOf(stream), palette: paletteFor(stream) }));
}

/** JSON with the control characters that `JSON.stringify` lets through (C1, DEL) escaped too: a terminal obeys some of them. */
export const jsonText = (value: unknown): string =>
  // oxlint-disable-next-line no-control-regex
  JSON.stringify(value).replace(/[\u007f-\u009f]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
