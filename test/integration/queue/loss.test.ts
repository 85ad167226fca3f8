import { describe, expect, test } from '@jest/globals';
import { keysOf } from '../../../src/queue/keys.ts';
import { openJobs } from '../../../src/queue/jobs.ts';
import type { RunOrder } from '../../../src/domain/run.ts';
import type { RunDesk } from '../../../src/queue/desk.ts';
import type { Guard } from '../../../src/queue/restore.ts';
import { startRedis, type TestRedis } from '../redis.ts';
import { ask, CLUSTER, holding, openAt, pause, PREFIX, result, stands, until, type Opened } from './fixture.ts';
import { onRedis } from './on-redis.ts';

const keys = keysOf(PREFIX);
const posted = (at: number) => ({ state: 'posted' as const, ts: '1.1', hash: 'h', at });

describe.each([
  { persist: true, after: 'kept its data' },
  { persist: false, after: 'lost its data' },
])('a Redis that was away and has $after', ({ persist }) => {
  let server: TestRedis;
  let at: Opened;
  onRedis((now) => ({ server, at } = now), { persist });
  const back = (desk: RunDesk) =>
    until(
      () => desk.clusters().catch(() => null),
      (states) => states !== null,
    );

  test('finds the runs that went on meanwhile, whole, and each is performed once', async () => {
    const { desk, book, guard } = at.bot();
    const held = holding();
    const performed: string[] = [];
    const workers = await at.workers({
      concurrency: 3,
      globalConcurrency: 3,
      perform: async (order, hooks) => {
        performed.push(order.run);
        hooks.onStep({ id: 'corefile', title: 'Corefile', state: 'ok', reason: null, durationMs: 1 });
        return held.perform(order, hooks);
      },
    });
    const runs = [];
    for (const pod of ['a/a', 'a/b', 'a/c']) runs.push((await desk.ask(ask(CLUSTER, { pod }))).record.id);
    await desk.ask(ask(CLUSTER, { pod: 'a/a', channel: 'C2' }));
    await book.write(runs[0]!, 'C1', 'card', posted(1));
    await Promise.all(runs.map((run) => stands(desk, run, 'running')));
    await guard.check();

    await server.kill();
    await pause(2500);
    await server.start();
    await back(desk);
    await Promise.all(runs.map((run) => stands(desk, run, 'running')));
    expect((await desk.find(runs[0]!))?.progress).toMatchObject({ attempt: 1, steps: [{ id: 'corefile' }] });
    for (let times = 0; times < 6; times += 1) {
      await guard.check();
      await pause(300);
    }
    held.end();
    for (const run of runs)
      expect(await stands(desk, run, 'done')).toMatchObject({ progress: { attempt: 1 }, result: result(run, CLUSTER) });
    expect((await book.open()).toSorted()).toEqual(runs.toSorted());
    expect(await book.posted(runs[0]!, 'C1')).toEqual({ card: posted(1) });
    expect(await desk.history(CLUSTER, 10)).toHaveLength(3);
    await until(
      () => workers.running(),
      (running) => running === 0,
    );
    expect(performed.toSorted()).toEqual(runs.toSorted());
    expect(workers.ended).toHaveLength(3);
    expect(workers.refused).toEqual([]);
  });

  test('gets the end of a run that came to it while Redis was away', async () => {
    const { desk } = at.bot();
    const held = holding();
    await at.workers({ perform: held.perform });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    await server.kill();
    held.end();
    await pause(500);
    await server.start();
    await back(desk);
    expect(await stands(desk, record.id, 'done')).toMatchObject({ result: result(record.id, CLUSTER), progress: { attempt: 1 } });
  });

  test('gets back the runs that waited, and they are performed', async () => {
    const { desk, guard, book } = at.bot();
    const { record } = await desk.ask(ask(CLUSTER, { channel: 'C7' }));
    await desk.ask(ask(CLUSTER, { channel: 'C8', user: 'U8' }));
    await server.restart();
    await back(desk);
    expect(await guard.check()).toEqual(persist ? [] : [record.id]);
    expect(await guard.check()).toEqual([]);
    expect(await book.open()).toEqual([record.id]);
    expect((await desk.latestAt({ channel: 'C8', thread: null }))?.id).toBe(record.id);
    expect(await desk.ask(ask(CLUSTER, { channel: 'C8', user: 'U8' }))).toMatchObject({ outcome: 'here', record: { id: record.id } });
    const workers = await at.workers({});
    const done = await stands(desk, record.id, 'done');
    expect(done.places).toEqual([
      { channel: 'C7', thread: null, askers: ['U1'] },
      { channel: 'C8', thread: null, askers: ['U8'] },
    ]);
    expect(workers.refused).toEqual([]);
    expect(await desk.history(CLUSTER, 5)).toMatchObject([{ id: record.id, state: 'done', status: 'healthy' }]);
  });

  test('lets workers take runs again, no more at once than before', async () => {
    const { desk } = at.bot();
    const held = holding();
    await at.workers({ concurrency: 4, globalConcurrency: 2, perform: held.perform });
    await until(
      () => desk.clusters(),
      ([state]) => state?.workers === 1,
    );
    await server.restart();
    await back(desk);
    // Sooner than its next beat would be.
    await until(
      () => desk.clusters().catch(() => []),
      ([state]) => state?.workers === 1,
      4000,
    );
    for (const pod of ['a/a', 'a/b', 'a/c', 'a/d']) await desk.ask(ask(CLUSTER, { pod }));
    await until(
      () => held.begun.length,
      (count) => count === 2,
    );
    await pause(300);
    expect(held.begun).toHaveLength(2);
    held.end();
    await until(
      () => held.begun.length,
      (count) => count === 4,
    );
  });
});

