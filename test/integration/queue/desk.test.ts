import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jobId, keysOf, queueName } from '../../../src/queue/keys.ts';
import { openJobs } from '../../../src/queue/jobs.ts';
import type { Desk } from '../../../src/slack/desk.ts';
import { startRedis, type TestRedis } from '../redis.ts';
import { ask, CLUSTER, holding, newId, openAt, PREFIX, result, stands, until, type Opened } from './fixture.ts';
import { onRedis } from './on-redis.ts';

const keys = keysOf(PREFIX);
let server: TestRedis;
let at: Opened;
onRedis((now) => ({ server, at } = now));

const jobs = async (cluster = CLUSTER): Promise<number> => {
  const queues = openJobs({ redis: at.redis, prefix: PREFIX, onError: () => undefined });
  const { waiting } = await queues.counts(cluster);
  await queues.close();
  return waiting;
};

describe('asking', () => {
  test('makes a run, whose job waits in the queue of its cluster', async () => {
    const desk = at.desk() satisfies Desk;
    const asked = await desk.ask(ask(CLUSTER, { user: 'U7', channel: 'C7' }));
    expect(asked).toMatchObject({
      outcome: 'started',
      record: {
        kind: 'check',
        cluster: CLUSTER,
        askedBy: 'U7',
        places: [{ channel: 'C7', thread: null, askers: ['U7'] }],
        progress: { state: 'queued', attempt: 0, startedAt: null },
        result: null,
      },
    });
    expect(await desk.find(asked.record.id)).toEqual(asked.record);
    expect(await desk.clusters()).toEqual([{ cluster: CLUSTER, workers: 0, waiting: 1, running: 0 }]);
  });

  test('twenty times at once at two desks makes one run', async () => {
    const desks = [at.desk(), at.desk()];
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => desks[index % 2]!.ask(ask(CLUSTER, { user: `U${index}`, channel: `C${index % 4}` }))),
    );
    expect(new Set(all.map(({ record }) => record.id)).size).toBe(1);
    expect(all.filter(({ outcome }) => outcome === 'started')).toHaveLength(1);
    expect(all.filter(({ outcome }) => outcome === 'joined')).toHaveLength(3);
    const record = await desks[0]!.find(all[0]!.record.id);
    expect(record?.places.map(({ channel }) => channel).toSorted()).toEqual(['C0', 'C1', 'C2', 'C3']);
    expect(record?.places.flatMap(({ askers }) => askers)).toHaveLength(20);
    expect(await jobs()).toBe(1);
  });

  test('again in the same place says so, and is not counted twice', async () => {
    const desk = at.desk();
    const { record } = await desk.ask(ask(CLUSTER, { names: ['B.example', 'a.example'] }));
    expect(await desk.ask(ask(CLUSTER, { names: ['a.example', 'b.example'] }))).toMatchObject({
      outcome: 'here',
      record: { id: record.id },
    });
    const other = await desk.ask(ask(CLUSTER, { names: ['a.example', 'b.example'], user: 'U2' }));
    expect(other).toMatchObject({ outcome: 'here', record: { places: [{ askers: ['U1', 'U2'] }] } });
  });

  test('something else makes another run', async () => {
    const desk = at.desk();
    const first = await desk.ask(ask(CLUSTER));
    for (const other of [{ quick: true }, { pod: 'shop/cart' }, { names: ['a.example.'] }, { timeoutMs: 5 }]) {
      expect(await desk.ask(ask(CLUSTER, other))).toMatchObject({ outcome: 'started' });
    }
    expect(await desk.ask({ ...ask(CLUSTER), kind: 'doctor' })).toMatchObject({ outcome: 'started' });
    expect(await desk.ask(ask(CLUSTER))).toMatchObject({ outcome: 'here', record: { id: first.record.id } });
  });

  test('after the run is over, is to be ended, or has waited too long makes another', async () => {
    const desk = at.desk();
    const hasty = at.desk({ orderSeconds: -1 });
    const first = await desk.ask(ask(CLUSTER));
    await desk.cancel(first.record.id, 'U1');
    const second = await hasty.ask(ask(CLUSTER));
    expect(second.outcome).toBe('started');
    const third = await desk.ask(ask(CLUSTER));
    expect(third.outcome).toBe('started');
    const held = holding();
    const workers = await at.workers({ perform: held.perform });
    await stands(desk, third.record.id, 'running');
    expect(await desk.ask(ask(CLUSTER, { channel: 'C2' }))).toMatchObject({ outcome: 'joined', record: { id: third.record.id } });
    await at.redis.hset(keys.run(third.record.id), 'cancel', 'U1');
    expect(await desk.ask(ask(CLUSTER, { channel: 'C3' }))).toMatchObject({ outcome: 'started' });
    held.end();
    await workers.close(0);
  });

  test('for a cluster that is none of ours is refused in words', async () => {
    await expect(at.desk().ask(ask('nowhere'))).rejects.toThrow('there is no cluster "nowhere"');
  });

  test('in the thread below a card that a bot has posted is asking in its place', async () => {
    const { desk, book } = at.bot();
    const { record } = await desk.ask(ask(CLUSTER));
    await book.write(record.id, 'C1', 'card', { state: 'posted', ts: '1700.1', hash: 'h', at: 1 });
    expect(await desk.ask(ask(CLUSTER, { thread: '1700.1', user: 'U2' }))).toMatchObject({
      outcome: 'here',
      record: { places: [{ channel: 'C1', thread: null, askers: ['U1', 'U2'] }] },
    });
    expect(await desk.ask(ask(CLUSTER, { thread: '1700.2' }))).toMatchObject({ outcome: 'joined' });
    expect((await desk.latestAt({ channel: 'C1', thread: '1700.1' }))?.id).toBe(record.id);
  });

  test('takes another id where one is taken', async () => {
    const ids = ['00000000aa', '00000000aa', '00000000bb'];
    const desk = at.desk({ newId: () => ids.shift()! });
    await desk.ask(ask(CLUSTER));
    expect(await desk.ask(ask(CLUSTER, { quick: true }))).toMatchObject({ outcome: 'started', record: { id: '00000000bb' } });
  });

  test('does not join a run that cannot be read, and says that it was there', async () => {
    const unreadable: string[] = [];
    const desk = at.desk({ onUnreadable: (run) => unreadable.push(run) });
    const { record } = await desk.ask(ask(CLUSTER));
    await at.redis.hset(keys.run(record.id), 'progress', '{"state":"dancing"}');
    expect(await desk.find(record.id)).toBeNull();
    const again = await desk.ask(ask(CLUSTER));
    expect(again.outcome).toBe('started');
    expect(again.record.id).not.toBe(record.id);
    expect(unreadable).toContain(record.id);
  });

  test('a record that stands under the id of another run is none', async () => {
    const desk = at.desk();
    const { record } = await desk.ask(ask(CLUSTER));
    const other = (await desk.ask(ask(CLUSTER, { quick: true }))).record;
    await at.redis.hset(keys.run(record.id), 'base', (await at.redis.hget(keys.run(other.id), 'base'))!);
    expect(await desk.find(record.id)).toBeNull();
  });

  test('puts the job there when the one who made the run died before', async () => {
    const desk = at.desk();
    const { record } = await desk.ask(ask(CLUSTER));
    const queues = openJobs({ redis: at.redis, prefix: PREFIX, onError: () => undefined });
    await queues.remove(CLUSTER, record.id);
    expect(await jobs()).toBe(0);
    await desk.ask(ask(CLUSTER, { channel: 'C2' }));
    expect(await queues.has(CLUSTER, record.id)).toBe(true);
    await queues.close();
  });

  test('puts a job under an id of digits too', async () => {
    const desk = at.desk({ newId: () => '1234567890' });
    await desk.ask(ask(CLUSTER));
    expect(await jobs()).toBe(1);
  });
});

