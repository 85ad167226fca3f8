import type { NoPlan, Plan, Risk } from '../../domain/plan.ts';
import { asSentence, whyNone } from '../change-words.ts';
import { printable } from '../printable.ts';
import { hanging } from './layout.ts';
import type { Style } from './palette.ts';

/** A remedy in a list. `here`: whether it can be planned in the cluster that was looked at; null: none was. */
export interface ListedRemedy {
  id: string;
  title: string;
  helps: string;
  risk: Risk;
  paramHelp: Readonly<Record<string, string>>;
  here: Plan | NoPlan | null;
}

function hereLines(here: Plan | NoPlan | null, { width, palette }: Style): string[] {
  if (here === null) return [];
  if ('why' in here)
    return hanging(`${whyNone[here.why]}: ${asSentence(here.says)}`, {
      width,
      lead: '  not now  ',
      indent: 4,
      paint: palette.yellow,
      maxLines: 4,
    });
  return hanging(asSentence(here.summary), { width, lead: '  can be done  ', indent: 4, paint: palette.green, maxLines: 4 });
}

function remedyBlock({ id, title, helps, risk, paramHelp, here }: ListedRemedy, style: Style): string[] {
  const { width, palette } = style;
  const paint = risk === 'safe' ? palette.green : palette.yellow;
  return [
    `${palette.bold(printable(id, 80))}  ${paint(risk)}`,
    ...hanging(asSentence(title), { width, lead: '  ' }),
    ...hanging(asSentence(helps), { width, lead: '  ' }).map((line) => palette.dim(line)),
    ...Object.entries(paramHelp).flatMap(([param, says]) =>
      hanging(printable(says, 300), { width, lead: `  ${printable(param, 40)}=  `, indent: 6, paint: palette.cyan }),
    ),
    ...hereLines(here, style),
  ];
}

/** All remedies: what each does, when it helps, its risk, what it takes, and whether it can be planned in a cluster. Ends in a line feed. */
export function remediesText(remedies: readonly ListedRemedy[], style: Style): string {
  if (remedies.length === 0) return 'There are no remedies in this version.\n';
  return `${remedies.map((remedy) => remedyBlock(remedy, style).join('\n')).join('\n\n')}\n`;
}
