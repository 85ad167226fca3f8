import { printable } from '../printable.ts';
import type { Palette } from './palette.ts';

/** What a terminal shows of a line: far more than a line of a Corefile or of YAML has. */
const longest = 10_000;
const tab = '    ';

/** A line of a diff with its indentation, and nothing in it that a terminal would obey. */
export function shownDiff(line: string): string {
  const spaced = line.replaceAll('\t', tab);
  const indent = /^[-+]? */.exec(spaced)?.[0] ?? '';
  return `${indent}${printable(spaced.slice(indent.length), longest)}`;
}

/** The same in colour: what comes is green, what goes is red. */
export function paintedDiff(line: string, palette: Palette): string {
  const shown = shownDiff(line);
  if (shown.startsWith('+')) return palette.green(shown);
  return shown.startsWith('-') ? palette.red(shown) : shown;
}