describe('what the desk remembers', () => {
  test('the first who says a key, among all bots', async () => {
    const desks = [at.desk(), at.desk()];
    const said = await Promise.all(Array.from({ length: 10 }, (_, index) => desks[index % 2]!.first('Ev 1: <any> thing')));
    expect(said.filter(Boolean)).toHaveLength(1);
    expect(await desks[0]!.first('another')).toBe(true);
    const ttl = await at.redis.ttl(keys.first('another'));
    expect(ttl).toBeGreaterThan(600);
    expect(ttl).toBeLessThanOrEqual(900);
  });

  test('the newest run of a place', async () => {
    const desk = at.desk();
    expect(await desk.latestAt({ channel: 'C1', thread: null })).toBeNull();
    const first = await desk.ask(ask(CLUSTER));
    const second = await desk.ask(ask(CLUSTER, { quick: true }));
    expect((await desk.latestAt({ channel: 'C1', thread: null }))?.id).toBe(second.record.id);
    await desk.ask(ask(CLUSTER));
    expect((await desk.latestAt({ channel: 'C1', thread: null }))?.id).toBe(first.record.id);
    expect(await desk.latestAt({ channel: 'C1', thread: '1.1' })).toBeNull();
  });

  test('what is no id of a run is not looked for', async () => {
    expect(await at.desk().find('*')).toBeNull();
    expect(await at.desk().cancel('0123456789:asks', 'U1')).toBe('unknown');
    expect(await at.desk().cancel(newId(), 'U1')).toBe('unknown');
  });

  test('history, newest first and cut, with what came out of each run', async () => {
    let now = 1_700_000_000_000;
    const desk = at.desk({ now: () => (now += 1000), orderSeconds: 1e9 });
    const runs = [];
    for (const pod of ['a/a', 'a/b', 'a/c']) runs.push((await desk.ask(ask(CLUSTER, { pod }))).record.id);
    await desk.cancel(runs[2]!, 'U9');
    await at.workers({});
    await stands(desk, runs[0]!, 'done');
    await stands(desk, runs[1]!, 'done');
    expect(await desk.history(CLUSTER, 10)).toMatchObject([
      { id: runs[2], state: 'cancelled', status: null, cause: null, askedBy: 'U1', kind: 'check', cluster: CLUSTER },
      { id: runs[1], state: 'done', status: 'healthy', cause: null },
      { id: runs[0], state: 'done', endedAt: expect.any(Number) },
    ]);
    expect((await desk.history(CLUSTER, 2)).map(({ id }) => id)).toEqual([runs[2], runs[1]]);
    expect(await desk.history(CLUSTER, 0)).toEqual([]);
    expect(await desk.history('another', 10)).toEqual([]);
  });

  test('runs are kept for a time after their end, and history forgets them then', async () => {
    const desk = at.desk({ keepSeconds: 2 });
    await at.workers({ keepSeconds: 1 });
    const { record } = await desk.ask(ask(CLUSTER));
    expect(await at.redis.ttl(keys.run(record.id))).toBeGreaterThan(3600);
    await stands(desk, record.id, 'done');
    const cancelled = await desk.ask(ask(CLUSTER, { quick: true, pod: 'x/y' }));
    await until(
      () => desk.history(CLUSTER, 5),
      (list) => !list.some(({ id }) => id === record.id),
    );
    await stands(desk, cancelled.record.id, 'done').catch(() => undefined);
    await until(
      () => at.redis.zcard(keys.history(CLUSTER)).then(async (count) => ((await desk.history(CLUSTER, 5)).length === 0 ? 0 : count)),
      (count) => count === 0,
    );
    expect(await at.redis.exists(keys.run(record.id), keys.asks(record.id))).toBe(0);
  });

  test('readings that are too large are dropped, the report never', async () => {
    const desk = at.desk();
    await at.workers({ perform: async ({ run, request: { quick } }) => result(run, CLUSTER, quick ? 1_200_000 : 900_000) });
    const kept = await desk.ask(ask(CLUSTER));
    const cut = await desk.ask(ask(CLUSTER, { quick: true }));
    const whole = await stands(desk, kept.record.id, 'done');
    expect(whole.result).toEqual(result(kept.record.id, CLUSTER, 900_000));
    expect((await stands(desk, cut.record.id, 'done')).result).toEqual({ ...result(cut.record.id, CLUSTER), readings: {} });
  });
});

