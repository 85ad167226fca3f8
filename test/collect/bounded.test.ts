import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { allFailed, bounded, values } from '../../src/collect/bounded.ts';

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('bounded work', () => {
  test('gives outcomes in the order of the items, never more at once than allowed', async () => {
    let running = 0;
    let most = 0;
    const outcomes = await bounded([9, 1, 5, 2, 7], 2, async (ms) => {
      most = Math.max(most, (running += 1));
      await later(ms);
      running -= 1;
      return ms;
    });
    expect(values(outcomes)).toEqual([9, 1, 5, 2, 7]);
    expect(most).toBe(2);
  });

  test('what rejects becomes a Failure, and the rest goes on', async () => {
    const outcomes = await bounded([1, 2], 1, async (item) => {
      if (item === 1) throw new TypeError('boom');
      return item;
    });
    expect(outcomes).toEqual([{ failure: expect.any(Failure) }, { value: 2 }]);
    expect(allFailed(outcomes)).toBeNull();
  });

  test('when all failed, a refusal is told first', () => {
    const failures = ['timeout', 'forbidden'].map((reason) => ({ failure: new Failure(reason as 'timeout', reason) }));
    expect(allFailed(failures)?.reason).toBe('forbidden');
    expect(allFailed([])).toBeNull();
  });
});
