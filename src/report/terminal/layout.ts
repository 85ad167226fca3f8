const ascii = /^[\u0020-\u007e]*$/;
const combining = /^\p{M}$/u;
// East Asian wide and fullwidth characters and emoji (Unicode's EastAsianWidth.txt, in coarse ranges).
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

const widthOf = (character: string): number => (combining.test(character) ? 0 : wide.test(character) ? 2 : 1);

/** How many columns of a terminal a text without colours takes. */
export const columns = (text: string): number =>
  ascii.test(text) ? text.length : Array.from(text).reduce((sum, character) => sum + widthOf(character), 0);

/** A text filled up with spaces to so many columns. */
export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columns(text)));

/** The beginning of a text that fits in so many columns, and the rest. At least one character is taken. */
function split(text: string, width: number): [string, string] {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > width && end > 0) break;
    end += character.length;
  }
  return [text.slice(0, end), text.slice(end)];
}

/** A text cut at so many columns; an ellipsis stands for what is gone. */
export const cut = (text: string, width: number): string => (columns(text) <= width ? text : `${split(text, width - 1)[0]}…`);

/** A text with its middle taken out, for names whose end tells them apart. */
export function cutMiddle(text: string, width: number): string {
  if (text.length <= width) return text;
  const tail = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** Words in lines of so many columns, the first of `first` columns; a word that is longer is broken. There is always a line. */
export function wrap(text: string, width: number, first = width): string[] {
  const lines: string[] = [];
  const room = (): number => Math.max(10, lines.length === 0 ? first : width);
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && columns(line) + 1 + columns(rest) > room()) {
      lines.push(line);
      line = '';
    }
    while (columns(rest) > room()) {
      const [head, tail] = split(rest, room());
      lines.push(head);
      rest = tail;
    }
    line = line === '' ? rest : `${line} ${rest}`;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** How a paragraph stands: `lead` before its first line (painted by `paint`), spaces of the same width before the others. */
export interface Hang {
  width: number;
  lead: string;
  /** Columns before the other lines; by default the lead's. */
  indent?: number;
  paint?: (lead: string) => string;
  /** At most so many lines; the last ends in an ellipsis when there are more. */
  maxLines?: number;
}

/** A paragraph with a hanging indent. */
export function hanging(text: string, { width, lead, indent = columns(lead), paint = (same) => same, maxLines = 12 }: Hang): string[] {
  // what cannot be shown need not be wrapped
  const room = text.slice(0, (maxLines + 1) * width * 4);
  const all = wrap(room, width - indent, width - Math.max(indent, columns(lead)));
  const lines = all.length <= maxLines ? all : [...all.slice(0, maxLines - 1), cut(`${all[maxLines - 1] ?? ''} …`, width - indent)];
  return lines.map((line, index) => (index === 0 ? `${paint(pad(lead, indent))}${line}` : `${' '.repeat(indent)}${line}`));
}
