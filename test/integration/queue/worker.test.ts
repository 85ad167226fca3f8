import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/base/failure.ts';
import { bullPrefix, jobId, keysOf, queueName } from '../../../src/queue/keys.ts';
import { openDepth } from '../../../src/queue/depth.ts';
import { openJobs } from '../../../src/queue/jobs.ts';
import type { RunHooks } from '../../../src/queue/worker.ts';
import type { RunOrder, SignedOrder } from '../../../src/domain/run.ts';
import { startRedis, type TestRedis } from '../redis.ts';
import { ask, CLUSTER, holding, newId, openAt, pause, PREFIX, result, sign, stands, until, type Opened } from './fixture.ts';

const keys = keysOf(PREFIX);
let server: TestRedis;
let at: Opened;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => {
  at = openAt(server.url);
});
afterEach(async () => {
  await at.close();
  const redis = openAt(server.url);
  await redis.redis.flushall();
  await redis.close();
});

/** The queue as someone sees it who writes to Redis past us. */
async function inQueue<T>(what: (queue: Queue) => Promise<T>, cluster = CLUSTER): Promise<T> {
  const queue = new Queue(queueName(cluster), { connection: at.redis, prefix: bullPrefix(PREFIX) });
  try {
    return await what(queue);
  } finally {
    await queue.close();
  }
}
const put = (data: unknown, id: string, cluster = CLUSTER) =>
  inQueue((queue) => queue.add('run', data, { jobId: id, removeOnComplete: true, removeOnFail: true }), cluster);
const left = (cluster = CLUSTER) => inQueue((queue) => queue.getJobCounts(), cluster);
const quiet = (cluster = CLUSTER) =>
  until(
    () => left(cluster),
    (counts) => Object.values(counts).every((count) => count === 0),
  );

