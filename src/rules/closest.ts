const MAX_NAME = 253;

/**
 * "Did you mean": the candidates nearest to a name, nearest first, at most `max`. Only those that a person could have mistyped: at most
 * one edit for each three characters of the name, and never more than three. The name itself is not among them.
 */
export function closest(name: string, candidates: readonly string[], max = 3): string[] {
  const limit = Math.min(3, Math.ceil(name.length / 3));
  return [...new Set(candidates)]
    .filter((candidate) => candidate !== name && Math.abs(candidate.length - name.length) <= limit)
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, max)
    .map(({ candidate }) => candidate);
}

/** Damerau-Levenshtein distance (optimal string alignment): a swap of two neighbours is one edit. Infinite for texts longer than a DNS name. */
export function editDistance(a: string, b: string): number {
  if (a.length > MAX_NAME || b.length > MAX_NAME) return Infinity;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) current.push(cell({ a, b, row, column, before, last, current }));
    before = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

type Cell = { a: string; b: string; row: number; column: number; before: number[]; last: number[]; current: number[] };

function cell({ a, b, row, column, before, last, current }: Cell): number {
  const changed = a[row - 1] === b[column - 1] ? 0 : 1;
  const edited = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + changed);
  const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
  return swapped ? Math.min(edited, at(before, column - 2) + 1) : edited;
}

function at(row: number[], column: number): number {
  return row[column] ?? Infinity;
}
