import type { CheckInfo, Wording } from '../../domain/check.ts';
import { grouped } from '../check-groups.ts';
import { stepLines } from './command.ts';
import { columns, hanging } from './layout.ts';
import type { Style } from './palette.ts';

/** A check with what it reads: `requires` it cannot do without, `uses` it judges better with. */
export type DescribedCheck = CheckInfo & { requires: readonly string[]; uses: readonly string[] };

/** The wordings of a check, with the names of its variants; the only one of most checks has none. */
export function wordingsOf({ wording }: Pick<CheckInfo, 'wording'>): { variant: string | null; wording: Wording }[] {
  if (Array.isArray(wording['next'])) return [{ variant: null, wording: wording as Wording }];
  return Object.entries(wording as Readonly<Record<string, Wording>>).map(([variant, one]) => ({ variant, wording: one }));
}

/** A template with its arguments as a person reads them: `{pods}` becomes `<pods>`. */
export const placeholders = (template: string): string => template.replace(/\{(\w+)\}/g, '<$1>');

const readsOf = ({ requires, uses }: DescribedCheck): string => [...requires, ...uses.map((id) => `(${id})`)].join(', ');

/** Every check in a table, by part of cluster DNS. */
export function checksTable(checks: readonly DescribedCheck[], { width, palette }: Style): string {
  const indent = 2 + Math.max(0, ...checks.map(({ id }) => columns(id))) + 2;
  const blocks = grouped(checks).map(({ group, checks: own }) => [
    palette.bold(`${group.name}${group.about === '' ? '' : `: ${group.about}`}`),
    ...own.flatMap((check) => [
      ...hanging(check.title, { width, lead: `  ${check.id}`, indent, paint: palette.cyan }),
      ...hanging(`reads ${readsOf(check)}`, { width, lead: '    ' }).map((line) => palette.dim(line)),
    ]),
  ]);
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n\nReadings in brackets sharpen a check; it can do without them. More of each: dns-medic explain CODE\n`;
}

function wordingLines({ variant, wording }: ReturnType<typeof wordingsOf>[number], { width, palette }: Style): string[] {
  const heading = variant === null ? 'When it is found' : `When it is found (${variant})`;
  const steps = wording.next.flatMap((step, index) =>
    stepLines(placeholders(step), { width, lead: `  ${index + 1}. `, paint: palette.cyan }),
  );
  return [palette.bold(heading), ...hanging(placeholders(wording.found), { width, lead: '  ' }), ...steps];
}

/** All that there is to say about a check. */
export function explainCheck(check: DescribedCheck, style: Style): string {
  const { width, palette } = style;
  const list = (title: string, ids: readonly string[]): string[] =>
    ids.length === 0 ? [] : [palette.bold(title), ...hanging(ids.join(', '), { width, lead: '  ' })];
  const blocks = [
    [palette.bold(check.id), ...hanging(`Well: ${check.title}`, { width, lead: '' })],
    [palette.bold('Why it matters'), ...hanging(check.why, { width, lead: '  ' })],
    ...wordingsOf(check).map((wording) => wordingLines(wording, style)),
    list('Explains, when found beside it', check.explains),
    list('Is judged on', check.requires),
    list('Judges better with', check.uses),
    [palette.bold('More'), `  ${check.docs}`],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
