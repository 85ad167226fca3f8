const MOST_LINES = 200;
const LONGEST_LINE = 300;
/** Above so many lines the common part is only looked for at both ends. */
const MOST_COMPARED = 400;
const AROUND = 2;

type Line = readonly [sign: '-' | '+' | ' ', text: string];

/** Lengths of the longest common part of each two ends. */
function lengths(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      table[i]![j] = a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
  return table;
}

function middle(a: readonly string[], b: readonly string[]): Line[] {
  if (a.length > MOST_COMPARED || b.length > MOST_COMPARED)
    return [...a.map((text): Line => ['-', text]), ...b.map((text): Line => ['+', text])];
  const table = lengths(a, b);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push([' ', a[i]!]);
      [i, j] = [i + 1, j + 1];
    } else if (j >= b.length || (i < a.length && table[i + 1]![j]! >= table[i]![j + 1]!)) {
      lines.push(['-', a[i]!]);
      i += 1;
    } else {
      lines.push(['+', b[j]!]);
      j += 1;
    }
  }
  return lines;
}

function compared(a: readonly string[], b: readonly string[]): Line[] {
  const shorter = Math.min(a.length, b.length);
  let [head, tail] = [0, 0];
  while (head < shorter && a[head] === b[head]) head += 1;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const same = (lines: readonly string[]): Line[] => lines.map((text) => [' ', text]);
  return [
    ...same(a.slice(0, head)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ];
}

/** What is the same is only shown next to what is not. */
const isNear = (lines: readonly Line[], at: number): boolean =>
  lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(([sign]) => sign !== ' ');

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
const shown = (text: string): string =>
  text
    .replaceAll('\t', '    ')
    .replaceAll('\r', '')
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, LONGEST_LINE);

/** How two texts differ, in lines that begin with `- `, `+ ` or two spaces; bounded. */
export function textDiff(before: string, after: string): string[] {
  const lines = compared(linesOf(before), linesOf(after));
  const near = lines.filter((_, at) => isNear(lines, at)).map(([sign, text]) => `${sign} ${shown(text)}`);
  return near.length > MOST_LINES ? [...near.slice(0, MOST_LINES), `  ... ${near.length - MOST_LINES} more lines`] : near;
}
