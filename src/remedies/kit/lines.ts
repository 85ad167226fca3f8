const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;
const word = (value: unknown): string => (typeof value === 'string' && /^[A-Za-z][\w./-]*$/.test(value) ? value : JSON.stringify(value));

function lines(value: unknown, indent: string): string[] {
  if (!isTree(value)) return [`${indent}${word(value)}`];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
    const head = isList ? `${indent}-` : `${indent}${key}:`;
    if (!isTree(one) || Object.keys(one).length === 0) return [`${head} ${word(one)}`];
    const [first = '', ...rest] = lines(one, `${indent}  `);
    return isList ? [`${head} ${first.trimStart()}`, ...rest] : [head, first, ...rest];
  });
}

/** A value of JSON in lines as YAML writes it. */
export const yamlLines = (value: unknown, indent = ''): string[] => (value === null || value === undefined ? [] : lines(value, indent));

/** More lines than that on a side are not compared one by one. */
const MOST_COMPARED = 300;

/** The length of the longest common part of what follows `before[i]` and `after[j]`, for each of both. */
function commonAfter(before: readonly string[], after: readonly string[]): number[][] {
  const table = Array.from({ length: before.length + 1 }, () => Array.from({ length: after.length + 1 }, () => 0));
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      (table[i] as number[])[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return table;
}

/** The lines of both, each beginning with `- `, `+ ` or two spaces: the fewest that differ. */
export function diffLines(before: readonly string[], after: readonly string[]): string[] {
  const [isLong] = [before.length > MOST_COMPARED || after.length > MOST_COMPARED];
  if (isLong) return [...before.map((line) => `- ${line}`), ...after.map((line) => `+ ${line}`)];
  const common = commonAfter(before, after);
  const out: string[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && before[i] === after[j]) {
      out.push(`  ${before[i]}`);
      [i, j] = [i + 1, j + 1];
    } else if (i < before.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0)) {
      out.push(`- ${before[i]}`);
      i += 1;
    } else if (j < after.length) {
      out.push(`+ ${after[j]}`);
      j += 1;
    } else {
      out.push(`- ${before[i]}`);
      i += 1;
    }
  }
  return out;
}
