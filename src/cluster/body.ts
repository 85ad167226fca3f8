import type { Readable } from 'node:stream';
import { Failure } from '../base/failure.ts';
import { FirstBytes, type LastBytes } from './bounded-bytes.ts';
import type { Json } from './port.ts';
import type { WireAnswer } from './transport.ts';

export const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;

/** Called with the size of each piece that arrives. */
export type CountBytes = (bytes: number) => void;

/** The beginning of a body; a longer one is cut and its connection given up. */
export async function readFirst(body: Readable, maxBytes: number, count: CountBytes): Promise<FirstBytes> {
  const kept = new FirstBytes(maxBytes);
  for await (const piece of body as AsyncIterable<Buffer>) {
    count(piece.length);
    if (!kept.push(piece)) break;
  }
  body.destroy();
  return kept;
}

/** Reads the whole body and keeps its end. */
export async function readLast(body: Readable, kept: LastBytes, count: CountBytes): Promise<void> {
  for await (const piece of body as AsyncIterable<Buffer>) {
    count(piece.length);
    kept.push(piece);
  }
}

/** A body that must be one JSON object of at most `maxBytes`; else a Failure. */
export async function readJson(answer: WireAnswer, maxBytes: number, what: string, count: CountBytes): Promise<Json> {
  if ((answer.contentLength ?? 0) > maxBytes) {
    answer.body.destroy();
    throw tooLong(what, maxBytes);
  }
  const bytes = await readFirst(answer.body, maxBytes, count);
  if (bytes.truncated) throw tooLong(what, maxBytes);
  return parseJson(bytes.text(), what);
}

function parseJson(text: string, what: string): Json {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // said below
  }
  throw new Failure('error', `the answer to ${what} is not a JSON object: is there a proxy in between, or another server?`);
}

function tooLong(what: string, maxBytes: number): Failure {
  return new Failure('error', `the answer to ${what} is longer than ${Math.floor(maxBytes / 1024)} KiB and was not read`);
}
