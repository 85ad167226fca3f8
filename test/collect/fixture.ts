import { readFileSync } from 'node:fs';

/** A recording from a real cluster, as JSON. */
export function fixture(name: string): any {
  return JSON.parse(fixtureText(name));
}

/** A recording from a real cluster, as text. */
export function fixtureText(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

/** A reading that went well, for `have`. */
export function ok<T>(id: string, data: T): { id: string; status: 'ok'; data: T; durationMs: number } {
  return { id, status: 'ok', data, durationMs: 1 };
}
