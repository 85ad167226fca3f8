import type { EditField } from './edit.ts';

/** What a field is in an object: its value, null where it is not there, and its place as a JSON pointer, with how much of it is there. */
export interface Standing {
  value: unknown;
  /** Parts of the pointer that are there, with lists' indices. */
  there: string[];
  /** Parts that are missing; empty: the field is there. */
  missing: string[];
}

type Value = EditField['after'];

const ELEMENT = /^\[([A-Za-z]+)=(.+)\]$/;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function stepInto(value: unknown, part: string): { key: string; value: unknown } | null {
  const element = ELEMENT.exec(part);
  if (element !== null) {
    const [, field, wanted] = element;
    const index = Array.isArray(value) ? value.findIndex((one) => isObject(one) && one[field as string] === wanted) : -1;
    return index < 0 ? null : { key: String(index), value: (value as unknown[])[index] };
  }
  return isObject(value) && Object.hasOwn(value, part) ? { key: part, value: value[part] } : null;
}

/** Finds a field in an object. */
export function standing(object: unknown, path: readonly string[]): Standing {
  const there: string[] = [];
  let value = object;
  for (const [index, part] of path.entries()) {
    const step = stepInto(value, part);
    if (step === null) return { value: null, there, missing: path.slice(index) };
    there.push(step.key);
    value = step.value;
  }
  return { value: value ?? null, there, missing: [] };
}

/** Whether two values of JSON are the same, whatever the order of their keys. Null and "not there" are the same. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((item, i) => isSame(item, other[i]));
  if (!isObject(one) || !isObject(other)) return (one ?? null) === (other ?? null);
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => isSame(one[key], other[key]));
}

/** Whether a value has all that another one says; the API server adds defaults of its own. Lists must be as long. */
export function has(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return Array.isArray(value) && value.length === wanted.length && wanted.every((item, i) => has(value[i], item));
  return isObject(wanted)
    ? Object.entries(wanted).every(([key, one]) => has(isObject(value) ? value[key] : null, one))
    : isSame(value, wanted);
}

/**
 * The change of a field to a value, as the object stands. Where its parents are missing too, the first of them is what changes: taken back, nothing
 * of it is left.
 */
export function changeOf(object: unknown, path: readonly string[], after: Value): EditField {
  const { value, missing } = standing(object, path);
  if (missing.length < 2) return { path: [...path], before: value, after };
  const at = path.length - missing.length + 1;
  const whole = path.slice(at).reduceRight<Value>((inner, part) => ({ [part]: inner }), after);
  return { path: path.slice(0, at), before: null, after: whole };
}

const REDACTED = '[redacted]';

/** Whether a value holds what the port hides in what it reads (cluster/prune.ts): written back, it would destroy the real value. */
export const isHidden = (value: unknown): boolean => JSON.stringify(value ?? null).includes(REDACTED);

const pointer = (parts: readonly string[]): string => parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/**
 * The JSON patch operation that gives a field its value; null where nothing is to be done, undefined where it cannot be: the element of a list that
 * it is in is not there. Parents that are missing are made.
 */
export function operation(object: unknown, { path, after }: EditField): object | null | undefined {
  const { there, missing } = standing(object, path);
  if (after === null) return missing.length > 0 ? null : { op: 'remove', path: pointer(there) };
  // `add` replaces what is there, and does not mind where it is not: a number that is 0 is left out in some answers
  if (missing.length === 0) return { op: ELEMENT.test(path.at(-1) ?? '') ? 'replace' : 'add', path: pointer(there), value: after };
  if (missing.some((part) => ELEMENT.test(part))) return undefined;
  const [first = '', ...rest] = missing;
  const value = rest.reduceRight<unknown>((inner, part) => ({ [part]: inner }), after);
  return { op: 'add', path: pointer([...there, first]), value };
}
