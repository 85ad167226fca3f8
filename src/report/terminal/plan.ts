import type { NoPlan, Plan, PlannedObject } from '../../domain/plan.ts';
import { asSentence, objectLine, onlyLooks, riskWords, span, whyNone } from '../change-words.ts';
import { printable } from '../printable.ts';
import { paintedDiff } from './diff-line.ts';
import { hanging, wrap } from './layout.ts';
import type { Style } from './palette.ts';
import { nextBlock, ownerLines } from './what-next.ts';

export { actResultText } from './act-result.ts';

const longText = 2000;
const mostLines = 40;

/** Paragraphs without the empty ones, parted by empty lines; ends in a line feed. */
export const paragraphs = (blocks: readonly (readonly string[])[]): string =>
  `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;

const params = (given: Plan['params']): string => {
  const all = Object.entries(given).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return all.length === 0 ? '' : `  ${printable(all.join(' '), 300)}`;
};

function headBlock({ remedy, cluster, summary, helps, params: given }: Plan, { width, palette }: Style): string[] {
  return [
    `${palette.bold(printable(remedy, 80))}  ${printable(cluster, 253)}${palette.dim(params(given))}`,
    ...wrap(asSentence(summary), width),
    ...(helps === null ? [] : hanging(asSentence(helps), { width, lead: '', maxLines: mostLines })),
  ];
}

function objectBlock(planned: PlannedObject, style: Style): string[] {
  const { width, palette } = style;
  return [
    ...hanging(objectLine(planned), { width, lead: '' }).map((line) => palette.bold(line)),
    // whole, and not wrapped: this is what is approved
    ...planned.diff.map((line) => `  ${paintedDiff(line, palette)}`),
    ...ownerLines(planned, style),
  ];
}

function podBlock({ pods }: Plan, { palette }: Style): string[] {
  if (pods.length === 0) return [];
  const lines = pods.map(
    ({ namespace, name, node }, at) => `  ${at + 1}. ${printable(`${namespace}/${name}${node === null ? '' : ` on ${node}`}`, 400)}`,
  );
  return [palette.bold('Pods, one after the other in this order'), ...lines];
}

function warningBlock({ warnings }: Plan, { width, palette }: Style): string[] {
  if (warnings.length === 0) return [];
  return [palette.bold(palette.yellow('Mind')), ...warnings.flatMap((one) => hanging(asSentence(one), { width, lead: '  · ' }))];
}

function termsBlock({ risk, undo, endsAfterMs, proves, effect }: Plan, { width, palette }: Style): string[] {
  const row = (lead: string, text: string): string[] =>
    hanging(printable(text, longText), { width, lead: lead.padEnd(7), paint: palette.bold });
  const what = proves.length === 0 ? 'the cluster is looked at before and after' : `${proves.join(', ')}: looked at before and after`;
  return [
    ...row('Risk', riskWords[risk]),
    ...row('Undo', undo === null ? 'none, and none is needed' : asSentence(undo)),
    ...(endsAfterMs === null ? [] : row('Ends', `by itself after ${span(endsAfterMs)}`)),
    ...(onlyLooks({ proves, effect })
      ? []
      : row('Proof', `${what}; waited for up to ${span(effect.withinMs)}${effect.why === '' ? '' : `: ${effect.why}`}`)),
  ];
}

/**
 * A plan for the terminal: what will be done to what, all of its lines, the pods in order, who would take it back, the risk, the undo, and
 * what proves it. Nothing of the diff is left out. Ends in a line feed.
 */
export const planText = (plan: Plan, style: Style): string =>
  paragraphs([
    headBlock(plan, style),
    ...plan.objects.map((planned) => objectBlock(planned, style)),
    podBlock(plan, style),
    warningBlock(plan, style),
    termsBlock(plan, style),
  ]);

/** Why there is no plan, what to do instead, and the rights that are missing. Ends in a line feed. */
export function noPlanText({ remedy, why, says, next, offers, allow }: NoPlan, style: Style): string {
  const { width, palette } = style;
  const instead = [...new Set(offers.map(({ id }) => printable(id, 80)))];
  return paragraphs([
    [
      `${palette.bold(printable(remedy, 80))}  ${palette.yellow(`no plan: ${whyNone[why]}`)}`,
      ...hanging(asSentence(says), { width, lead: '', maxLines: mostLines }),
      'Nothing was changed.',
    ],
    nextBlock(next, style),
    instead.length === 0 ? [] : hanging(instead.join(', '), { width, lead: 'Remedies that come first or instead: ', indent: 2 }),
    allow.length === 0 ? [] : [palette.bold('RBAC rules that are missing'), ...allow.map((rule) => `  ${printable(rule, 1000)}`)],
  ]);
}
