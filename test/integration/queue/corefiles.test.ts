import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connectRedis } from '../../../src/queue/connect.ts';
import { type Corefiles, openCorefiles } from '../../../src/queue/corefiles.ts';
import { startRedis, type TestRedis } from '../redis.ts';

const DAY = 24 * 3600;
const known = (text: string, seenAt: number) => ({ text, sha512: `hash of ${text}`.slice(0, 40), seenAt });

let server: TestRedis;
let redis: ReturnType<typeof connectRedis>;
let corefiles: Corefiles;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => {
  redis = connectRedis(server.url, 'producer', () => undefined);
  corefiles = openCorefiles({ redis, prefix: 'test', keepSeconds: 60 });
});
afterEach(async () => {
  await redis.flushall();
  redis.disconnect();
});

const texts = async (cluster: string): Promise<string[]> => (await corefiles.list(cluster)).map(({ text }) => text);

describe('Corefiles that worked', () => {
  test('are kept for each cluster, newest first', async () => {
    await corefiles.keep('a', known('one', 1_000));
    await corefiles.keep('a', known('two', 2_000));
    await corefiles.keep('b', known('other', 3_000));
    expect(await corefiles.list('a')).toEqual([known('two', 2_000), known('one', 1_000)]);
    expect([await texts('b'), await texts('c')]).toEqual([['other'], []]);
  });

  test('the same one again is only newer, and never older', async () => {
    for (const [text, at] of [
      ['one', 1_000],
      ['two', 2_000],
      ['one', 3_000],
      ['one', 500],
    ] as const)
      await corefiles.keep('a', known(text, at));
    expect(await corefiles.list('a')).toEqual([known('one', 3_000), known('two', 2_000)]);
  });

  test('ten of a cluster at most: the oldest goes', async () => {
    for (let n = 1; n <= 14; n += 1) await corefiles.keep('a', known(`text ${n}`, n));
    expect(await texts('a')).toEqual(Array.from({ length: 10 }, (_, n) => `text ${14 - n}`));
    const all = await redis.keys('test:corefiles:*');
    expect(
      await Promise.all(all.toSorted().map(async (key) => ((await redis.type(key)) === 'hash' ? redis.hlen(key) : redis.zcard(key)))),
    ).toEqual([10, 10]);
  });

  test.each<[string, string]>([
    ['has something hidden in it', 'route53 [redacted]'],
    ['is longer than 64 KiB', 'x'.repeat(65_537)],
    ['is longer than 64 KiB in bytes', 'ü'.repeat(40_000)],
  ])('one that %s is not kept', async (_what, text) => {
    await corefiles.keep('a', known(text, 1_000));
    expect(await texts('a')).toEqual([]);
  });

  test('go when nobody has seen one for a month', async () => {
    await corefiles.keep('a', known('one', 1_000));
    const left = await Promise.all((await redis.keys('test:corefiles:*')).map((key) => redis.ttl(key)));
    expect(left).toHaveLength(2);
    left.forEach((seconds) => expect(seconds).toBeGreaterThan(29 * DAY));
  });

  test('what somebody else has written there is passed over', async () => {
    await corefiles.keep('a', known('one', 1_000));
    const [hash = ''] = (await redis.keys('test:corefiles:*')).filter((key) => !key.endsWith(':times'));
    await redis.hset(hash, 'x', '{"text": 1}', 'y', '{');
    await redis.zadd(`${hash}:times`, 2_000, 'x', 3_000, 'y', 4_000, 'gone');
    expect(await texts('a')).toEqual(['one']);
  });
});
