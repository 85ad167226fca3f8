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
