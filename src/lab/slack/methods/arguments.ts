import { invalidArguments, Refusal } from '../world/refusal.ts';
import type { Json } from '../world/world.ts';

/** A method's arguments as they came: strings from a form, values from JSON. */
export type Args = Readonly<Json>;

/** The body of a call, form-encoded as the SDKs send it or as JSON. */
export function parseArguments(contentType: string, body: string, query: string): Args {
  const fromQuery = Object.fromEntries(new URLSearchParams(query));
  if (contentType.startsWith('application/json')) return { ...fromQuery, ...jsonObject(body) };
  if (body !== '' && !contentType.startsWith('application/x-www-form-urlencoded')) throw new Refusal('invalid_post_type');
  return { ...fromQuery, ...Object.fromEntries(new URLSearchParams(body)) };
}

function jsonObject(body: string): Json {
  const value = parsed(body);
  if (!isObject(value)) throw new Refusal('invalid_json');
  return value;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a text in JSON; undefined when it is none. */
export function parsed(words: string): unknown {
  try {
    return JSON.parse(words) as unknown;
  } catch {
    return undefined;
  }
}

/** A value that should be a text, as one. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** A text; null: not given, or empty. */
export function text(args: Args, name: string): string | null {
  const value = args[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A text that must be given. */
export function needed(args: Args, name: string): string {
  const value = text(args, name);
  if (value === null) throw invalidArguments(`missing required field: ${name}`);
  return value;
}

export function flag(args: Args, name: string): boolean {
  return args[name] === true || args[name] === 'true' || args[name] === '1' || args[name] === 1;
}

export function whole(args: Args, name: string, otherwise: number): number {
  const value = Number(args[name] ?? otherwise);
  if (!Number.isInteger(value)) throw invalidArguments(`must be an integer [json-pointer:/${name}]`);
  return value;
}

/** A value with structure, which a form carries as JSON in a string. Undefined: not given. `wrong` is thrown for what is no JSON. */
export function structure(args: Args, name: string, wrong: string): unknown {
  const value = args[name];
  if (value === undefined || value === '' || value === null) return undefined;
  if (typeof value !== 'string') return value;
  const result = parsed(value);
  if (result === undefined) throw new Refusal(wrong);
  return result;
}
