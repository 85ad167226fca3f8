/** How many columns of a terminal a text takes: wide signs take two, and marks on others none. */
export function columns(words: string): number {
  let width = 0;
  for (const char of words) width += charColumns(char.codePointAt(0) ?? 0);
  return width;
}

function charColumns(code: number): number {
  if (code === 0xfe0f || (code >= 0x300 && code <= 0x36f) || code === 0x200b || code === 0x200d) return 0;
  const wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3);
  const emoji = code >= 0x1f300 || [0x2705, 0x274c, 0x26d4, 0x2753, 0x23f3, 0x231b, 0x26aa].includes(code);
  return wide || emoji ? 2 : 1;
}

/** Lines of at most so many columns, broken between words; a word that is longer stands alone. */
export function wrap(words: string, width: number): string[] {
  return words.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  if (columns(line) <= width) return [line];
  const lead = /^\s*(?:[•–-]\s+)?/.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = '';
  for (const word of line.slice(lead.length).split(/ +/)) {
    const start = lines.length === 0 ? lead : ' '.repeat(lead.length);
    const longer = current === '' ? start + word : `${current} ${word}`;
    if (current !== '' && columns(longer) > width) {
      lines.push(current);
      current = ' '.repeat(lead.length) + word;
    } else {
      current = longer;
    }
  }
  return [...lines, current];
}

/** All lines moved to the right, the first with a mark of its own. */
export function indent(lines: readonly string[], rest: string, first: string = rest): string[] {
  return lines.map((line, index) => `${index === 0 ? first : rest}${line}`.trimEnd());
}

export function padded(words: string, width: number, align: 'left' | 'right' = 'left'): string {
  const room = ' '.repeat(Math.max(0, width - columns(words)));
  return align === 'left' ? words + room : room + words;
}
