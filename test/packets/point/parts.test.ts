import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Frequent } from '../../../src/packets/point/frequent.ts';
import { Latencies } from '../../../src/packets/point/latencies.ts';
import { Sample } from '../../../src/packets/point/sample.ts';

describe('latencies', () => {
  test('have quantiles within two percent of the true ones', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 }), (values) => {
        const latencies = new Latencies();
        for (const value of values) latencies.add(value);
        const sorted = values.toSorted((a, b) => a - b);
        const result = latencies.result();
        for (const [share, told] of [
          [0.5, result?.p50Ms],
          [0.95, result?.p95Ms],
          [0.99, result?.p99Ms],
        ] as const) {
          const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
          expect(Math.abs((told ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.0201);
        }
        expect(result?.maxMs).toBe(sorted.at(-1));
      }),
    );
  });

  test.each([0, -5, 1e12])('take %d too', (value) => {
    const latencies = new Latencies();
    latencies.add(value);
    expect(latencies.result()?.count).toBe(1);
  });
});

describe('the most frequent', () => {
  const count = (texts: readonly string[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    return counts;
  };

  test('are exact while there is room, and bounded truly when there is not', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }).map(String), { maxLength: 300 }), (texts) => {
        const frequent = new Frequent(8);
        for (const text of texts) frequent.add(text);
        const exact = count(texts);
        for (const { value, count: told, error } of frequent.top(8)) {
          expect(told).toBeGreaterThanOrEqual(exact.get(value) ?? 0);
          expect(told - error).toBeLessThanOrEqual(exact.get(value) ?? 0);
          expect(exact.size <= 8 ? error : 0).toBe(0);
        }
      }),
    );
  });

  test('keep one that is asked for all the time among many that are not', () => {
    const frequent = new Frequent(100);
    for (let i = 0; i < 100_000; i++) frequent.add(i % 10 === 0 ? 'hot' : `n${i}`);
    expect(frequent.top(1)).toMatchObject([{ value: 'hot', count: 10_000, error: 0 }]);
  });
});

describe('a sample', () => {
  const one = (hash: number, marked = false) => ({ hash, marked });

  test('keeps in two captures the same, up to the lower bound, and all that are marked', () => {
    const [small, big] = [new Sample<ReturnType<typeof one>>(({ hash }) => hash), new Sample<ReturnType<typeof one>>(({ hash }) => hash)];
    const hashOf = (i: number): number => Math.imul(i, 0x9e37_79b1) >>> 0;
    for (let i = 0; i < 100_000; i++) big.add(one(hashOf(i)));
    for (let i = 0; i < 1000; i++) small.add(one(hashOf(i)));
    for (let i = 0; i < 100; i++) big.add(one(0xffff_ffff, true));
    expect(big.bound).toBeLessThan(small.bound);
    const kept = new Set(big.kept().map(({ hash }) => hash));
    expect(small.kept().filter(({ hash }) => hash < big.bound && !kept.has(hash))).toEqual([]);
    expect(big.kept().filter(({ marked }) => marked).length).toBe(100);
    expect(big.kept().length).toBeGreaterThan(8000);
  });

  test('of queries that are all alike is none rather than a part', () => {
    const sample = new Sample<ReturnType<typeof one>>(({ hash }) => hash);
    for (let i = 0; i < 40_000; i++) sample.add(one(0));
    expect(sample).toMatchObject({ bound: 0 });
    expect(sample.kept()).toEqual([]);
  });
});
