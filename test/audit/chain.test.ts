import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { headOf, NOTHING_BEFORE, restartEntry, sealed, verifyLines } from '../../src/audit/chain.ts';
import { chain, entry } from './entries.ts';

/** Every way to one value within a line. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...path, key]));
}

function changed(value: unknown, [key, ...rest]: string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  return Object.assign(copy, { [key]: changed((value as Record<string, unknown>)[key], rest, to) });
}

describe('a chain', () => {
  test('that nobody touched is whole, however long', () => {
    expect(verifyLines([])).toEqual({ ok: true, lines: 0, head: null, restarts: [] });
    const lines = chain(20);
    expect(lines[0]).toMatchObject({ seq: 1, previous: NOTHING_BEFORE });
    expect(verifyLines(lines)).toEqual({ ok: true, lines: 20, head: headOf(lines[19]!), restarts: [] });
    expect(verifyLines(JSON.parse(JSON.stringify(lines)), headOf(lines[7]!))).toMatchObject({ ok: true });
  });

  test('is broken by any change of any value, wherever it is', () => {
    const lines = chain(4);
    for (const [index, line] of lines.entries())
      for (const path of pathsOf(line))
        for (const to of ['z', 7, null, undefined, ['z']]) {
          const other = lines.with(index, changed(line, path, to) as never);
          expect([index, path, to, verifyLines(other).ok]).toEqual([index, path, to, false]);
        }
  });

  test('is broken by what is added to a line', () => {
    const lines = chain(3);
    for (const more of [{ also: 1 }, { actor: { ...lines[1]!.actor, also: 1 } }, { details: { ...lines[1]!.details, also: 'x' } }])
      expect(verifyLines(lines.with(1, { ...lines[1]!, ...more }))).toMatchObject({ ok: false, at: 2 });
  });

  test('is broken by any gap, any repetition, any other order and any line that is none', () => {
    const lines = chain(6);
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 8 }), (order) => {
        const isBeginning = order.every((place, index) => place === index);
        expect(verifyLines(order.map((place) => lines[place])).ok).toBe(isBeginning);
      }),
      { examples: [[[0, 1, 2, 3, 4, 5]], [[1, 2]], [[0, 2]], [[0, 0]]] },
    );
    fc.assert(
      fc.property(fc.nat(5), fc.anything(), (place, value) => {
        expect(verifyLines([...lines.slice(0, place), value, ...lines.slice(place + 1)])).toMatchObject({ ok: false, at: place + 1 });
      }),
    );
  });

  test('whose line was changed and hashed anew is broken at the next', () => {
    const lines = chain(3);
    const { hash: _hash, ...second } = lines[1]!;
    const forged = sealed(headOf(lines[0]!), { ...second, cluster: 'b' });
    expect(verifyLines([lines[0], forged, lines[2]])).toMatchObject({ ok: false, at: 3 });
  });

  test('that is cut off or was written anew is found by a head that is known', () => {
    const lines = chain(5);
    const known = headOf(lines[4]!);
    expect(verifyLines(lines.slice(0, 3), known)).toEqual({
      ok: false,
      at: 4,
      says: 'the chain ends with line 3, but line 5 is known to have been written',
    });
    expect(verifyLines([], known)).toMatchObject({ ok: false, at: 1 });
    expect(verifyLines(chain(6), { seq: 5, hash: '1'.repeat(64) })).toMatchObject({ ok: false, at: 5 });
  });

  test('that was begun again says what was lost, also to one who knows it', () => {
    const lost = headOf(chain(5)[4]!);
    const first = sealed(null, restartEntry(lost, 'it was gone', 9));
    const lines = [first, sealed(headOf(first), entry())];
    expect(verifyLines(lines)).toMatchObject({ ok: true, lines: 2, restarts: [lost] });
    expect(verifyLines(lines, lost)).toMatchObject({ ok: false, at: 5, says: expect.stringContaining('begun again') });
  });
});

describe('a line', () => {
  test('has the hash of its text in canonical form, which any tool can make', () => {
    expect(sealed(null, entry()).hash).toBe('c1b608ee7c2ea557cd56c50608447e95b8cc75d2131f8526d5458ec95f0014aa');
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: 'ä' })).toBe('{"a":"ä","b":[{"d":1}]}');
  });

  test('is bounded', () => {
    const details = { reason: 'x'.repeat(5000), causes: Array.from({ length: 500 }, () => 'y'.repeat(5000)) };
    expect(JSON.stringify(sealed(null, entry({ details }))).length).toBeLessThan(110_000);
    expect(() => sealed(null, { ...entry(), action: 'danced' as never })).toThrow(/invalid/i);
  });

  test('is the same text however its keys are ordered', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