describe('cancelling', () => {
  test('a run that waits ends it at once, and takes its job out', async () => {
    const desk = at.desk();
    const { record } = await desk.ask(ask(CLUSTER));
    expect(await desk.cancel(record.id, 'U5')).toBe('cancelled');
    expect((await desk.find(record.id))?.progress).toMatchObject({
      state: 'cancelled',
      attempt: 0,
      cancelledBy: 'U5',
      endedAt: expect.any(Number),
    });
    expect(await jobs()).toBe(0);
    expect(await desk.cancel(record.id, 'U6')).toBe('over');
  });

  test('a run that goes on stops it, and what comes out of it is dropped', async () => {
    const desk = at.desk();
    const deaf = await at.workers({
      perform: (order, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(result(order.run, CLUSTER)))),
    });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    expect(await desk.cancel(record.id, 'U5')).toBe('stopping');
    const over = await stands(desk, record.id, 'cancelled');
    expect(over).toMatchObject({ result: null, progress: { attempt: 1, cancelledBy: 'U5', error: null } });
    expect(deaf.ended).toMatchObject([{ id: record.id, progress: { state: 'cancelled' } }]);
    expect(await desk.cancel(record.id, 'U5')).toBe('over');
  });

  test('a run whose worker does not hear the call stops it by the flag in the record', async () => {
    const desk = at.desk();
    const held = holding();
    await at.workers({ perform: held.perform });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    await at.redis.hset(keys.run(record.id), 'cancel', 'U8');
    expect((await stands(desk, record.id, 'cancelled')).progress.cancelledBy).toBe('U8');
    expect(held.aborted).toEqual([record.id]);
  });

  test('a run that does not stop is not waited for', async () => {
    const desk = at.desk();
    const workers = await at.workers({ perform: () => new Promise(() => undefined) });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    await desk.cancel(record.id, 'U5');
    expect((await stands(desk, record.id, 'cancelled')).progress.cancelledBy).toBe('U5');
    await until(
      () => workers.running(),
      (running) => running === 0,
    );
  });

  test('a run whose worker is gone ends it at once', async () => {
    const desk = at.desk();
    const held = holding();
    const workers = await at.workers({ perform: held.perform });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    await workers.close(0);
    expect((await desk.find(record.id))?.progress.state).toBe('queued');
    expect(await desk.cancel(record.id, 'U5')).toBe('cancelled');
    expect((await desk.find(record.id))?.progress).toMatchObject({ state: 'cancelled', attempt: 1 });
  });

  test('a result that comes before the worker has seen the flag is dropped', async () => {
    const desk = at.desk();
    const held = holding();
    await at.workers({ perform: held.perform });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    await at.redis.hset(keys.run(record.id), 'cancel', 'U8');
    held.end();
    expect(await stands(desk, record.id, 'cancelled')).toMatchObject({ result: null, progress: { cancelledBy: 'U8' } });
  });

  test('a result that comes after the cancel was written is dropped', async () => {
    const desk = at.desk();
    const held = holding();
    const workers = await at.workers({ perform: held.perform });
    const { record } = await desk.ask(ask(CLUSTER));
    await stands(desk, record.id, 'running');
    const text = JSON.stringify({ ...record.progress, state: 'cancelled', cancelledBy: 'U1' });
    await at.redis.hset(keys.run(record.id), 'state', 'cancelled', 'progress', text);
    held.end();
    await until(
      () => workers.running(),
      (running) => running === 0,
    );
    expect(await desk.find(record.id)).toMatchObject({ result: null, progress: { state: 'cancelled' } });
    expect(workers.ended).toEqual([]);
  });
});