describe('a run', () => {
  test('is performed with its order, says how far it is, and leaves nothing in the queue', async () => {
    const desk = at.desk();
    const held = holding();
    const orders: RunOrder[] = [];
    const workers = await at.workers({
      perform: async (order, hooks) => {
        orders.push(order);
        hooks.onStep({ id: 'a', title: 'A', state: 'running', reason: null, durationMs: null });
        hooks.onStep({ id: 'b', title: 'B', state: 'running', reason: null, durationMs: null });
        hooks.onStep({ id: 'a', title: 'A', state: 'failed', reason: 'x'.repeat(2000), durationMs: 5 });
        return held.perform(order, hooks);
      },
    });
    const { record } = await desk.ask(ask(CLUSTER, { pod: 'shop/cart', user: 'U3' }));
    const running = await until(
      () => desk.find(record.id),
      (found) => found?.progress.steps.length === 2,
    );
    expect(running?.progress).toMatchObject({ state: 'running', attempt: 1, startedAt: expect.any(Number), endedAt: null });
    expect(running?.progress.steps).toMatchObject([
      { id: 'a', state: 'failed', reason: 'x'.repeat(500) },
      { id: 'b', state: 'running' },
    ]);
    held.end();
    const done = await stands(desk, record.id, 'done');
    expect(done).toMatchObject({
      result: result(record.id, CLUSTER),
      progress: { steps: [{ id: 'a' }, { id: 'b' }], endedAt: expect.any(Number) },
    });
    expect(orders).toMatchObject([
      { run: record.id, request: { pod: 'shop/cart', cluster: CLUSTER }, person: { user: 'U3' }, channel: { id: 'C1' } },
    ]);
    expect(workers.ended).toEqual([done]);
    await quiet();
    expect(await at.redis.exists(keys.held(record.id))).toBe(0);
  });

  test('that goes on writes no more often than four times a second', async () => {
    const desk = at.desk();
    const book = at.bot().book;
    const heard: string[] = [];
    book.onChange((run) => heard.push(run));
    await until(
      () => at.redis.pubsub('NUMSUB', keys.changed),
      ([, count]) => count === 1,
    );
    await at.workers({
      perform: async (order, { onStep }) => {
        for (let index = 0; index < 200; index += 1) {
          onStep({ id: `${index % 50}`, title: '', state: 'running', reason: null, durationMs: null });
          await pause(5);
        }
        return result(order.run, CLUSTER);
      },
    });
    const { record } = await desk.ask(ask(CLUSTER));
    const done = await stands(desk, record.id, 'done');
    const seconds = (done.progress.endedAt! - done.progress.startedAt!) / 1000;
    // Asked, taken and ended are changes too.
    expect(heard.length).toBeLessThanOrEqual(3 + Math.ceil(seconds * 4) + 1);
    expect(heard.length).toBeGreaterThan(4);
    expect(done.progress.steps).toHaveLength(50);
  });

  test('fails with the words of its failure, and is not tried again', async () => {
    const desk = at.desk();
    let times = 0;
    await at.workers({
      perform: async () => {
        times += 1;
        throw new Failure('forbidden', 'the API server refuses everything');
      },
    });
    const { record } = await desk.ask(ask(CLUSTER));
    expect((await stands(desk, record.id, 'failed')).progress).toMatchObject({ error: 'the API server refuses everything', attempt: 1 });
    await quiet();
    expect(times).toBe(1);
  });

  test('whose machinery breaks is tried three times, and fails in words without its details', async () => {
    const desk = at.desk();
    const attempts: number[] = [];
    const workers = await at.workers({
      perform: async (_order, { attempt }) => {
        attempts.push(attempt);
        throw new TypeError('secret: hunter2');
      },
    });
    const { record } = await desk.ask(ask(CLUSTER));
    await until(
      () => desk.find(record.id),
      (found) => found?.progress.state === 'queued' && found.progress.attempt === 1,
    );
    const job = await inQueue((queue) => queue.getJob(jobId(record.id)));
    expect(JSON.stringify(job)).toContain('the run broke off');
    expect(JSON.stringify(job)).not.toContain('hunter2');
    const failed = await stands(desk, record.id, 'failed', 20_000);
    expect(failed.progress.error).toMatch(/^it broke off several times/);
    expect(JSON.stringify(failed)).not.toContain('hunter2');
    expect(attempts).toEqual([1, 2, 3]);
    expect(workers.ended).toHaveLength(1);
    await quiet();
  });

  test('whose machinery breaks once gets to its end', async () => {
    const desk = at.desk();
    await at.workers({
      perform: async (order, { attempt }) => {
        if (attempt === 1) throw new TypeError('fetch failed');
        return result(order.run, CLUSTER);
      },
      beforeRetry: () => Promise.reject(new Error('cannot sweep')),
    });
    const { record } = await desk.ask(ask(CLUSTER));
    expect((await stands(desk, record.id, 'done')).progress).toMatchObject({ attempt: 2, error: null });
  });

  test('that comes to nothing that is a result fails', async () => {
    const desk = at.desk();
    await at.workers({ perform: async () => ({ kind: 'check', report: 'good' }) as never });
    const { record } = await desk.ask(ask(CLUSTER));
    expect((await stands(desk, record.id, 'failed')).progress.error).toMatch(/^what came out of it cannot be kept/);
  });

  test('that takes too long is given up', async () => {
    const desk = at.desk();
    await at.workers({ perform: () => new Promise(() => undefined), limitMs: 300, patienceMs: 200 });
    const { record } = await desk.ask(ask(CLUSTER));
    expect((await stands(desk, record.id, 'failed')).progress.error).toBe('it did not end within 1 minutes');
  });

  test.each(['to it', 'to another'])('that is delivered again while its worker goes on, %s, is not performed twice', async (again) => {
    const desk = at.desk();
    const held = holding();
    const workers = await at.workers({ perform: held.perform, concurrency: again === 'to it' ? 2 : 1 });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    const others = again === 'to it' ? [] : [await at.workers({ perform: held.perform })];
    // What a Redis does that was away for long: the lock of the job is gone, and the job is taken for a dead worker's.
    await at.redis.del(`${bullPrefix(PREFIX)}:${queueName(CLUSTER)}:${jobId(record.id)}:lock`);
    await until(
      () => inQueue((queue) => queue.getJob(jobId(record.id))),
      (job) => (job?.attemptsStarted ?? 0) > 1,
    );
    await pause(500);
    expect(held.begun).toEqual([record.id]);
    held.end();
    expect((await stands(desk, record.id, 'done')).progress.attempt).toBe(1);
    await quiet();
    expect(held.begun).toEqual([record.id]);
    expect(workers.ended.map(({ id }) => id)).toEqual([record.id]);
    expect([workers, ...others].flatMap(({ refused }) => refused)).toEqual([]);
  });
});

