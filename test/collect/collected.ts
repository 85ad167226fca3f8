import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import type { Json } from '../../src/cluster/port.ts';
import type { CollectContext, Collector } from '../../src/collect/collector.ts';
import { type ReadingData, type ReadingId, schemas } from '../../src/domain/evidence.ts';
import type { Reading } from '../../src/domain/reading.ts';

/** What a healthy two-node cluster holds, recorded from a real one and trimmed. */
export const recorded = JSON.parse(readFileSync(new URL('./fixtures/cluster.json', import.meta.url), 'utf8')) as Record<string, Json[]>;

/** A collector's data, which must fit its schema, with no key that is not in it. */
export async function collected<K extends ReadingId>(collector: Collector<K>, context: CollectContext): Promise<ReadingData[K]> {
  const data = await collector.collect(context);
  const schema = schemas[collector.id] as unknown as { parse(value: unknown): unknown };
  // parsing leaves out what the schema does not have
  expect(schema.parse(data)).toEqual(data);
  return data;
}

/** The Failure that a collector ends with; anything else that it throws is thrown on. */
export async function failed(collector: Collector, context: CollectContext): Promise<Failure> {
  try {
    await collector.collect(context);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error(`${collector.id} did not fail`);
}

/** A reading that went well. */
export function ok<T>(id: string, data: T): Reading<T> {
  return { id, status: 'ok', data, durationMs: 1 };
}

/** A reading that did not. */
export function failure<T>(id: string, reason: Failure['reason'], message: string): Reading<T> {
  return { id, status: 'failed', reason, message, durationMs: 1 };
}

/** A copy of an object of the recorded cluster with something changed. */
export function changed(path: string, change: (object: Json) => void, index = 0): Json {
  const copy = structuredClone(recorded[path]?.[index] ?? {});
  change(copy);
  return copy;
}
