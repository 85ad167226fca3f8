import { describe, expect, test } from '@jest/globals';
import { createTroubles } from '../../../src/lab/slack/trouble.ts';
import { seeded } from '../../../src/lab/slack/world/random.ts';

describe('misbehaviour', () => {
  test('there is none unless it is asked for', () => {
    const troubles = createTroubles(seeded(1));
    expect([troubles.fault('chat.update'), troubles.latency(), troubles.copies(), troubles.dropSocketsEveryMs()]).toEqual([
      null,
      0,
      0,
      null,
    ]);
  });

  test('befalls a method, so many times', () => {
    const troubles = createTroubles(seeded(1));
    troubles.set({ faults: [{ do: 'error', method: 'chat.update', times: 2 }] });
    expect(['chat.postMessage', 'chat.update', 'chat.update', 'chat.update'].map((method) => troubles.fault(method)?.do ?? null)).toEqual([
      null,
      'error',
      'error',
      null,
    ]);
  });

  test('befalls several methods by the start of their names', () => {
    const troubles = createTroubles(seeded(1));
    troubles.set({ faults: [{ do: 'lose', method: 'chat.*' }] });
    expect(['chat.update', 'views.open'].map((method) => troubles.fault(method)?.do ?? null)).toEqual(['lose', null]);
  });

  test('left to chance, it is the same for the same seed, and about as often as was said', () => {
    const run = (seed: number) => {
      const troubles = createTroubles(seeded(seed));
      troubles.set({ faults: [{ do: 'reset', probability: 0.3 }] });
      return Array.from({ length: 1_000 }, () => troubles.fault('auth.test') !== null);
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
    const often = run(7).filter(Boolean).length;
    expect(often).toBeGreaterThan(250);
    expect(often).toBeLessThan(350);
  });

  test('is over when it is set to nothing', () => {
    const troubles = createTroubles(seeded(1));
    troubles.set({ faults: [{ do: 'error' }], latencyMs: 5, duplicates: 2, dropSocketsEveryMs: 9 });
    expect([troubles.latency(), troubles.copies(), troubles.dropSocketsEveryMs()]).toEqual([5, 2, 9]);
    troubles.set({});
    expect([troubles.fault('x'), troubles.latency(), troubles.copies(), troubles.dropSocketsEveryMs()]).toEqual([null, 0, 0, null]);
  });

  test('latency lies between its bounds', () => {
    const troubles = createTroubles(seeded(3));
    troubles.set({ latencyMs: [10, 20] });
    const all = Array.from({ length: 200 }, () => troubles.latency());
    expect(Math.min(...all)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...all)).toBeLessThan(20);
    expect(new Set(all).size).toBeGreaterThan(100);
  });
});
