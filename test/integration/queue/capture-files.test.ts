import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { cipherOf } from '../../../src/access/cipher.ts';
import { type CaptureFiles, type CaptureFilesOptions, openCaptureFiles } from '../../../src/queue/capture-files.ts';
import { connectRedis, endRedis } from '../../../src/queue/connect.ts';
import type { TestRedis } from '../redis.ts';
import { type Opened, pause, PREFIX } from './fixture.ts';
import { onRedis } from './on-redis.ts';

const SECRET = 's'.repeat(32);
const CHANGE = '0123456789abcdef0123456789abcdef';
const KEY = `${PREFIX}:capture:${CHANGE}`;
const HOUR_MS = 3_600_000;
const NAME = 's1-kube-system_coredns-7c.pcap';
const packets = Buffer.from('A shop.example.com. from 10.0.1.7 '.repeat(20_000));

let server: TestRedis;
let at: Opened;
onRedis((now) => ({ server, at } = now));

const openAs = (secret: string | string[], more: Partial<CaptureFilesOptions> = {}): CaptureFiles => {
  const redis = connectRedis(server.url, 'producer', () => undefined);
  at.closing(() => endRedis(redis));
  return openCaptureFiles({ redis, prefix: PREFIX, cipher: cipherOf(secret), ...more });
};

/** Keeps files as a capture does; `end`: whether the worker lives on until it has said which there are. */
async function keep(files: CaptureFiles, given: Record<string, Buffer>, { change = CHANGE, end = true } = {}) {
  const keeping = files.keep(change);
  for (const [name, bytes] of Object.entries(given)) {
    const file = keeping.file(name);
    for (let from = 0; from < bytes.length; from += 50_000) file.write(bytes.subarray(from, from + 50_000));
    file.close(true);
  }
  return end ? keeping.end() : [];
}
const names = async (files: CaptureFiles, change = CHANGE): Promise<string[]> => (await files.list(change)).map(({ name }) => name);

