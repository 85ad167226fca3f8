import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { keysOf } from '../../../src/queue/keys.ts';
import { startRedis, type TestRedis } from '../redis.ts';
import { ask, CLUSTER, openAt, PREFIX, result, stands, until, type Opened } from './fixture.ts';

let server: TestRedis;
let at: Opened;
const children: ChildProcess[] = [];
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => {
  at = openAt(server.url);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await at.redis.flushall();
  await at.close();
});

/** A worker in a process of its own, and the lines that it says. */
async function childWorker() {
  const child = spawn(process.execPath, [new URL('child-worker.ts', import.meta.url).pathname, server.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  children.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await until(
    () => lines,
    (said) => said.includes('ready'),
  );
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { lines, kill };
}

test('a run whose worker is killed is taken over, and ends once', async () => {
  const desk = at.desk();
  const child = await childWorker();
  const { record } = await desk.ask(ask(CLUSTER));
  await until(
    () => child.lines,
    (said) => said.includes(`begun ${record.id} 1`),
  );
  const steps = await until(
    () => desk.find(record.id),
    (found) => (found?.progress.steps.length ?? 0) > 0,
  );
  expect(steps?.progress).toMatchObject({ state: 'running', attempt: 1, steps: [{ id: 'corefile', state: 'running' }] });

  const swept: [string, number][] = [];
  const attempts: number[] = [];
  const workers = await at.workers({
    beforeRetry: async (order, attempt) => void swept.push([order.run, attempt]),
    perform: async (order, { attempt }) => {
      attempts.push(attempt);
      return result(order.run, CLUSTER);
    },
  });
  await child.kill();
  const done = await stands(desk, record.id, 'done');
  expect(done.progress).toMatchObject({ attempt: 2, startedAt: steps?.progress.startedAt, steps: [], error: null });
  expect(done.result).toEqual(result(record.id, CLUSTER));
  expect(swept).toEqual([[record.id, 2]]);
  expect(attempts).toEqual([2]);
  expect(workers.ended.map(({ id, progress }) => [id, progress.state])).toEqual([[record.id, 'done']]);
  expect(workers.refused).toEqual([]);
});

test('a run that kills each of its workers is given up, and says so', async () => {
  const desk = at.desk();
  const { record } = await desk.ask(ask(CLUSTER));
  for (const attempt of [1, 2, 3, 4]) {
    const child = await childWorker();
    await until(
      () => child.lines,
      (said) => said.includes(`begun ${record.id} ${attempt}`),
    );
    await child.kill();
  }
  const workers = await at.workers({});
  const failed = await stands(desk, record.id, 'failed');
  expect(failed.progress.error).toBe('it was taken up 4 times, and its worker died each time: the logs of the workers may say why');
  expect(workers.ended).toHaveLength(1);
});

test('a run that was to be cancelled when its worker died is cancelled, not repeated', async () => {
  const desk = at.desk();
  const child = await childWorker();
  const { record } = await desk.ask(ask(CLUSTER));
  await until(
    () => child.lines,
    (said) => said.includes(`begun ${record.id} 1`),
  );
  await child.kill();
  expect(await desk.cancel(record.id, 'U4')).toBe('stopping');
  const performed: string[] = [];
  await at.workers({
    perform: async (order) => {
      performed.push(order.run);
      return result(order.run, CLUSTER);
    },
  });
  expect((await stands(desk, record.id, 'cancelled')).progress).toMatchObject({ attempt: 1, cancelledBy: 'U4' });
  expect(performed).toEqual([]);
});

test('a worker that lives is counted, and one that was killed is not for long', async () => {
  const desk = at.desk();
  const child = await childWorker();
  await until(
    () => desk.clusters(),
    ([state]) => state?.workers === 1,
  );
  await desk.ask(ask(CLUSTER));
  await until(
    () => child.lines,
    (said) => said.some((line) => line.startsWith('begun')),
  );
  expect(await desk.clusters()).toMatchObject([{ cluster: CLUSTER, workers: 1, running: 1 }]);
  await child.kill();
  const set = keysOf(PREFIX).workers(CLUSTER);
  const [name] = await at.redis.zrange(set, 0, '-1');
  const [seconds] = await at.redis.time();
  await at.redis.zadd(set, Number(seconds) * 1000 - 21_000, name!);
  expect(await desk.clusters()).toMatchObject([{ workers: 0 }]);
});
