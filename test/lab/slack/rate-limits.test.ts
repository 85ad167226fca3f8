import { describe, expect, test } from '@jest/globals';
import { createRateLimits } from '../../../src/lab/slack/rate-limits.ts';
import { SLACK_RATES } from '../../../src/lab/slack/world/settings.ts';

/** Limits with a clock that is moved by hand. */
function limits(rates = {}) {
  const clock = { now: 1_000_000 };
  return { clock, ...createRateLimits({ ...SLACK_RATES, ...rates }, () => clock.now) };
}

describe('the rate limits of the look-alike', () => {
  test('a channel takes a burst, then one message a second', () => {
    const { take, clock } = limits();
    expect([1, 2, 3, 4].map(() => take('chat.postMessage', 'C1'))).toEqual([null, null, null, 1]);
    clock.now += 999;
    expect(take('chat.postMessage', 'C1')).toBe(1);
    clock.now += 1;
    expect([take('chat.postMessage', 'C1'), take('chat.postMessage', 'C1')]).toEqual([null, 1]);
  });

  test('a quiet channel regains its burst and no more', () => {
    const { take, clock } = limits();
    for (let i = 0; i < 3; i += 1) take('chat.postMessage', 'C1');
    clock.now += 60_000;
    expect([1, 2, 3, 4].map(() => take('chat.postMessage', 'C1'))).toEqual([null, null, null, 1]);
  });

  test('one channel does not slow another', () => {
    const { take } = limits({ channelBurst: 1 });
    expect([take('chat.postMessage', 'C1'), take('chat.postMessage', 'C1'), take('chat.postMessage', 'C2')]).toEqual([null, 1, null]);
  });

  test('updates are counted for the whole app, 50 in any minute', () => {
    const { take, clock } = limits();
    for (let i = 0; i < 50; i += 1) {
      expect(take('chat.update', `C${i}`)).toBeNull();
      clock.now += 1_000;
    }
    expect(take('chat.update', 'C99')).toBe(10);
    clock.now += 10_001;
    expect(take('chat.update', 'C99')).toBeNull();
    expect(take('chat.update', 'C99')).toBe(1);
  });

  test('what is refused does not count', () => {
    const { take, clock } = limits({ channelBurst: 1 });
    take('chat.postMessage', 'C1');
    for (let i = 0; i < 100; i += 1) take('chat.postMessage', 'C1');
    clock.now += 1_000;
    expect(take('chat.postMessage', 'C1')).toBeNull();
  });

  test('what has no limit has none, also when it is called like something of every object', () => {
    const { take } = limits();
    expect(Array.from({ length: 500 }, () => take('auth.test', null)).filter((wait) => wait !== null)).toEqual([]);
    expect(take('toString', null)).toBeNull();
  });
});
