import { indentedLine, weightOf } from './escape.ts';

/** How much of a text is shown: lines, and the weight (`weightOf`) of a line and of all of it. */
export interface Bounds {
  mostLines?: number;
  widest?: number;
  heaviest?: number;
}

const linesWords = (count: number): string => (count === 1 ? '1 line' : `${count} lines`);

/** Lines as they may stand in a block of fixed width. What does not fit is cut from the end, and a line of its own says so. */
export function preformatted(lines: readonly string[], { mostLines = 30, widest = 400, heaviest = 2800 }: Bounds = {}): string {
  const shown: string[] = [];
  let weight = 0;
  for (const line of lines.slice(0, mostLines)) {
    const clean = indentedLine(line, widest);
    weight += weightOf(clean) + 1;
    if (weight > heaviest) break;
    shown.push(clean);
  }
  const cut = lines.length - shown.length;
  return [...shown, ...(cut === 0 ? [] : [`… ${linesWords(cut)} cut`])].join('\n').trimEnd();
}

/** A long text in pieces of a block each, parted between lines; at most `mostPieces`. `left`: lines that found no place. */
export function pieces(lines: readonly string[], heaviest: number, mostPieces: number): { pieces: string[][]; left: number } {
  const all: string[][] = [[]];
  let weight = 0;
  let taken = 0;
  for (const line of lines) {
    const own = weightOf(indentedLine(line, heaviest - 1)) + 1;
    if (weight + own > heaviest) {
      if (all.length === mostPieces) break;
      all.push([]);
      weight = 0;
    }
    all.at(-1)?.push(line);
    weight += own;
    taken += 1;
  }
  return { pieces: all.filter((piece) => piece.length > 0), left: lines.length - taken };
}