describe('the guard', () => {
  let server: TestRedis;
  let at: Opened;
  onRedis((now) => ({ server, at } = now));
  const jobs = async <T>(what: (queues: ReturnType<typeof openJobs>) => Promise<T>): Promise<T> => {
    const queues = openJobs({ redis: at.redis, prefix: PREFIX, onError: () => undefined });
    try {
      return await what(queues);
    } finally {
      await queues.close();
    }
  };
  const checked = (guard: Guard, run: string) =>
    until(
      () => guard.check(),
      (changed) => changed.includes(run),
    );

  test('knows the runs and messages of other bots, too', async () => {
    const [ours, theirs] = [at.bot(), at.bot()];
    const { record } = await theirs.desk.ask(ask(CLUSTER));
    await theirs.book.write(record.id, 'C1', 'card', posted(1));
    expect(await ours.guard.check()).toEqual([]);
    await theirs.book.write(record.id, 'C1', 'plan', posted(2));
    await pause(100);
    await at.redis.flushall();
    expect(await ours.guard.check()).toEqual([record.id]);
    expect(await ours.book.posted(record.id, 'C1')).toEqual({ card: posted(1), plan: posted(2) });
    expect(await ours.desk.find(record.id)).toEqual(record);
  });

  test('writes back messages of a run that its worker has written back already', async () => {
    const { desk, book, guard } = at.bot();
    const held = holding();
    await at.workers({ perform: held.perform });
    const { record } = await desk.ask(ask(CLUSTER));
    await book.write(record.id, 'C1', 'card', posted(1));
    await stands(desk, record.id, 'running');
    await guard.check();
    await at.redis.flushall();
    await stands(desk, record.id, 'running');
    await guard.check();
    expect(await at.redis.hkeys(keys.posted(record.id, 'C1'))).toEqual(['card']);
    held.end();
    await stands(desk, record.id, 'done');
  });

  test('adds an ask again that the worker did not know when it wrote the run back', async () => {
    const { desk, guard } = at.bot();
    const { record } = await desk.ask(ask(CLUSTER));
    await desk.ask(ask(CLUSTER, { channel: 'C2', thread: '2.2', user: 'U2' }));
    await at.redis.zpopmax(keys.asks(record.id));
    await at.redis.hdel(keys.run(record.id), 'place:C2/2.2');
    expect((await desk.find(record.id))?.places).toHaveLength(1);
    expect(await guard.check()).toEqual([record.id]);
    expect((await desk.find(record.id))?.places).toMatchObject([{ channel: 'C1' }, { channel: 'C2', thread: '2.2', askers: ['U2'] }]);
    expect(await desk.ask(ask(CLUSTER, { channel: 'C2', thread: '2.2', user: 'U2' }))).toMatchObject({ outcome: 'here' });
    expect(await guard.check()).toEqual([]);
  });

  test('ends a lost run whose order is too old, and says so', async () => {
    let now = Date.now();
    const { desk, guard } = at.bot({ orderSeconds: 60, now: () => now });
    const { record } = await desk.ask(ask(CLUSTER));
    await at.redis.flushall();
    now += 61_000;
    expect(await guard.check()).toEqual([record.id]);
    expect((await desk.find(record.id))?.progress).toMatchObject({
      state: 'failed',
      error: 'Redis lost the queue, and the order is too old to repeat: ask again',
      endedAt: now,
    });
    expect(await jobs((queues) => queues.has(CLUSTER, record.id))).toBe(false);
  });

  test('repeats a lost run that had begun when its worker does not write it back', async () => {
    const { desk, guard } = at.bot();
    const held = holding();
    const workers = await at.workers({ perform: held.perform });
    const { record } = await desk.ask(ask(CLUSTER));
    const running = await stands(desk, record.id, 'running');
    await guard.check();
    await workers.close(0);
    await guard.check();
    await at.redis.flushall();
    const swept: number[] = [];
    const next = await at.workers({ beforeRetry: async (_order, attempt) => void swept.push(attempt) });
    await checked(guard, record.id);
    expect((await stands(desk, record.id, 'done')).progress).toMatchObject({ attempt: 2, startedAt: running.progress.startedAt });
    expect(swept).toEqual([2]);
    expect(next.refused).toEqual([]);
  });

  test('writes an ended run back with its result', async () => {
    const { desk, guard } = at.bot();
    await at.workers({});
    const { record } = await desk.ask(ask(CLUSTER));
    const done = await stands(desk, record.id, 'done');
    await guard.check();
    await at.redis.flushall();
    expect(await guard.check()).toEqual([record.id]);
    expect(await desk.find(record.id)).toEqual(done);
    expect(await desk.history(CLUSTER, 1)).toMatchObject([{ state: 'done', status: 'healthy' }]);
    expect(await guard.check()).toEqual([]);
  });

  test('forgets runs whose threads are settled', async () => {
    const { desk, guard, book } = at.bot();
    const other = at.bot();
    const { record } = await desk.ask(ask(CLUSTER));
    await guard.check();
    await desk.cancel(record.id, 'U1');
    await other.book.settle(record.id);
    await guard.check();
    await at.redis.flushall();
    expect(await guard.check()).toEqual([]);
    expect(await book.open()).toEqual([]);
  });

  test('writes a run back that cannot be understood any more', async () => {
    const unreadable: string[] = [];
    const { desk, guard } = at.bot({ onUnreadable: (run) => unreadable.push(run) });
    const { record } = await desk.ask(ask(CLUSTER));
    for (const field of ['base', 'progress']) {
      await at.redis.hset(keys.run(record.id), field, '{"state":');
      expect(await guard.check()).toEqual([record.id]);
      expect(await desk.find(record.id)).toEqual(record);
    }
    expect(unreadable).toEqual([record.id, record.id]);
  });

  test('adds the job of a run again when nobody has it', async () => {
    const { desk, guard } = at.bot({ graceMs: 200 });
    const { record } = await desk.ask(ask(CLUSTER));
    await jobs((queues) => queues.remove(CLUSTER, record.id));
    expect(await guard.check()).toEqual([]);
    await checked(guard, record.id);
    expect(await jobs((queues) => queues.has(CLUSTER, record.id))).toBe(true);
    const workers = await at.workers({});
    await stands(desk, record.id, 'done');
    expect(workers.refused).toEqual([]);
  });

  test('ends a run that no worker took in time, and takes its job out', async () => {
    let now = Date.now();
    const { desk, guard } = at.bot({ orderSeconds: 60, now: () => now });
    const { record } = await desk.ask(ask(CLUSTER));
    expect(await guard.check()).toEqual([]);
    now += 61_000;
    expect(await guard.check()).toEqual([record.id]);
    expect((await desk.find(record.id))?.progress).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/^no worker took it up in time/),
    });
    expect(await desk.clusters()).toMatchObject([{ waiting: 0 }]);
  });

  test('leaves a run alone that goes on, however long', async () => {
    let now = Date.now();
    const { desk, guard } = at.bot({ orderSeconds: 60, graceMs: 0, now: () => now });
    const held = holding();
    await at.workers({ perform: held.perform });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    now += 3_600_000;
    expect(await guard.check()).toEqual([]);
    held.end();
    expect((await stands(desk, record.id, 'done')).progress.attempt).toBe(1);
  });

  test('ends a run whose worker is gone and that no other takes', async () => {
    let now = Date.now();
    const { desk, guard } = at.bot({ orderSeconds: 60, now: () => now });
    const held = holding();
    const workers = await at.workers({ perform: held.perform });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    await workers.close(0);
    now += 600_000;
    expect(await guard.check()).toEqual([]);
    now += 61_000;
    expect(await guard.check()).toEqual([record.id]);
    expect((await desk.find(record.id))?.progress.error).toMatch(/^the worker that had it is gone/);
  });

  test('takes runs off the list of open ones that are nowhere, after a minute', async () => {
    let now = Date.now();
    const { guard, book } = at.bot({ now: () => now });
    await at.redis.zadd(keys.open, 1, '0123456789', 2, 'no id');
    await guard.check();
    expect(await book.open()).toEqual(['0123456789']);
    now += 61_000;
    expect(await guard.check()).toEqual(['0123456789']);
    expect(await book.open()).toEqual([]);
  });

  test('is not kept from the others by one run in trouble', async () => {
    const { desk, guard } = at.bot();
    const first = (await desk.ask(ask(CLUSTER))).record;
    const second = (await desk.ask(ask(CLUSTER, { quick: true }))).record;
    await at.redis.del(keys.run(first.id), keys.run(second.id));
    await at.redis.set(keys.run(first.id), 'no hash');
    expect(await guard.check()).toEqual([second.id]);
  });

  test('is asked once at a time, and goes on after Redis was away', async () => {
    const { guard } = at.bot();
    await guard.check();
    await server.kill();
    const checks = [guard.check(), guard.check()];
    expect(checks[0]).toBe(checks[1]);
    await Promise.allSettled(checks);
    await server.start();
    await until(
      () => guard.check().catch(() => null),
      (changed) => changed !== null,
    );
  });
});

