import type { PlannedObject } from '../../domain/plan.ts';
import { capital, ownerWords } from '../change-words.ts';
import { printable } from '../printable.ts';
import { stepLines } from './command.ts';
import { hanging } from './layout.ts';
import type { Style } from './palette.ts';

const mostSteps = 10;
const mostDurable = 100;

/** Who would take a change of this object back, and the way that lasts. */
export function ownerLines(planned: PlannedObject, { width, palette }: Style): string[] {
  return ownerWords({ objects: [planned] }).flatMap(({ says, durable }) => [
    ...hanging(says, { width, lead: '  ! ', paint: palette.yellow }),
    ...(durable.length === 0 ? [] : ['    The way that lasts:']),
    ...durable.slice(0, mostDurable).map((line) => `      ${palette.cyan(shownIndented(line))}`),
    ...(durable.length > mostDurable ? [`      and ${durable.length - mostDurable} more lines: see --json`] : []),
  ]);
}

function shownIndented(line: string): string {
  const indent = /^ {0,40}/.exec(line)?.[0] ?? '';
  return `${indent}${printable(line.slice(indent.length), 2000)}`;
}

/** Steps to take, numbered. */
export function nextBlock(next: readonly string[], { width, palette }: Style): string[] {
  if (next.length === 0) return [];
  const steps = [...new Set(next)].slice(0, mostSteps);
  return [
    palette.bold('Next:'),
    ...steps.flatMap((step, index) => stepLines(printable(capital(step), 1500), { width, lead: `  ${index + 1}. `, paint: palette.cyan })),
  ];
}