describe('files of a capture in Redis', () => {
  test('come to another process byte for byte, for an hour', async () => {
    const noise = randomBytes(600_000);
    expect(await keep(openAs(SECRET), { [NAME]: packets, 'n1-node-a.pcap': noise })).toEqual([
      { name: NAME, bytes: packets.length, why: null },
      { name: 'n1-node-a.pcap', bytes: 600_000, why: null },
    ]);
    const bot = openAs(['n'.repeat(32), SECRET]);
    expect(await bot.list(CHANGE)).toEqual([
      { name: NAME, bytes: packets.length },
      { name: 'n1-node-a.pcap', bytes: 600_000 },
    ]);
    expect((await bot.read(CHANGE, NAME))?.equals(packets)).toBe(true);
    expect((await bot.read(CHANGE, 'n1-node-a.pcap'))?.equals(noise)).toBe(true);
    expect(await bot.read(CHANGE, 'other.pcap')).toBeNull();
    const left = await at.redis.pttl(KEY);
    expect(left).toBeLessThanOrEqual(HOUR_MS);
    expect(left).toBeGreaterThan(HOUR_MS - 60_000);
    expect(await at.redis.keys('*')).toEqual([KEY]);
  });

  test('cannot be read by whoever can read Redis, nor with another secret', async () => {
    await keep(openAs(SECRET), { [NAME]: packets });
    const stored = await at.redis.hgetallBuffer(KEY);
    const all = Buffer.concat(Object.entries(stored).flatMap(([field, value]) => [Buffer.from(field), value])).toString('latin1');
    expect(Object.keys(stored).length).toBeGreaterThan(2);
    for (const word of ['shop', '10.0.1', 'coredns', 'pcap']) expect(all).not.toContain(word);
    const other = openAs('o'.repeat(32));
    expect([await other.list(CHANGE), await other.read(CHANGE, NAME)]).toEqual([[], null]);
  });

  test('are gone when their time is over', async () => {
    const files = openAs(SECRET, { keepMs: 150 });
    await keep(files, { [NAME]: packets });
    expect(await names(files)).toEqual([NAME]);
    await pause(250);
    expect([await names(files), await files.read(CHANGE, NAME), await at.redis.exists(KEY)]).toEqual([[], null, 0]);
  });

  test('of a worker that died in between are none, and expire', async () => {
    const files = openAs(SECRET);
    await keep(files, { [NAME]: packets }, { end: false });
    while ((await at.redis.hlen(KEY)) < 3) await pause(10);
    expect([await names(files), await files.read(CHANGE, NAME)]).toEqual([[], null]);
    expect(await at.redis.pttl(KEY)).toBeGreaterThan(HOUR_MS - 60_000);
  });

  test('are those of the last attempt alone', async () => {
    const files = openAs(SECRET);
    await keep(files, { [NAME]: packets, 'old.pcap': randomBytes(400_000) });
    await keep(files, { [NAME]: Buffer.from('second') });
    expect(await files.list(CHANGE)).toEqual([{ name: NAME, bytes: 6 }]);
    expect((await files.read(CHANGE, NAME))?.toString()).toBe('second');
    expect(await at.redis.hlen(KEY)).toBe(2);
  });

  test('of a later attempt that keeps none are gone too', async () => {
    const files = openAs(SECRET);
    await keep(files, { [NAME]: packets });
    const keeping = files.keep(CHANGE);
    keeping.file(NAME).close(false);
    await keeping.end();
    expect([await names(files), await at.redis.exists(KEY)]).toEqual([[], 0]);
  });

  test('of one order take 4 MiB at most, packed: what is larger is not kept', async () => {
    const files = openAs(SECRET);
    const kept = await keep(files, { 'a.pcap': randomBytes(3 << 20), 'b.pcap': randomBytes(2 << 20), 'c.pcap': randomBytes(900_000) });
    expect(kept.map(({ why }) => why)).toEqual([null, 'packed, the files are larger than 4 MiB', null]);
    expect(await names(files)).toEqual(['a.pcap', 'c.pcap']);
    const stored = await at.redis.hvalsBuffer(KEY);
    expect(stored.reduce((sum, { length }) => sum + length, 0)).toBeLessThan((4 << 20) + 20_000);
  });

  test('of one order are not those of another, even when somebody copies them', async () => {
    const files = openAs(SECRET);
    await keep(files, { [NAME]: packets });
    const other = 'f'.repeat(32);
    await at.redis.copy(KEY, `${PREFIX}:capture:${other}`);
    expect([await names(files, other), await files.read(other, NAME)]).toEqual([[], null]);
  });

  test.each<[string, (field: string) => Promise<unknown>]>([
    ['changed', (field) => at.redis.hset(KEY, field, 'x'.repeat(60))],
    ['taken out', (field) => at.redis.hdel(KEY, field)],
    ['made huge', (field) => at.redis.hset(KEY, field, Buffer.alloc(1 << 20))],
  ])('of which a block was %s are not given out', async (_what, change) => {
    const files = openAs(SECRET);
    await keep(files, { [NAME]: packets });
    const [field = ''] = (await at.redis.hkeys(KEY)).filter((one) => one !== 'files');
    await change(field);
    expect(await files.read(CHANGE, NAME)).toBeNull();
    await change('files');
    expect(await names(files)).toEqual([]);
  });

  test('of which two blocks changed places are not given out', async () => {
    const files = openAs(SECRET);
    await keep(files, { [NAME]: packets });
    const [one = '', two = ''] = (await at.redis.hkeys(KEY)).filter((field) => field !== 'files');
    const [a, b] = [await at.redis.hgetBuffer(KEY, one), await at.redis.hgetBuffer(KEY, two)];
    await at.redis.hset(KEY, { [one]: b!, [two]: a! });
    expect(await files.read(CHANGE, NAME)).toBeNull();
  });

  test('that Redis does not take are said not to be kept, and nothing throws', async () => {
    const errors: unknown[] = [];
    const files = openAs(SECRET, { onError: (error) => errors.push(error) });
    await at.redis.set(`${PREFIX}:warm`, '1');
    await at.redis.call('CONFIG', 'SET', 'maxmemory', '1');
    const kept = await keep(files, { [NAME]: packets });
    await at.redis.call('CONFIG', 'SET', 'maxmemory', '0');
    expect(kept).toEqual([{ name: NAME, bytes: packets.length, why: expect.stringContaining('Redis refuses') }]);
    expect(errors).toHaveLength(1);
    server.freeze();
    const frozen = await keep(files, { [NAME]: packets }).finally(() => server.thaw());
    expect(frozen[0]?.why).toContain('Redis does not answer');
  });

  test('cannot be asked for while Redis is away, which is a Failure', async () => {
    const files = openAs(SECRET);
    await keep(files, { [NAME]: packets });
    server.freeze();
    const came = await Promise.allSettled([files.list(CHANGE), files.read(CHANGE, NAME)]).finally(() => server.thaw());
    expect(came).toMatchObject([
      { status: 'rejected', reason: { name: 'Failure' } },
      { status: 'rejected', reason: { name: 'Failure' } },
    ]);
  });
});