test('an order that is asked for while Redis restarts again and again is performed, and no run is lost', async () => {
  const server = await startRedis({ persist: true });
  const at = openAt(server.url);
  const { desk, guard } = at.bot({ graceMs: 500 });
  const performed = new Map<string, number>();
  const workers = await at.workers({
    concurrency: 4,
    globalConcurrency: 4,
    perform: async (order: RunOrder) => {
      performed.set(order.run, (performed.get(order.run) ?? 0) + 1);
      await pause(100);
      return result(order.run, CLUSTER);
    },
  });
  const runs: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    for (let index = 0; index < 5; index += 1) {
      const asked = await desk.ask(ask(CLUSTER, { pod: `p/${round}-${index}` })).catch(() => null);
      if (asked !== null) runs.push(asked.record.id);
    }
    await server.kill();
    await pause(100);
    await server.start();
    await guard.check().catch(() => undefined);
  }
  const states = () => Promise.all(runs.map(async (run) => (await desk.find(run))?.progress.state ?? 'lost'));
  const final = await until(
    async () => {
      await guard.check().catch(() => undefined);
      return states().catch(() => []);
    },
    (all) => all.length === runs.length && all.every((state) => state === 'done'),
    40_000,
  );
  expect(final.length).toBeGreaterThan(10);
  expect(workers.ended.length).toBe(new Set(workers.ended.map(({ id }) => id)).size);
  expect([...performed.values()].every((times) => times === 1)).toBe(true);
  await at.close();
  await server.stop();
});