describe('a Redis that is away', () => {
  let other: TestRedis;
  beforeAll(async () => {
    other = await startRedis();
  });
  afterAll(() => other.stop());

  test.each(['killed', 'frozen'])('(%s) makes every call fail within two seconds, and is found again', async (how) => {
    const away = openAt(other.url);
    const { desk, book } = away.bot();
    const { record } = await desk.ask(ask(CLUSTER));
    await (how === 'killed' ? other.kill() : other.freeze());
    const started = performance.now();
    const calls = [
      desk.ask(ask(CLUSTER, { quick: true })),
      desk.find(record.id),
      desk.cancel(record.id, 'U1'),
      desk.first('x'),
      desk.clusters(),
      desk.history(CLUSTER, 5),
      desk.latestAt({ channel: 'C1', thread: null }),
      book.open(),
      book.lease(record.id),
      book.reserve('post', 1000, 1),
      book.write(record.id, 'C1', 'card', { state: 'posted', ts: '1', hash: '', at: 1 }),
    ];
    const failures = await Promise.all(
      calls.map((call) =>
        call.then(
          () => null,
          (error: Error) => error,
        ),
      ),
    );
    expect(performance.now() - started).toBeLessThan(2000);
    for (const failure of failures) {
      expect(failure).toMatchObject({ name: 'Failure', reason: 'error', message: expect.stringMatching(/^Redis does not answer: ./) });
    }
    await (how === 'killed' ? other.start() : other.thaw());
    await until(
      () => desk.first('y').catch(() => null),
      (said) => said !== null,
    );
    expect((await desk.ask(ask(CLUSTER))).record.cluster).toBe(CLUSTER);
    await away.close();
  });

  test('that was never there fails too, and says so', async () => {
    const nowhere = openAt('redis://127.0.0.1:1');
    await expect(nowhere.desk().ask(ask(CLUSTER))).rejects.toThrow('Redis does not answer: nothing came back within 1.8 s');
    await nowhere.close();
  });

  test('that refuses says why', async () => {
    await at.redis.config('SET', 'maxmemory', '1');
    await expect(at.desk().ask(ask(CLUSTER))).rejects.toThrow(/^Redis refuses: OOM /);
    await at.redis.config('SET', 'maxmemory', '0');
  });
});

