import { clearLine, cursorTo, type Interface } from 'node:readline';
import { printable } from '../../report/printable.ts';
import type { Palette } from '../../report/terminal/palette.ts';
import type { Line } from './feed.ts';

type Output = NodeJS.WriteStream | (NodeJS.WritableStream & { isTTY?: boolean; columns?: number });

/** Where the demo prints. Nothing that a terminal would obey gets through. */
export interface Terminal {
  say(lines: readonly (Line | string)[]): void;
  /** From now on somebody types there too, and what is printed goes above their line; null: no more. */
  shareWith(prompt: Interface | null): void;
  width: number;
}

const longestLine = 2_000;
const [least, most] = [60, 100];

/** A line with its margin kept, and without what a terminal would obey. */
export function harmless(text: string): string {
  const margin = /^ */.exec(text)?.[0] ?? '';
  return (margin + printable(text.slice(margin.length), longestLine)).trimEnd();
}

export function createTerminal(out: Output, palette: Palette): Terminal {
  let prompt: Interface | null = null;
  const paint = (line: Line | string): string => {
    const { text, quiet } = typeof line === 'string' ? { text: line, quiet: false } : line;
    return quiet ? palette.dim(harmless(text)) : harmless(text);
  };
  return {
    width: Math.min(most, Math.max(least, out.columns || most)),
    shareWith: (other) => (prompt = other),
    say(lines) {
      if (lines.length === 0) return;
      if (prompt?.terminal === true) {
        cursorTo(out, 0);
        clearLine(out, 0);
      }
      out.write(`${lines.map(paint).join('\n')}\n`);
      if (prompt?.terminal === true) prompt.prompt(true);
    },
  };
}
