import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change.ts';
import type { RunDesk } from '../../../src/queue/desk.ts';
import type { Guard } from '../../../src/queue/restore.ts';
import { openJobs } from '../../../src/queue/jobs.ts';
import { jobId, keysOf } from '../../../src/queue/keys.ts';
import { startRedis, type TestRedis } from '../redis.ts';
import { CLUSTER, openAt, pause, PREFIX, stands, until, type Opened } from './fixture.ts';
import { onRedis } from './on-redis.ts';
import * as orders from './orders.ts';

const keys = keysOf(PREFIX);

const back = (desk: RunDesk) =>
  until(
    () => desk.clusters().catch(() => null),
    (states) => states !== null,
  );

const guarding = (guard: Guard) => guard.check().catch(() => []);

/** As the bot's loop does, over and over, until the order stands so. */
const tended = (bot: { desk: RunDesk; guard: Guard }, run: string, id: string, state: Change['state'], ms = 20_000): Promise<Change> =>
  until(
    async () => {
      await guarding(bot.guard);
      await bot.desk.tend(orders.judges).catch(() => []);
      return (await bot.desk.change(run, id).catch(() => null))?.change ?? null;
    },
    (change) => change?.state === state,
    ms,
  ) as Promise<Change>;

/** An order that was carried out, and ends by itself after so many milliseconds. */
async function ending(at: Opened, bot: { desk: RunDesk; guard: Guard }, url: string, endsInMs: number) {
  const { run, id } = await orders.approved(at, bot.desk);
  const at0 = Date.now();
  const { perform } = orders.performing(orders.changesAt(at, url), async () => ({ result: orders.actResult(), endsAt: at0 + endsInMs }));
  const workers = await at.workers({ perform });
  await bot.desk.carryOut(run, id);
  await tended(bot, run, id, 'done');
  await bot.desk.tend(orders.judges);
  await guarding(bot.guard);
  await workers.close(0);
  return { run, id, endsAt: at0 + endsInMs };
}

describe.each([
  { persist: true, after: 'kept its data' },
  { persist: false, after: 'lost its data' },
])('a Redis that was away and has $after', ({ persist }) => {
  let server: TestRedis;
  let at: Opened;
  onRedis((now) => ({ server, at } = now), { persist });

  test('has each order again as it stood, and it goes on from there', async () => {
    const bot = at.bot();
    const [one, two] = [orders.proposal(), orders.proposal()];
    const { id: run } = await orders.checked(at, bot.desk, [one, two]);
    await bot.desk.move(run, one.id, orders.request);
    await bot.desk.move(run, two.id, orders.request);
    await bot.desk.move(run, two.id, orders.approve);
    await server.restart();
    await back(bot.desk);
    await guarding(bot.guard);
    const record = await bot.desk.find(run);
    expect(record).toMatchObject({ changes: [{ state: 'requested' }, { state: 'approved' }], result: { proposals: [one, two] } });
    expect(record?.revision).toBeGreaterThanOrEqual(3);
    expect((await bot.desk.waiting([CLUSTER])).map(({ change }) => change.id)).toEqual([one.id]);
    expect(await bot.book.open()).toEqual([run]);
    expect(await at.redis.zcard(keys.expiring)).toBe(2);
    expect(await bot.desk.move(run, one.id, orders.approve)).toMatchObject({
      is: 'moved',
      change: { requested: { person: { user: 'U1' } } },
    });
    const actions = (await orders.chainOf(at).read(1, 50)).map(({ action }) => action);
    expect(actions).toEqual([...(persist ? ['requested', 'requested', 'approved'] : ['chain-restarted']), 'approved']);
    expect(await orders.chainOf(at).verify()).toMatchObject({ ok: true });
  });

  test('in the middle of a change: the worker goes on, nothing is done twice, and what came of it stands there', async () => {
    const bot = at.bot();
    const { run, id } = await orders.approved(at, bot.desk);
    let end = () => {};
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    const changes = orders.changesAt(at, server.url);
    const { perform, begun } = orders.performing(changes, async () => {
      await held;
      await until(
        () => changes.find(run, id).catch(() => null),
        (known) => known?.change.state === 'running',
      );
      return {};
    });
    await at.workers({ perform });
    await bot.desk.carryOut(run, id);
    await until(
      () => begun.length,
      (count) => count === 1,
    );
    // The bot's memory is older than what the worker has written since.
    await server.restart();
    await back(bot.desk);
    await guarding(bot.guard);
    await bot.desk.tend(orders.judges);
    end();
    const done = await tended(bot, run, id, 'done');
    await stands(bot.desk, done.applyRun!, 'done');
    expect(begun).toEqual(['apply 1']);
    expect(await orders.chainOf(at).verify()).toMatchObject({ ok: true });
  });

  test('still ends a change whose time is over then, once, and not before', async () => {
    const bot = at.bot();
    const { run, id, endsAt } = await ending(at, bot, server.url, 4000);
    await server.restart();
    await back(bot.desk);
    await guarding(bot.guard);
    expect(await bot.desk.clusters()).toMatchObject([{ waiting: 1 }]);
    const times: number[] = [];
    const { perform, begun } = orders.performing(orders.changesAt(at, server.url), async ({ change }) => {
      times.push(Date.now());
      expect(change).toMatchObject({ act: 'undo', ends: true, of: run, change: id });
      return {};
    });
    await at.workers({ perform });
    await tended(bot, run, id, 'undone');
    expect(begun).toEqual(['undo 1']);
    expect(times[0]).toBeGreaterThanOrEqual(endsAt);
    expect(times[0]).toBeLessThan(endsAt + 3000);
  });
});

