import { describe, expect, test } from '@jest/globals';
import { coalesced } from '../../src/queue/coalesced.ts';
import { repeat } from '../../src/queue/repeated.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Something that is done, one at a time, and ends when it is told to. */
function work() {
  const seen = { times: 0, atOnce: 0, most: 0 };
  let end: () => void = () => undefined;
  const what = async () => {
    seen.times += 1;
    seen.atOnce += 1;
    seen.most = Math.max(seen.most, seen.atOnce);
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    seen.atOnce -= 1;
  };
  return { seen, what, end: () => end() };
}

describe('a coalesced write', () => {
  test('is done once for many changes, and again only for new ones', async () => {
    const { seen, what, end } = work();
    const writer = coalesced(what, 10);
    for (let index = 0; index < 100; index += 1) writer.changed();
    await pause(30);
    expect(seen.times).toBe(1);
    writer.changed();
    writer.changed();
    await pause(30);
    expect(seen.times).toBe(1);
    end();
    await pause(30);
    expect(seen).toMatchObject({ times: 2, most: 1 });
    end();
    await pause(30);
    expect(seen.times).toBe(2);
    await writer.stop();
  });

  test('that is stopped is waited for, and is done no more', async () => {
    const { seen, what, end } = work();
    const writer = coalesced(what, 0);
    writer.changed();
    await pause(20);
    writer.changed();
    const stopping = writer.stop().then(() => 'stopped');
    expect(await Promise.race([stopping, pause(20).then(() => 'goes on')])).toBe('goes on');
    end();
    await stopping;
    writer.changed();
    await pause(20);
    expect(seen.times).toBe(1);
  });
});

describe('something that is repeated', () => {
  test('is done one at a time, and at once when it is asked for', async () => {
    const { seen, what, end } = work();
    const again = repeat(what, 60_000);
    await pause(20);
    expect(seen.times).toBe(0);
    again.now();
    again.now();
    await pause(5);
    expect(seen.times).toBe(1);
    end();
    await pause(5);
    expect(seen).toMatchObject({ times: 2, most: 1 });
    end();
    await again.stop();
    again.now();
    expect(seen.times).toBe(2);
  });

  test('goes on by itself', async () => {
    let times = 0;
    const again = repeat(async () => {
      times += 1;
    }, 5);
    await pause(200);
    await again.stop();
    expect(times).toBeGreaterThan(2);
    const before = times;
    await pause(30);
    expect(times).toBe(before);
  });
});
