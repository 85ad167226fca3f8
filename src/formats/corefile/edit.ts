import { lex } from './lexer.ts';
import { type ParsedCorefile, parseCorefile } from './parser.ts';

/** Replaces `text.slice(start, end)`; an insertion has `start === end`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The text with all edits, whose offsets are those of the original; the rest stays byte for byte. Throws RangeError when edits overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let kept = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < kept || edit.end < edit.start || edit.end > text.length) throw new RangeError('edits overlap or lie outside the text');
    result += text.slice(kept, edit.start) + edit.text;
    kept = edit.end;
  }
  return result + text.slice(kept);
}

/**
 * The text with lines put in directly after the `{` of a server block, with the indentation of what follows and the file's
 * line ends. `lines` have indentation of their own only relative to each other. Throws RangeError when there is no such server.
 */
export function insertDirective(
  text: string,
  server: number,
  lines: readonly string[],
  parsed: ParsedCorefile = parseCorefile(text),
): string {
  const block = parsed.blocks?.[server];
  const opening = block?.open ?? block?.keyTokens.at(-1);
  if (opening === undefined) throw new RangeError(`the Corefile has no server block ${server}`);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const following = lex(text).find(({ start }) => start >= opening.end);
  const sameLine = following !== undefined && !text.slice(opening.end, following.start).includes('\n');
  const indent = block?.open === null ? '' : indentAfter(text, opening.end, sameLine ? undefined : following?.start);
  const added = lines.map((line) => indent + line).join(lineEnd);
  if (sameLine) return applyEdits(text, [{ start: opening.end, end: following.start, text: `${lineEnd}${added}${lineEnd}${indent}` }]);
  const feed = text.indexOf('\n', opening.end);
  const at = feed === -1 ? text.length : feed + 1;
  return applyEdits(text, [{ start: at, end: at, text: feed === -1 ? lineEnd + added : added + lineEnd }]);
}

/** Indentation of the token at `start`, unless it closes the block; else four spaces more than the block's own. */
function indentAfter(text: string, opening: number, start: number | undefined): string {
  if (start !== undefined && text[start] !== '}') return indentAt(text, start);
  return `${indentAt(text, opening)}    `;
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))?.[0] ?? '';
}

/** The text without the lines `from` to `to`, which count from 1, both included. */
export function removeLines(text: string, from: number, to: number): string {
  const start = startOfLine(text, from);
  return applyEdits(text, [{ start, end: Math.max(start, startOfLine(text, to + 1)), text: '' }]);
}

function startOfLine(text: string, line: number): number {
  let at = 0;
  for (let number = 1; number < line; number += 1) {
    const feed = text.indexOf('\n', at);
    if (feed === -1) return text.length;
    at = feed + 1;
  }
  return at;
}