describe('the end of a change that ends by itself', () => {
  let server: TestRedis;
  let at: Opened;
  onRedis((now) => ({ server, at } = now));

  test('waits in the queue when no bot lives, and is in no list', async () => {
    const bot = at.bot();
    const { run, id } = await ending(at, bot, server.url, 1500);
    expect((await bot.desk.history(CLUSTER, 10)).filter(({ state }) => state === 'queued')).toEqual([]);
    const { perform } = orders.performing(orders.changesAt(at, server.url));
    await at.workers({ perform });
    await until(
      () => bot.desk.change(run, id),
      (known) => known?.change.state === 'undone',
    );
    expect(await at.redis.zcard(keys.moving)).toBe(0);
  });

  test('is arranged by every bot as the same run', async () => {
    const [one, two] = [at.bot(), at.bot()];
    await ending(at, one, server.url, 60_000);
    await Promise.all([one, two, one, two].map(({ desk }) => desk.tend(orders.judges)));
    expect(await one.desk.clusters()).toMatchObject([{ waiting: 1 }]);
    expect(await at.redis.zcard(keys.works)).toBe(1);
  });

  test('is not begun early, whoever delivers it', async () => {
    const bot = at.bot();
    const { run, id } = await ending(at, bot, server.url, 2500);
    const [work] = await at.redis.zrange(keys.works, 0, '-1');
    const jobs = openJobs({ redis: at.redis, prefix: PREFIX, onError: () => undefined });
    const { signed } = JSON.parse((await at.redis.hget(keys.run(work!), 'base'))!);
    await jobs.remove(CLUSTER, work!);
    await jobs.add(CLUSTER, work!, signed);
    await jobs.close();
    const { perform, begun } = orders.performing(orders.changesAt(at, server.url));
    await at.workers({ perform });
    await pause(800);
    expect(begun).toEqual([]);
    expect(await at.redis.exists(`test:bull:${(await at.redis.keys('test:bull:*:delayed'))[0]!.split(':')[2]}:${jobId(work!)}`)).toBe(1);
    await until(
      () => bot.desk.change(run, id),
      (known) => known?.change.state === 'undone',
    );
  });

  test('is quiet where somebody has undone it before', async () => {
    const bot = at.bot();
    const { run, id } = await ending(at, bot, server.url, 1500);
    const [work] = await at.redis.zrange(keys.works, 0, '-1');
    await bot.desk.move(run, id, orders.askUndo);
    await bot.desk.carryOut(run, id);
    const { perform, begun } = orders.performing(orders.changesAt(at, server.url));
    await at.workers({ perform });
    const undone = await tended(bot, run, id, 'undone');
    expect(undone.undoRun).not.toBe(work);
    await stands(bot.desk, work!, 'done');
    expect(begun).toEqual(['undo 1']);
    expect(await bot.desk.change(run, id)).toMatchObject({ change: { state: 'undone', undoneBy: 'U3', endsAt: null } });
  });

  test('is not taken for one that nobody took up, before its time', async () => {
    let now = Date.now();
    const bot = at.bot({ now: () => now });
    await ending(at, bot, server.url, 3_600_000);
    const [work] = await at.redis.zrange(keys.works, 0, '-1');
    now += 3_500_000;
    await guarding(bot.guard);
    expect((await bot.desk.find(work!))?.progress.state).toBe('queued');
    now += 200_000 + 23 * 3_600_000;
    await guarding(bot.guard);
    expect((await bot.desk.find(work!))?.progress.state).toBe('queued');
    now += 2 * 3_600_000;
    await guarding(bot.guard);
    expect((await bot.desk.find(work!))?.progress).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('no worker took it up'),
    });
  });

  test('that fails is tried again, later', async () => {
    const bot = at.bot();
    const { desk } = bot;
    const { run, id, endsAt } = await ending(at, bot, server.url, 500);
    const { perform, begun } = orders.performing(orders.changesAt(at, server.url), async () => ({ state: 'done', endsAt }));
    const workers = await at.workers({ perform });
    await until(
      () => begun.length,
      (count) => count === 1,
    );
    const [first] = await at.redis.zrange(keys.works, 0, '-1');
    await stands(desk, first!, 'done');
    await workers.close(0);
    expect(await desk.tend(orders.judges)).toEqual([`${run}.${id}`]);
    expect(await desk.tend(orders.judges)).toEqual([]);
    const second = (await at.redis.zrange(keys.works, 0, '-1')).find((one) => one !== first)!;
    const base = JSON.parse((await at.redis.hget(keys.run(second), 'base'))!);
    expect(base.notBefore).toBeGreaterThan(endsAt + 29_000);
    expect(base.notBefore).toBeLessThan(endsAt + 60_000);
  });
});

test('a worker whose bot and Redis forgot the run keeps what it knows of the order', async () => {
  const server = await startRedis();
  const at = openAt(server.url);
  try {
    const desk = at.desk();
    const { run, id } = await orders.approved(at, desk);
    const changes = orders.changesAt(at, server.url);
    await changes.move(
      run,
      id,
      orders.from('approved', 'running', () => ({ applyRun: 'a'.repeat(10) })),
    );
    await server.wipe();
    await back(desk);
    const moved = await until(
      () => changes.move(run, id, orders.from('running', 'done')).catch(() => null),
      (one) => one !== null,
    );
    expect(moved).toMatchObject({ is: 'moved', change: { state: 'done', applyRun: 'a'.repeat(10) } });
    expect(await desk.find(run)).toMatchObject({ progress: { state: 'done' }, changes: [{ state: 'done' }] });
  } finally {
    await at.close();
    await server.stop();
  }
});
