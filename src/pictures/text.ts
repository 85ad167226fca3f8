import { glyphWidths } from './glyph-widths.ts';

/** How a text stands: its size in units of the drawing, and whether it is bold. */
export interface Face {
  size: number;
  bold?: boolean;
}

// What hides or turns text: C0, C1, DEL, soft hyphen, direction marks and isolates, zero-width characters, line separators, tags, combining marks.
const hidden =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\uffff\u{e0000}-\u{e007f}\p{M}\s]+/gu;

/** Nothing longer is looked at: no text of a picture shows as much. */
const LONGEST = 2000;

/** One line of what the font can show: hidden characters and white space become a space, every other unknown character a question mark. */
export function clean(text: string): string {
  const bounded = text.slice(0, LONGEST).toWellFormed();
  const plain = bounded.replace(hidden, ' ').trim().replaceAll(/ {2,}/g, ' ');
  return Array.from(plain, (character) => (glyphWidths.regular.has(character) ? character : '?')).join('');
}

/** A text as content or attribute of XML. */
export const escapeXml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The width of a clean text in units of the drawing. */
export function widthOf(text: string, { size, bold = false }: Face): number {
  const widths = bold ? glyphWidths.bold : glyphWidths.regular;
  let sum = 0;
  for (const character of text) sum += widths.get(character) ?? 1000;
  return (sum * size) / 1000;
}

/** The most characters that `fits` agrees to; -1 where not even 0. */
function most(upTo: number, fits: (count: number) => boolean): number {
  let low = -1;
  let high = upTo;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function cutTo(make: (kept: number) => string, length: number, width: number, face: Face): string {
  const kept = most(length, (count) => widthOf(make(count), face) <= width);
  return kept < 0 ? '' : make(kept);
}

/** A clean text that fits, its end given up for an ellipsis. */
export function cutEnd(text: string, width: number, face: Face): string {
  if (widthOf(text, face) <= width) return text;
  return cutTo((kept) => `${text.slice(0, kept).trimEnd()}…`, text.length, width, face);
}

/** A clean text that fits, its middle given up for an ellipsis: the end of a pod's name tells it apart, so it keeps a little more. */
export function cutMiddle(text: string, width: number, face: Face): string {
  if (widthOf(text, face) <= width) return text;
  const made = (kept: number): string => {
    const head = Math.floor(kept * 0.4);
    return `${text.slice(0, head)}…${text.slice(text.length - (kept - head))}`;
  };
  return cutTo(made, text.length - 1, width, face);
}

/** A clean text in at most so many lines that fit; a word that is too long is cut in its middle, the last line ends in an ellipsis when there is more. */
export function wrap(text: string, width: number, lines: number, face: Face): string[] {
  const done: string[] = [];
  const words = text.split(' ').filter((word) => word !== '');
  let line = '';
  for (const [index, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer, face) <= width) line = longer;
    else if (done.length === lines - 1) return [...done, cutEnd([line, ...words.slice(index)].join(' ').trim(), width, face)];
    else {
      if (line !== '') done.push(line);
      line = cutMiddle(word, width, face);
    }
  }
  return line === '' ? done : [...done, line];
}
