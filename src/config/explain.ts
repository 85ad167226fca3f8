import type { z } from 'zod';

const LONGEST_VALUE = 80;
const MOST_PROBLEMS = 20;

/** `clusters.cluster-a.probe.tolerations[0]`; a key that is not a plain word stands in quotes. */
function dotted(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[\w-]+$/.test(String(key)) ? `.${String(key)}` : `.${JSON.stringify(String(key))}`;
  });
  return parts.join('').replace(/^\./, '');
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), data);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function linesOf(issue: z.core.$ZodIssue, data: unknown): string[] {
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => `${dotted([...issue.path, key])}: ${messages[index]}`);
  }
  if (issue.code === 'invalid_key') return [`${dotted(issue.path)}: ${issue.issues[0]?.message ?? issue.message}`];
  const where = issue.path.length > 0 ? `${dotted(issue.path)}: ` : '';
  return [`${where}${shown(valueAt(data, issue.path))}: ${issue.message}`];
}

/** The problems of a file, a line for each: the file, the dotted path of the key, the value, and what is allowed there. */
export function explain(file: string, error: z.ZodError, data: unknown): string {
  const lines = error.issues.flatMap((issue) => linesOf(issue, data)).map((line) => `${file}: ${line}`);
  const more = lines.length - MOST_PROBLEMS;
  return [...lines.slice(0, MOST_PROBLEMS), ...(more > 0 ? [`${file}: and ${more} more`] : [])].join('\n');
}
