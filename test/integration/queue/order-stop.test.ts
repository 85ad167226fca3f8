import { expect, test } from '@jest/globals';
import type { RunOrder } from '../../../src/domain/run.ts';
import type { RunDesk } from '../../../src/queue/desk.ts';
import { keysOf } from '../../../src/queue/keys.ts';
import type { RunHooks } from '../../../src/queue/worker.ts';
import type { TestRedis } from '../redis.ts';
import { pause, PREFIX, stands, until, type Opened } from './fixture.ts';
import { onRedis } from './on-redis.ts';
import * as orders from './orders.ts';

const keys = keysOf(PREFIX);
let server: TestRedis;
let at: Opened;
onRedis((now) => ({ server, at } = now));

const signalled = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    const say = () => resolve((signal.reason as Error).message);
    if (signal.aborted) say();
    else signal.addEventListener('abort', say, { once: true });
  });

/** An order that is being carried out: `work` is what the worker does. */
async function underWay(desk: RunDesk) {
  const { run, id } = await orders.approved(at, desk);
  await desk.carryOut(run, id);
  const work = (await desk.change(run, id))!.change.applyRun!;
  const state = async () => (await desk.change(run, id))?.change.state;
  return { run, id, work, state, begun: () => until(state, (one) => one === 'running') };
}

/** Work that goes on until it is told to stop, and then as long again. */
function slowly(afterMs: number) {
  const told: string[] = [];
  const work = async (_order: RunOrder, { signal }: RunHooks) => {
    told.push(await signalled(signal));
    await pause(afterMs);
    return {};
  };
  return { told, work };
}

const changesHere = () => orders.changesAt(at, server.url);

test('a wish to stop is told, waited for longer than usual, and what came of it counts', async () => {
  const { desk } = at.bot();
  const going = await underWay(desk);
  const { told, work } = slowly(1500);
  await at.workers({ perform: orders.performing(changesHere(), work).perform, patienceMs: 100 });
  await going.begun();
  expect(await desk.cancel(going.work, 'U9')).toBe('stopping');
  const ended = await stands(desk, going.work, 'done');
  expect(told).toEqual(['the run was cancelled']);
  expect(ended).toMatchObject({ progress: { cancelledBy: null }, result: { kind: 'change', result: { outcome: 'applied' } } });
  expect(await going.state()).toBe('done');
});

test('one that does not stop within its own patience has failed, and is not called cancelled', async () => {
  const { desk } = at.bot();
  const going = await underWay(desk);
  await at.workers({ perform: orders.performing(changesHere(), slowly(60_000).work).perform, changePatienceMs: 200 });
  await going.begun();
  await desk.cancel(going.work, 'U9');
  const ended = await stands(desk, going.work, 'failed');
  expect(ended.progress).toMatchObject({ cancelledBy: null, error: expect.stringContaining('was told to stop and did not') });
  await desk.tend(orders.judges);
  expect(await going.state()).toBe('refused');
});

test('one that breaks off by it has failed with its words', async () => {
  const { desk } = at.bot();
  const going = await underWay(desk);
  const perform = orders.performing(changesHere(), async (_order, { signal }) => {
    await signalled(signal);
    throw signal.reason;
  });
  await at.workers({ perform: perform.perform });
  await going.begun();
  await desk.cancel(going.work, 'U9');
  expect((await stands(desk, going.work, 'failed')).progress.error).toBe('the run was cancelled');
});

test('a worker that ends tells it at once, and gives it back where it stops in between: another goes on', async () => {
  const { desk } = at.bot();
  const going = await underWay(desk);
  const told: string[] = [];
  const first = await at.workers({
    perform: orders.performing(changesHere(), async (_order, { signal }) => {
      told.push(await signalled(signal));
      throw new Error('stopped in between, for another worker');
    }).perform,
  });
  await going.begun();
  await first.close(20_000);
  expect(told).toEqual(['this worker ends, another goes on']);
  expect((await desk.find(going.work))?.progress).toMatchObject({ state: 'queued', attempt: 1 });
  const { perform, again } = orders.performing(changesHere());
  await at.workers({ perform });
  await stands(desk, going.work, 'done');
  expect(again).toEqual(['apply 2']);
  expect(await going.state()).toBe('done');
});

test('a worker that ends waits for one that comes to its end within the grace', async () => {
  const { desk } = at.bot();
  const going = await underWay(desk);
  const { told, work } = slowly(1000);
  const workers = await at.workers({ perform: orders.performing(changesHere(), work).perform, patienceMs: 50 });
  await going.begun();
  await workers.close(10_000);
  expect(told).toHaveLength(1);
  expect((await desk.find(going.work))?.progress.state).toBe('done');
  expect(await going.state()).toBe('done');
});

test('what was begun and given back is not simply cancelled: a worker is told to stop, and ends it', async () => {
  const { desk, guard } = at.bot();
  const going = await underWay(desk);
  const first = await at.workers({
    perform: orders.performing(changesHere(), async (_order, { signal }) => {
      await signalled(signal);
      throw new Error('stopped in between');
    }).perform,
  });
  await going.begun();
  await first.close(20_000);
  expect(await desk.cancel(going.work, 'U9')).toBe('stopping');
  await guard.check();
  expect((await desk.find(going.work))?.progress.state).toBe('queued');
  const told: string[] = [];
  await at.workers({
    perform: orders.performing(changesHere(), async (_order, { signal }) => {
      told.push(await signalled(signal));
      return {};
    }).perform,
  });
  await stands(desk, going.work, 'done');
  expect(told).toEqual(['the run was cancelled']);
});

test('what nobody has begun is cancelled as ever', async () => {
  const { desk } = at.bot();
  const going = await underWay(desk);
  expect(await desk.cancel(going.work, 'U9')).toBe('cancelled');
  expect(await at.redis.hget(keys.run(going.work), 'state')).toBe('cancelled');
  const { perform, begun } = orders.performing(changesHere());
  await at.workers({ perform });
  await pause(300);
  expect(begun).toEqual([]);
});