describe('an order is refused and counted', () => {
  const orderOf = async (run: string): Promise<SignedOrder> => {
    const job = await inQueue((queue) => queue.getJob(jobId(run)));
    return job!.data as SignedOrder;
  };
  /** A run that waits, whose job now holds something else. */
  const tampered = async (change: (signed: SignedOrder, order: RunOrder) => unknown) => {
    const desk = at.desk();
    const { record } = await desk.ask(ask(CLUSTER));
    const signed = await orderOf(record.id);
    const data = change(signed, JSON.parse(signed.order) as RunOrder);
    await at.redis.hset(
      `${bullPrefix(PREFIX)}:${queueName(CLUSTER)}:${jobId(record.id)}`,
      'data',
      typeof data === 'string' ? data : JSON.stringify(data),
    );
    const performed: string[] = [];
    const workers = await at.workers({
      perform: async (order) => {
        performed.push(order.run);
        return result(order.run, CLUSTER);
      },
    });
    const failed = await stands(desk, record.id, 'failed');
    await quiet();
    expect(performed).toEqual([]);
    expect(workers.ended).toHaveLength(1);
    return { run: record.id, refused: workers.refused, error: failed.progress.error };
  };

  test.each<[string, string, (signed: SignedOrder, order: RunOrder) => unknown]>([
    ['signed with another secret', 'forged', (_signed, order) => sign(order, 'another')],
    [
      'changed',
      'forged',
      (signed, order) => ({ ...signed, order: JSON.stringify({ ...order, request: { ...order.request, node: 'n1' } }) }),
    ],
    ['expired', 'expired', (_signed, order) => sign({ ...order, expiresAt: Date.now() - 1 })],
    ['of another run', 'other-run', (_signed, order) => sign({ ...order, run: newId() })],
    ['for another cluster', 'other-cluster', (_signed, order) => sign({ ...order, request: { ...order.request, cluster: 'b' } })],
    ['without a signature', 'payload', (signed) => ({ order: signed.order })],
    ['huge', 'payload', (signed) => ({ ...signed, order: 'x'.repeat(5_000_000) })],
    ['null', 'payload', () => 'null'],
    ['not JSON', 'payload', () => '{"order": '],
  ])('when it is %s; its run fails and says so', async (_what, reason, change) => {
    const { run, refused, error } = await tampered(change);
    expect(refused).toEqual([{ reason, run, cluster: CLUSTER }]);
    expect(error).toMatch(/^the worker refused the order: ./);
  });

  test('when it is carried out already, under its own id or another', async () => {
    const desk = at.desk();
    const { record } = await desk.ask(ask(CLUSTER));
    const signed = await orderOf(record.id);
    const workers = await at.workers({});
    const done = await stands(desk, record.id, 'done');
    await quiet();
    await put(signed, jobId(record.id));
    await put(signed, jobId(newId()));
    await put(signed, 'another');
    await until(
      () => workers.refused.length,
      (count) => count === 3,
    );
    await quiet();
    expect(workers.refused.map(({ reason }) => reason).toSorted()).toEqual(['payload', 'replayed', 'unknown-run']);
    expect(await desk.find(record.id)).toEqual(done);
    expect(workers.ended).toHaveLength(1);
  });

  test('under the id of another run, which fails; its own run is left alone', async () => {
    const desk = at.desk();
    const good = (await desk.ask(ask(CLUSTER))).record;
    const bad = (await desk.ask(ask(CLUSTER, { quick: true }))).record;
    await at.redis.hset(`${bullPrefix(PREFIX)}:${queueName(CLUSTER)}:${jobId(bad.id)}`, 'data', JSON.stringify(await orderOf(good.id)));
    const workers = await at.workers({});
    await stands(desk, good.id, 'done');
    await stands(desk, bad.id, 'failed');
    expect(workers.refused).toEqual([{ reason: 'other-run', run: bad.id, cluster: CLUSTER }]);
  });

  test('in the queue of another cluster; the run goes its way', async () => {
    const desk = at.desk();
    const { record } = await desk.ask(ask(CLUSTER));
    await put(await orderOf(record.id), jobId(record.id), 'other');
    const workers = await at.workers({ clusters: ['other'] });
    await until(
      () => workers.refused,
      (refused) => refused.length === 1,
    );
    expect(workers.refused).toEqual([{ reason: 'other-cluster', run: record.id, cluster: 'other' }]);
    expect((await desk.find(record.id))?.progress.state).toBe('queued');
    await at.workers({});
    await stands(desk, record.id, 'done');
  });

  test('when the record of its run cannot be read', async () => {
    const desk = at.desk();
    const unreadable: string[] = [];
    const { record } = await desk.ask(ask(CLUSTER));
    await at.redis.hset(keys.run(record.id), 'base', '[]');
    const workers = await at.workers({ onUnreadable: (run) => unreadable.push(run) });
    await until(
      () => workers.refused,
      (refused) => refused.length === 1,
    );
    expect(workers.refused[0]).toMatchObject({ reason: 'unknown-run', run: record.id });
    expect(unreadable).toContain(record.id);
  });

  test('jobs that BullMQ itself cannot read are taken out, and the runs behind them go on', async () => {
    const desk = at.desk();
    const bull = `${bullPrefix(PREFIX)}:${queueName(CLUSTER)}`;
    const ids = ['run-00000000a1', 'run-00000000a2', 'junk', 'run-00000000a4'];
    await put({}, ids[0]!);
    await put({}, ids[1]!);
    await put({}, ids[2]!);
    await at.redis.hset(`${bull}:${ids[0]}`, 'opts', 'not JSON');
    await at.redis.hset(`${bull}:${ids[1]}`, 'data', '{');
    await at.redis.set(`${bull}:${ids[3]}`, 'no hash at all');
    await at.redis.lpush(`${bull}:wait`, ids[3]!);
    await at.redis.lpush(`${bull}:wait`, 'run-00000000a5');
    const { record } = await desk.ask(ask(CLUSTER));
    const workers = await at.workers({});
    await stands(desk, record.id, 'done');
    await quiet();
    expect(new Set(workers.refused.map(({ run }) => run))).toEqual(new Set(['00000000a1', '00000000a2', '', '00000000a4', '00000000a5']));
    expect(new Set(workers.refused.map(({ reason }) => reason))).toEqual(new Set(['payload']));
  });
});