test('a password is in no error', async () => {
  await at.redis.config('SET', 'requirepass', 'the right one');
  const heard: string[] = [];
  const { connectRedis, endRedis } = await import('../../../src/queue/connect.ts');
  const redis = connectRedis(server.url.replace('//', '//:hunter2@'), 'producer', (error) =>
    heard.push(JSON.stringify(error, Object.getOwnPropertyNames(error))),
  );
  await until(
    () => heard.length,
    (count) => count > 0,
  );
  await redis.get('x').catch((error: Error) => heard.push(error.message));
  endRedis(redis);
  await at.redis.config('SET', 'requirepass', '');
  expect(heard.join('\n')).toMatch(/WRONGPASS|NOAUTH/);
  expect(heard.join('\n')).not.toContain('hunter2');
});

test('a unix socket will do', async () => {
  const there = openAt(`unix://${server.socket}`);
  expect(await there.desk().ask(ask(CLUSTER))).toMatchObject({ outcome: 'started' });
  await there.close();
});

test('nothing waits for a name that another cluster has', async () => {
  const desk = at.desk({ clusters: ['a:b', 'a/b'] });
  await desk.ask(ask('a:b'));
  expect(await desk.clusters()).toMatchObject([{ waiting: 1 }, { waiting: 0 }]);
  expect(queueName('a:b')).not.toBe(queueName('a/b'));
  expect(jobId('0123456789')).not.toContain(':');
});
