/**
 * Safe readers of JSON that is not to be trusted. A path is keys joined by dots ('status.podIP'), or a list of keys where a key has dots itself;
 * '' is the value itself. Only own properties are followed. None of them ever throws; what is not there, or of another type, is null or empty.
 */
export type Path = string | readonly string[];

/** The value at a path, undefined when it is not there. */
export function at(value: unknown, path: Path): unknown {
  let here = value;
  for (const key of keysOf(path)) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

/** The string at a path, else null. */
export function str(value: unknown, path: Path = ''): string | null {
  const found = at(value, path);
  return typeof found === 'string' ? found : null;
}

/** The finite number at a path, else null. A string of digits is no number. */
export function num(value: unknown, path: Path = ''): number | null {
  const found = at(value, path);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** The boolean at a path, else null. */
export function bool(value: unknown, path: Path = ''): boolean | null {
  const found = at(value, path);
  return typeof found === 'boolean' ? found : null;
}

/** The array at a path, else an empty one. */
export function arr(value: unknown, path: Path = ''): unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

/** The object at a path, else an empty one. */
export function obj(value: unknown, path: Path = ''): Record<string, unknown> {
  const found = at(value, path);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Record<string, unknown>) : {};
}

/** The strings of the array at a path; what is no string is left out. */
export function strings(value: unknown, path: Path = ''): string[] {
  return arr(value, path).filter((item): item is string => typeof item === 'string');
}

/** The string values of the object at a path, labels say; values that are no strings are left out. */
export function strMap(value: unknown, path: Path = ''): Record<string, string> {
  const entries = Object.entries(obj(value, path)).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}

function keysOf(path: Path): readonly string[] {
  if (typeof path !== 'string') return path;
  return path === '' ? [] : path.split('.');
}