describe('many runs', () => {
  test('of a cluster are bounded over all workers; those of another do not wait for them', async () => {
    const clusters = ['a', 'b'];
    const desk = at.desk({ clusters });
    const going = { a: 0, b: 0 };
    const most = { a: 0, b: 0 };
    const held = holding();
    const perform = async (order: RunOrder, hooks: RunHooks) => {
      const cluster = order.request.cluster as 'a' | 'b';
      going[cluster] += 1;
      most[cluster] = Math.max(most[cluster], going[cluster]);
      if (cluster === 'a') await held.perform(order, hooks);
      else await pause(20);
      going[cluster] -= 1;
      return result(order.run, cluster);
    };
    const about = { clusters, perform, concurrency: 3, globalConcurrency: 4 };
    await at.workers(about);
    await at.workers(about);
    await until(
      () => desk.clusters(),
      (states) => states.every(({ workers }) => workers === 2),
    );
    const runs = [];
    for (let index = 0; index < 10; index += 1) {
      runs.push((await desk.ask(ask('a', { pod: `x/${index}` }))).record.id);
      runs.push((await desk.ask(ask('b', { pod: `x/${index}` }))).record.id);
    }
    await Promise.all(runs.filter((_run, index) => index % 2 === 1).map((run) => stands(desk, run, 'done')));
    await until(
      () => going.a,
      (count) => count === 4,
    );
    await pause(300);
    expect(going.a).toBe(4);
    expect(await desk.clusters()).toMatchObject([
      { cluster: 'a', running: 4, waiting: 6 },
      { running: 0, waiting: 0 },
    ]);
    held.end();
    await Promise.all(runs.map((run) => stands(desk, run, 'done')));
    expect(most.a).toBe(4);
    expect(new Set(held.begun).size).toBe(10);
    expect(held.begun).toHaveLength(10);
  });

  test('show in the depth of the queue, with the age of the oldest', async () => {
    const desk = at.desk();
    const depth = openDepth({ redis: at.redis, prefix: PREFIX, clusters: [CLUSTER, 'empty'], onError: () => undefined });
    await desk.ask(ask(CLUSTER));
    await pause(120);
    await desk.ask(ask(CLUSTER, { quick: true }));
    const [busy, empty] = await depth.read();
    expect(busy).toMatchObject({ cluster: CLUSTER, waiting: 2, running: 0, workers: 0 });
    expect(busy!.oldestMs).toBeGreaterThanOrEqual(100);
    expect(empty).toEqual({ cluster: 'empty', waiting: 0, running: 0, workers: 0, oldestMs: 0 });
    await depth.close();
  });
});

