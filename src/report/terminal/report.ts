import type { Report } from '../../domain/report.ts';
import { printable } from '../printable.ts';
import { causeBlocks, infoBlock } from './findings.ts';
import { hanging, wrap } from './layout.ts';
import { notLookedAtBlock, ruledOutBlock } from './looked-at.ts';
import { matrixBlock } from './matrix.ts';
import type { Palette, Style } from './palette.ts';
import type { Readings, Telling } from './proof.ts';
import { costWords, tellingOf } from './telling.ts';

const paints: Record<Report['verdict']['status'], keyof Palette> = {
  broken: 'red',
  degraded: 'yellow',
  healthy: 'green',
  unknown: 'yellow',
};

function head({ verdict, run }: Report, sentence: string, { width, palette }: Style): string[] {
  const causes = verdict.causes.slice(0, 3).join(', ') + (verdict.causes.length > 3 ? ` and ${verdict.causes.length - 3} more` : '');
  const status = palette.bold(palette[paints[verdict.status]](verdict.status.toUpperCase()));
  const first = [status, printable(run.cluster, 253), causes === '' ? '' : palette.bold(causes)].filter((part) => part !== '').join('  ');
  return [first, ...wrap(sentence, width)];
}

const closing = (report: Report, telling: Telling, { width, palette }: Style): string[] =>
  hanging(costWords(report, telling), { width, lead: '' }).map((line) => palette.dim(line));

/**
 * A report for the terminal: the verdict first, each cause with its proof and what to do, what else is worth knowing, what is ruled out, what
 * could not be looked at, the lookups, and what the run cost. Ends in a line feed. Whatever comes from the cluster is made printable.
 */
export function terminalReport(report: Report, readings: Readings, style: Style): string {
  const telling = tellingOf(report, readings);
  const sentence = printable(report.verdict.sentence, 1000);
  const blocks = [
    head(report, sentence, style),
    ...causeBlocks(report.verdict.causes, report.findings, sentence, telling, style),
    infoBlock(report.findings, style),
    ruledOutBlock(report.checks, style),
    notLookedAtBlock(report, readings, style),
    matrixBlock(readings, style),
    closing(report, telling, style),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
