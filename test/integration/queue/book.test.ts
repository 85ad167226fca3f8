import { describe, expect, test } from '@jest/globals';
import { openBook } from '../../../src/queue/book.ts';
import { keysOf } from '../../../src/queue/keys.ts';
import type { PostedMessage } from '../../../src/domain/run.ts';
import type { ThreadBook } from '../../../src/slack/thread/book.ts';
import type { TestRedis } from '../redis.ts';
import { ask, CLUSTER, newId, pause, PREFIX, stands, until, type Opened } from './fixture.ts';
import { onRedis } from './on-redis.ts';

const keys = keysOf(PREFIX);
const message = (at: number, more: Partial<PostedMessage> = {}): PostedMessage => ({ state: 'posted', ts: '1.1', hash: 'h', at, ...more });
let server: TestRedis;
let at: Opened;
onRedis((now) => ({ server, at } = now));

describe('open runs', () => {
  test('are all that were asked for, until they are over and settled', async () => {
    const { desk, book } = at.bot();
    book satisfies ThreadBook;
    const first = (await desk.ask(ask(CLUSTER))).record;
    const second = (await desk.ask(ask(CLUSTER, { quick: true }))).record;
    expect(await book.open()).toEqual([first.id, second.id]);
    await book.settle(first.id);
    expect(await book.open()).toEqual([first.id, second.id]);
    await desk.cancel(first.id, 'U1');
    expect(await book.open()).toEqual([first.id, second.id]);
    expect((await book.load(first.id))?.progress.state).toBe('cancelled');
    await book.settle(first.id);
    expect(await book.open()).toEqual([second.id]);
  });

  test('that are not there can be settled; what is no id is not listed', async () => {
    const { book } = at.bot();
    const gone = newId();
    await at.redis.zadd(keys.open, 1, gone, 2, '*:asks');
    expect(await book.open()).toEqual([gone]);
    expect(await book.load(gone)).toBeNull();
    await book.settle(gone);
    expect(await book.open()).toEqual([]);
  });

  test('are said to have changed when they have', async () => {
    const { desk, book } = at.bot();
    const heard: string[] = [];
    const stop = book.onChange((run) => heard.push(run));
    book.onChange(() => undefined);
    await until(
      () => at.redis.pubsub('NUMSUB', keys.changed),
      ([, count]) => count === 1,
    );
    const { record } = await desk.ask(ask(CLUSTER));
    await until(
      () => heard.length,
      (count) => count === 1,
    );
    await at.workers({});
    await stands(desk, record.id, 'done');
    await until(
      () => heard.length,
      (count) => count >= 3,
    );
    expect(new Set(heard)).toEqual(new Set([record.id]));
    stop();
    const before = heard.length;
    const other = await desk.ask(ask(CLUSTER, { quick: true }));
    await stands(desk, other.record.id, 'done');
    expect(heard).toHaveLength(before);
  });
});

describe('a lease', () => {
  test('is held by one at a time', async () => {
    const books = [at.bot().book, at.bot().book];
    const leases = await Promise.all(Array.from({ length: 10 }, (_, index) => books[index % 2]!.lease('0123456789')));
    const [lease, ...others] = leases.filter((one) => one !== null);
    expect(others).toEqual([]);
    expect(await lease!.renew()).toBe(true);
    await lease!.release();
    expect(await lease!.renew()).toBe(false);
    const next = await books[1]!.lease('0123456789');
    expect(next).not.toBeNull();
    await lease!.release();
    expect(await next!.renew()).toBe(true);
  });

  test('ends by itself when its holder falls silent, and is lost to it then', async () => {
    const about = { redis: at.redis, prefix: PREFIX, leaseMs: 300, onError: () => undefined };
    const [ours, theirs] = [openBook(about), openBook(about)];
    const lease = await ours.lease('0123456789');
    for (let times = 0; times < 5; times += 1) {
      await pause(100);
      expect(await lease!.renew()).toBe(true);
    }
    expect(await theirs.lease('0123456789')).toBeNull();
    const taken = await until(
      () => theirs.lease('0123456789'),
      (one) => one !== null,
    );
    expect(await lease!.renew()).toBe(false);
    await lease!.release();
    expect(await taken!.renew()).toBe(true);
  });

  test('lasts 15 s', async () => {
    await at.bot().book.lease('0123456789');
    const ms = await at.redis.pttl(keys.lease('0123456789'));
    expect(ms).toBeGreaterThan(13_000);
    expect(ms).toBeLessThanOrEqual(15_000);
  });
});