describe('a worker that ends', () => {
  test('takes no more runs, and lets those end that can within its grace', async () => {
    const desk = at.desk();
    const held = holding();
    const workers = await at.workers({ perform: held.perform, concurrency: 1 });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    const closing = workers.close(10_000);
    const waiting = (await desk.ask(ask(CLUSTER, { quick: true }))).record;
    await pause(200);
    held.end();
    await closing;
    expect((await desk.find(record.id))?.progress).toMatchObject({ state: 'done', attempt: 1 });
    expect((await desk.find(waiting.id))?.progress).toMatchObject({ state: 'queued', attempt: 0 });
    expect(workers.running()).toBe(0);
    expect(await desk.clusters()).toMatchObject([{ workers: 0, waiting: 1, running: 0 }]);
  });

  test('gives back what does not end in time, and another goes on at once', async () => {
    const desk = at.desk();
    const held = holding();
    const workers = await at.workers({ perform: held.perform });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    await workers.close(50);
    expect(held.aborted).toEqual([record.id]);
    expect((await desk.find(record.id))?.progress).toMatchObject({ state: 'queued', attempt: 1, endedAt: null, error: null, steps: [] });
    const queues = openJobs({ redis: at.redis, prefix: PREFIX, onError: () => undefined });
    expect(await queues.counts(CLUSTER)).toEqual({ waiting: 1, running: 0 });
    await queues.close();
    expect(await at.redis.exists(keys.held(record.id))).toBe(0);
    const started = performance.now();
    const next = await at.workers({});
    expect((await stands(desk, record.id, 'done')).progress.attempt).toBe(2);
    expect(performance.now() - started).toBeLessThan(1500);
    expect(workers.ended).toEqual([]);
    expect(next.refused).toEqual([]);
  });

  test('gives back a run that does not listen, too', async () => {
    const desk = at.desk();
    const workers = await at.workers({ perform: () => new Promise(() => undefined), patienceMs: 100 });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    await workers.close(10);
    expect((await desk.find(record.id))?.progress).toMatchObject({ state: 'queued', attempt: 1 });
  });

  test('does not give back what has come to its end just then', async () => {
    const desk = at.desk();
    const workers = await at.workers({
      perform: (order, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(result(order.run, CLUSTER)))),
    });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    await workers.close(10);
    expect((await desk.find(record.id))?.progress).toMatchObject({ state: 'done', attempt: 1 });
  });
});
