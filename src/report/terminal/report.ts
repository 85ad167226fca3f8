import { Lookups } from '../../domain/lookups.ts';
import type { Report } from '../../domain/report.ts';
import { printable } from '../printable.ts';
import { count, duration, size } from './amounts.ts';
import { causeBlocks, infoBlock } from './findings.ts';
import { hanging, wrap } from './layout.ts';
import { notLookedAtBlock, ruledOutBlock } from './looked-at.ts';
import { matrixBlock } from './matrix.ts';
import { shortNodes } from './node-names.ts';
import type { Palette, Style } from './palette.ts';
import type { Readings, Telling } from './proof.ts';

const paints: Record<Report['verdict']['status'], keyof Palette> = {
  broken: 'red',
  degraded: 'yellow',
  healthy: 'green',
  unknown: 'yellow',
};

const lookupsOf = (readings: Readings): Lookups | null => {
  const reading = readings['lookups'];
  return reading?.status === 'ok' ? (Lookups.safeParse(reading.data).data ?? null) : null;
};

function head({ verdict, run }: Report, sentence: string, { width, palette }: Style): string[] {
  const causes = verdict.causes.slice(0, 3).join(', ') + (verdict.causes.length > 3 ? ` and ${verdict.causes.length - 3} more` : '');
  const status = palette.bold(palette[paints[verdict.status]](verdict.status.toUpperCase()));
  const first = [status, printable(run.cluster, 253), causes === '' ? '' : palette.bold(causes)].filter((part) => part !== '').join('  ');
  return [first, ...wrap(sentence, width)];
}

/** Where names were asked from: `2 probe pods (node-a, node-b), shop/cart-1 (exec)`. */
function sourcesWords(lookups: Lookups | null, short: (node: string) => string): string {
  const sources = lookups?.sources ?? [];
  const nodes = [...new Set(sources.filter(({ how }) => how === 'probe').map(({ node }) => short(node)))];
  const shown = nodes.length > 3 ? '' : ` on ${nodes.join(', ')}`;
  const probes =
    nodes.length === 0 ? [] : [`${nodes.length === 1 ? 'a probe pod' : 'probe pods'}${shown === '' ? ` on ${nodes.length} nodes` : shown}`];
  const others = sources
    .filter(({ how }) => how !== 'probe')
    .map(({ pod, how, node }) => (how === 'twin' ? `a twin of the pod on ${short(node)}` : `${pod} (${how})`));
  return printable([...probes, ...new Set(others)].join(', '), 300);
}

function closing({ run, cost }: Report, lookups: Lookups | null, { width, palette }: Style, short: (node: string) => string): string[] {
  const from = sourcesWords(lookups, short);
  const asked = from === '' ? 'no name was looked up' : `names asked from ${from}`;
  const text = [duration(run.durationMs), count(cost.apiRequests, 'API request'), size(cost.bytes), asked].join(' · ');
  return hanging(text, { width, lead: '' }).map((line) => palette.dim(line));
}

/**
 * A report for the terminal: the verdict first, each cause with its proof and what to do, what else is worth knowing, what is ruled out, what
 * could not be looked at, the lookups, and what the run cost. Ends in a line feed. Whatever comes from the cluster is made printable.
 */
export function terminalReport(report: Report, readings: Readings, style: Style): string {
  const lookups = lookupsOf(readings);
  const rows = lookups?.rows ?? [];
  const short = shortNodes([
    ...rows.map((row) => row.from.node),
    ...rows.flatMap((row) => row.serverNode ?? []),
    ...(lookups?.sources ?? []).map(({ node }) => node),
  ]);
  const telling: Telling = { readings, startedAt: report.run.startedAt, short };
  const sentence = printable(report.verdict.sentence, 1000);
  const blocks = [
    head(report, sentence, style),
    ...causeBlocks(report.verdict.causes, report.findings, sentence, telling, style),
    infoBlock(report.findings, style),
    ruledOutBlock(report.checks, style),
    notLookedAtBlock(report, readings, style),
    matrixBlock(readings, style),
    closing(report, lookups, style, short),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