describe('posted messages', () => {
  test('are read by every bot as they were written, by place and slot', async () => {
    const [one, two] = [at.bot().book, at.bot().book];
    await one.write('0123456789', 'C1', 'card', message(1));
    await one.write('0123456789', 'C1', 'plan', message(2, { state: 'posting', ts: null }));
    await one.write('0123456789', 'C1/1.1', 'plan', message(3));
    expect(await two.posted('0123456789', 'C1')).toEqual({ card: message(1), plan: message(2, { state: 'posting', ts: null }) });
    expect(await two.posted('0123456789', 'C1/1.1')).toEqual({ plan: message(3) });
    expect(await two.posted('0123456789', 'C2')).toEqual({});
    expect(await at.redis.ttl(keys.posted('0123456789', 'C1'))).toBeGreaterThan(6 * 24 * 3600);
  });

  test('that cannot be understood count as missing', async () => {
    const { book } = at.bot();
    await book.write('0123456789', 'C1', 'card', message(1));
    await at.redis.hset(keys.posted('0123456789', 'C1'), 'plan', 'not JSON', 'verdict', '{"state":"lost"}');
    expect(await book.posted('0123456789', 'C1')).toEqual({ card: message(1) });
  });

  test('that Redis has lost are written back by the bot that wrote them', async () => {
    const { book } = at.bot();
    await book.write('0123456789', 'C1', 'card', message(1));
    await book.write('0123456789', 'C1', 'plan', message(2));
    await at.redis.flushall();
    expect(await book.posted('0123456789', 'C1')).toEqual({ card: message(1), plan: message(2) });
    expect(await at.bot().book.posted('0123456789', 'C1')).toEqual({ card: message(1), plan: message(2) });
  });

  test('that another bot has written since stay as they are', async () => {
    const [one, two] = [at.bot().book, at.bot().book];
    await one.write('0123456789', 'C1', 'card', message(1));
    await two.write('0123456789', 'C1', 'card', message(5, { hash: 'newer' }));
    expect(await one.posted('0123456789', 'C1')).toEqual({ card: message(5, { hash: 'newer' }) });
  });

  test('that were sent while Redis was away are remembered, and those that were not sent are not', async () => {
    const { book } = at.bot();
    await book.write('0123456789', 'C1', 'card', message(4, { state: 'posting', ts: null }));
    await server.kill();
    await expect(book.write('0123456789', 'C1', 'card', message(4, { ts: '9.9' }))).rejects.toThrow('Redis does not answer');
    await expect(book.write('0123456789', 'C1', 'plan', message(4, { state: 'posting' }))).rejects.toThrow('Redis does not answer');
    await server.start();
    const posted = await until(
      () => book.posted('0123456789', 'C1').catch(() => null),
      (one) => one !== null,
    );
    expect(posted).toEqual({ card: message(4, { ts: '9.9' }) });
  });
});

describe('places in the row of calls', () => {
  test('are spaced, for all bots together', async () => {
    const books = [at.bot().book, at.bot().book];
    const waits = [];
    for (let index = 0; index < 6; index += 1) waits.push(await books[index % 2]!.reserve('post C1', 10_000, 1));
    expect(waits[0]).toBe(0);
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeLessThanOrEqual(index * 10_000);
      expect(wait).toBeGreaterThan(index * 10_000 - 2000);
    }
    expect(await books[0]!.reserve('post C2', 10_000, 1)).toBe(0);
  });

  test('are free for as many as may come at once', async () => {
    const { book } = at.bot();
    const waits = await Promise.all(Array.from({ length: 5 }, () => book.reserve('update', 60_000, 3)));
    const sorted = waits.toSorted((a, b) => a - b);
    expect(sorted.slice(0, 3)).toEqual([0, 0, 0]);
    expect(sorted[3]).toBeGreaterThan(50_000);
    expect(sorted[3]).toBeLessThanOrEqual(60_000);
    expect(sorted[4]).toBeGreaterThan(110_000);
  });

  test('are free again after a while, and nothing of them stays', async () => {
    const { book } = at.bot();
    await book.reserve('edit', 100, 1);
    await pause(150);
    expect(await book.reserve('edit', 100, 1)).toBe(0);
    await until(
      () => at.redis.exists(keys.pace('edit')),
      (there) => there === 0,
    );
  });

  test('hold when what Redis has of them is nonsense', async () => {
    const { book } = at.bot();
    await at.redis.set(keys.pace('edit'), 'soon');
    expect(await book.reserve('edit', 100, 1)).toBe(0);
  });
});
