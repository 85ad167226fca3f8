import type { Owner, PlannedObject } from '../../domain/plan.ts';
import { type EditField, fieldName, type ObjectEdit } from './edit.ts';
import { diffLines, yamlLines } from './lines.ts';

const MOST_LINES = 200;
const LONGEST_LINE = 300;

const clean = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ').slice(0, LONGEST_LINE);
const isTree = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** A field with its whole path, in lines. */
function fieldLines(name: string, value: unknown): string[] {
  if (value === null) return [];
  const [first = '', ...rest] = yamlLines(value);
  return isTree(value) ? [`${name}:`, ...yamlLines(value, '  ')] : [`${name}: ${first}`, ...rest];
}

function changed({ path, before, after }: EditField): string[] {
  const name = fieldName(path);
  return diffLines(fieldLines(name, before), fieldLines(name, after));
}

function diffOf({ how, fields, body }: ObjectEdit): string[] {
  const sign = how === 'create' ? '+' : '-';
  const all = how === 'patch' ? fields.flatMap((field) => changed(field)) : yamlLines(body ?? {}).map((line) => `${sign} ${line}`);
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
