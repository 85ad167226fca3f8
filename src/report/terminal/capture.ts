import type { CaptureReport } from '../../domain/capture.ts';
import { nextStep } from '../capture-next.ts';
import { verdictSentence } from '../capture-words.ts';
import { pointBlocks } from './capture-points.ts';
import { packetLines, wayLines } from './capture-ways.ts';
import { stepLines } from './command.ts';
import { wrap } from './layout.ts';
import type { Palette, Style } from './palette.ts';

const paints: Readonly<Record<CaptureReport['verdict']['status'], keyof Palette>> = {
  broken: 'red',
  degraded: 'yellow',
  healthy: 'green',
  unknown: 'yellow',
};

const nextLines = (report: CaptureReport, { width, palette }: Style): string[] => {
  const next = nextStep(report);
  return next === '' ? [] : stepLines(next, { width, lead: 'Next: ', paint: palette.cyan });
};

function headLines(report: CaptureReport, { width, palette }: Style): string[] {
  const { status, code } = report.verdict;
  return [`${palette.bold(palette[paints[status]](status.toUpperCase()))}  ${palette.bold(code)}`, ...wrap(verdictSentence(report), width)];
}

/** What captures say beside their verdict: what to do next, each way, the packets that show it, and each capture. */
export function captureBlocks(report: CaptureReport, style: Style): string[][] {
  const hidden =
    report.names === 'redacted' &&
    report.points.some(({ names, clients }) => names.length > 0 || clients.some(({ value }) => value.startsWith('client-')));
  return [
    nextLines(report, style),
    wayLines(report, style),
    packetLines(report, style),
    ...pointBlocks(report.points, style),
    hidden ? [style.palette.dim('Names and clients are pseudonyms: --names shows them.')] : [],
  ];
}

/** What captures say, for the terminal: the verdict first, then each way, the packets that show it, and each capture. Ends in a line feed. */
export function captureText(report: CaptureReport, style: Style): string {
  const [next = [], ...rest] = captureBlocks(report, style);
  return `${[[...headLines(report, style), ...next], ...rest]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
