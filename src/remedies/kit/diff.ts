import type { Owner, PlannedObject } from '../../domain/plan.ts';
import type { ObjectEdit } from './edit.ts';

const MOST_LINES = 200;
const LONGEST_LINE = 300;

const clean = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ').slice(0, LONGEST_LINE);
const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;
const word = (value: unknown): string => (typeof value === 'string' && /^[\w./-]+$/.test(value) ? value : JSON.stringify(value));

function lines(value: unknown, indent: string): string[] {
  if (!isTree(value)) return [`${indent}${word(value)}`];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
    const head = isList ? `${indent}-` : `${indent}${key}:`;
    if (isTree(one) && Object.keys(one).length > 0) {
      const [first = '', ...rest] = lines(one, `${indent}  `);
      return isList ? [`${head} ${first.trimStart()}`, ...rest] : [head, first, ...rest];
    }
    return [`${head} ${word(one)}`];
  });
}

/** A value in lines as YAML writes it. */
export const yamlLines = (value: unknown): string[] => lines(value, '');

function changed(path: readonly string[], sign: '-' | '+', value: unknown): string[] {
  if (value === null) return [];
  const name = path.join('.');
  return isTree(value) ? [`${sign} ${name}:`, ...lines(value, '  ').map((line) => `${sign} ${line}`)] : [`${sign} ${name}: ${word(value)}`];
}

function diffOf({ how, fields, body }: ObjectEdit): string[] {
  const all =
    how === 'patch'
      ? fields.flatMap(({ path, before, after }) => [...changed(path, '-', before), ...changed(path, '+', after)])
      : yamlLines(body ?? {}).map((line) => `${how === 'create' ? '+' : '-'} ${line}`);
  const shown = all.slice(0, MOST_LINES).map(clean);
  return all.length > MOST_LINES ? [...shown, `  ... ${all.length - MOST_LINES} more lines`] : shown;
}

const DOES = { patch: 'change', create: 'create', delete: 'delete' } as const;

/** An edit as people see it before they approve it. */
export const plannedObject = (edit: ObjectEdit, owner: Owner | null = null): PlannedObject => ({
  object: edit.object,
  does: DOES[edit.how],
  diff: diffOf(edit),
  owner,
});
