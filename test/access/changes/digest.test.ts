import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planDigest } from '../../../src/access/changes/digest.ts';
import { plan } from './orders.ts';

const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((entry) => turned(entry));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, turned(inner)]),
  );
};

describe('the digest of a plan', () => {
  test('is the SHA-256 of its JSON with sorted keys', () => {
    const { data: _data, ...rest } = plan();
    const text = JSON.stringify(Object.fromEntries(Object.entries({ ...rest, data: 1 }).toSorted(([a], [b]) => (a < b ? -1 : 1))));
    const ordered = text.replace('{"withinMs":1000,"why":"pods start"}', '{"why":"pods start","withinMs":1000}');
    expect(planDigest(plan({ data: 1 }))).toBe(createHash('sha256').update(ordered).digest('hex'));
  });

  test('is the same after it was kept anywhere, in whatever order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (data, params) => {
        const planned = plan({ data, params });
        const digest = planDigest(planned);
        expect(planDigest(JSON.parse(JSON.stringify(planned)))).toBe(digest);
        expect(planDigest(turned(JSON.parse(JSON.stringify(planned))) as typeof planned)).toBe(digest);
      }),
    );
  });

  test('leaves out what is undefined', () => {
    expect(planDigest(plan({ data: { a: 1, b: undefined } }))).toBe(planDigest(plan({ data: { a: 1 } })));
  });

  test.each([
    ['another parameter', { params: { replicas: 3 } }],
    ['another cluster', { cluster: 'cluster-b' }],
    ['another risk', { risk: 'safe' as const }],
    ['other data deep within', { data: { hash: 'y' } }],
    ['pods in another order', { data: [2, 1] }],
    ['pods in an order', { data: [1, 2] }],
    ['a number that was a text', { data: '1' }],
    ['a text that was a number', { data: 1 }],
  ])('is another one for %s', (_what, change) => {
    expect(planDigest(plan(change))).not.toBe(planDigest(plan()));
    expect(planDigest(plan(change))).toMatch(/^[0-9a-f]{64}$/);
  });

  test('tells apart lists in another order, and texts from numbers', () => {
    const digests = [[1, 2], [2, 1], '1', 1, [1], null, {}, []].map((data) => planDigest(plan({ data })));
    expect(new Set(digests).size).toBe(8);
  });
});
