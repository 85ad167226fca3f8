import { describe, expect, test } from '@jest/globals';
import { openPen } from '../../../src/audit/redis.ts';
import type { Change } from '../../../src/domain/change.ts';
import { openJobs } from '../../../src/queue/jobs.ts';
import { keysOf } from '../../../src/queue/keys.ts';
import { lifeText, sealedProposals } from '../../../src/queue/lives.ts';
import { writeLife } from '../../../src/queue/move-script.ts';
import type { TestRedis } from '../redis.ts';
import { ask, CLUSTER, newId, pause, PREFIX, result, seal, stands, until, type Opened } from './fixture.ts';
import { onRedis } from './on-redis.ts';
import * as orders from './orders.ts';

const keys = keysOf(PREFIX);
let server: TestRedis;
let at: Opened;
onRedis((now) => ({ server, at } = now));

const changesHere = () => orders.changesAt(at, server.url);
const actions = async () => (await orders.chainOf(at).read(1, 1000)).map(({ action }) => action);

describe('what a check proposes', () => {
  test('is part of its record, as orders that nobody has asked for yet', async () => {
    const { desk, book } = at.bot();
    const one = orders.proposal();
    const none = { id: null, none: { remedy: 'x', params: {}, why: 'unsafe' as const, says: 'no', next: [], offers: [], allow: [] } };
    const { id: run } = await orders.checked(at, desk, [one, none]);
    const record = await desk.find(run);
    expect(record).toMatchObject({ changes: [orders.fresh(one)], revision: 0, result: { proposals: [one, none] } });
    expect(record?.changes).toHaveLength(1);
    expect(await book.load(run)).toEqual(record);
    expect(await desk.change(run, one.id)).toEqual({ record, change: orders.fresh(one) });
    expect(await desk.change(run, 'f'.repeat(32))).toBeNull();
    expect(await desk.move(newId(), one.id, orders.request)).toEqual({ is: 'unknown' });
    await book.settle(run, 0);
    expect(await book.open()).toEqual([]);
  });

  test('is kept when its readings are too large to keep, and does not grow without bound', async () => {
    const { desk } = at.bot();
    const many = Array.from({ length: 40 }, () => orders.proposal({ data: 'x'.repeat(30_000) }));
    const large = orders.proposal({ data: 'x'.repeat(200_000) });
    await at.workers({ perform: async ({ run }) => ({ ...(result(run, CLUSTER, 2_000_000) as any), proposals: [large, ...many] }) });
    const { record } = await desk.ask(ask(CLUSTER));
    const done = await stands(desk, record.id, 'done');
    const kept = done.result?.kind === 'check' ? done.result.proposals : undefined;
    expect(done.result).toMatchObject({ readings: {} });
    expect(kept?.[0]).toMatchObject({ id: null, none: { says: 'the plan is too large to keep' } });
    expect(kept?.slice(1)).toEqual(many.slice(0, kept!.length - 1));
    expect(done.changes!.length).toBeGreaterThan(10);
    expect(done.changes!.length).toBeLessThan(20);
  });
});

describe('a move', () => {
  test('is written with its line, opens the run again, and is told', async () => {
    const { desk, book } = at.bot();
    const one = orders.proposal();
    const { id: run } = await orders.checked(at, desk, [one]);
    await book.settle(run, 0);
    const heard: string[] = [];
    book.onChange((id) => heard.push(id));
    await until(
      async () => (await at.redis.pubsub('NUMSUB', keys.changed)) as [string, number],
      ([, ears]) => ears > 0,
    );
    await at.redis.expire(keys.run(run), 100);
    const moved = await desk.move(run, one.id, orders.request);
    const change = { id: one.id, plan: one.plan, state: 'requested', reason: 'because', requested: { person: { user: 'U1' } } };
    expect(moved).toMatchObject({ is: 'moved', change, record: { id: run, revision: 1, changes: [change] } });
    expect(await desk.find(run)).toMatchObject({ revision: 1, changes: [change] });
    expect(await book.open()).toEqual([run]);
    expect(await at.redis.ttl(keys.run(run))).toBeGreaterThan(7 * 24 * 3600 - 10);
    expect(await orders.chainOf(at).read(1, 9)).toMatchObject([{ seq: 1, action: 'requested', change: one.id }]);
    await until(
      () => heard,
      (runs) => runs.includes(run),
    );
  });

  test('that its judge does not allow changes nothing', async () => {
    const { desk } = at.bot();
    const one = orders.proposal();
    const { id: run } = await orders.checked(at, desk, [one]);
    const before = await at.redis.hgetall(keys.run(run));
    const change = orders.fresh(one);
    expect(await desk.move(run, one.id, orders.approve)).toMatchObject({ is: 'stays', why: 'state', change, record: { id: run } });
    expect(await at.redis.hgetall(keys.run(run))).toEqual(before);
    expect(await orders.chainOf(at).head()).toBeNull();
  });

  test('of two who press at the same time is made by one, and the other is told how it stands', async () => {
    const [here, there] = [at.desk(), at.desk()];
    const one = orders.proposal();
    const { id: run } = await orders.checked(at, here, [one]);
    const both = await Promise.all([here, there].map((desk) => desk.move(run, one.id, orders.request)));
    expect(both.map(({ is }) => is).toSorted()).toEqual(['moved', 'stays']);
    expect(both.find(({ is }) => is === 'stays')).toMatchObject({ why: 'state', change: { state: 'requested' } });
    expect(await actions()).toEqual(['requested']);
  });

  test('of fifty at once is made by one; fifty of as many orders are all made, and the chain is whole', async () => {
    const desks = Array.from({ length: 5 }, () => at.desk());
    const runs = [];
    for (let index = 0; index < 5; index += 1) {
      const own = Array.from({ length: 10 }, () => orders.proposal());
      const { id } = await orders.checked(at, desks[0]!, own, { pod: `a/${index}` });
      runs.push(...own.map((one) => ({ run: id, id: one.id })));
    }
    const [first] = runs;
    const same = await Promise.all(Array.from({ length: 50 }, (_, n) => desks[n % 5]!.move(first!.run, first!.id, orders.request)));
    expect(same.filter(({ is }) => is === 'moved')).toHaveLength(1);
    const all = await Promise.all(runs.slice(1).map(({ run, id }, n) => desks[n % 5]!.move(run, id, orders.request)));
    expect(all.every(({ is }) => is === 'moved')).toBe(true);
    expect(await actions()).toEqual(Array.from({ length: 50 }, () => 'requested'));
    expect(await orders.chainOf(at).verify()).toMatchObject({ ok: true, lines: 50 });
    expect((await desks[0]!.find(first!.run))?.revision).toBe(10);
  });

  test('is judged again by what others wrote meanwhile: none is lost', async () => {
    const desks = Array.from({ length: 5 }, () => at.desk());
    const one = orders.proposal();
    const { id: run } = await orders.checked(at, desks[0]!, [one]);
    await desks[0]!.move(run, one.id, orders.request);
    const more = (user: string) =>
      orders.from('requested', 'requested', ({ approvals }) => ({ approvals: [...approvals, orders.yes(user)] }));
    const users = Array.from({ length: 15 }, (_, n) => `U${n}`);
    await Promise.all(users.map((user, n) => desks[n % 5]!.move(run, one.id, more(user))));
    const known = await desks[0]!.change(run, one.id);
    expect(known?.change.approvals.map(({ person }) => person.user).toSorted()).toEqual(users.toSorted());
    expect(await orders.chainOf(at).verify()).toMatchObject({ ok: true, lines: 16 });
  });

  test('whose answer was lost is found written, and is not written twice', async () => {
    const desk = at.desk();
    const one = orders.proposal();
    const { id: run, createdAt: created } = await orders.checked(at, desk, [one]);
    const pen = openPen(at.redis, PREFIX);
    const change: Change = { ...orders.fresh(one), state: 'requested' };
    const life = { run, created, change, old: '', text: lifeText(seal, change, { run, revision: 1, token: 'token' }), liveSeconds: 1000 };
    const move = orders.request(orders.fresh(one));
    const entry = 'audit' in move ? move.audit : null;
    const replies: unknown[] = [];
    await pen.write(entry!, async (_line, args) => {
      for (let times = 0; times < 2; times += 1) replies.push((await writeLife(at.redis, keys, pen.keys, life, args))[0]);
      return ['ok'];
    });
    expect(replies).toEqual(['ok', 'same']);
    expect(await actions()).toEqual(['requested']);
    expect((await desk.find(run))?.revision).toBe(1);
  });

  test('of an order whose life cannot be understood is refused: it does not seem new', async () => {
    const desk = at.desk();
    const one = orders.proposal();
    const { id: run } = await orders.checked(at, desk, [one]);
    for (const text of ['', '{"state":"dancing"}', `${'0'.repeat(64)} {}`]) {
      await at.redis.hset(keys.run(run), `change:${one.id}`, text);
      expect(await desk.move(run, one.id, orders.request)).toEqual({ is: 'unknown' });
    }
    expect(await desk.find(run)).toMatchObject({ progress: { state: 'done' } });
  });
});

describe('what somebody else wrote into Redis', () => {
  const expectUnknown = async (forge: (run: string, one: orders.Planned) => Promise<void>) => {
    const unreadable: string[] = [];
    const before = at.desk();
    const desk = at.desk({ onUnreadable: (run) => unreadable.push(run) });
    const one = orders.proposal();
    const { id: run } = await orders.checked(at, before, [one]);
    await before.move(run, one.id, orders.request);
    await forge(run, one);
    expect(await desk.change(run, one.id)).toBeNull();
    expect(await desk.move(run, one.id, orders.approve)).toEqual({ is: 'unknown' });
    await expect(desk.carryOut(run, one.id)).rejects.toThrow('not known any more');
    expect(await desk.tend(orders.judges)).toEqual([]);
    expect(await desk.clusters()).toMatchObject([{ waiting: 0 }]);
    expect(unreadable).toContain(run);
  };
  const others = { ...seal, make: () => 'f'.repeat(64) };

  test('is no approval', () =>
    expectUnknown(async (run, one) => {
      const change: Change = { ...orders.fresh(one), state: 'approved', requested: orders.yes('U1'), approvals: [orders.yes('U2')] };
      await at.redis.hset(keys.run(run), `change:${one.id}`, lifeText(others, change, { run, revision: 9, token: 't' }));
    }));

  test('is no end of a change', () =>
    expectUnknown(async (run, one) => {
      const change: Change = { ...orders.fresh(one), state: 'done', requested: orders.yes('U1'), endsAt: 5 };
      await at.redis.hset(keys.run(run), `change:${one.id}`, lifeText(others, change, { run, revision: 9, token: 't' }));
    }));

  test('puts no other plan under an order that was asked for', () =>
    expectUnknown(async (run, one) => {
      const other = { ...orders.proposal(), id: one.id, digest: 'e'.repeat(64) };
      await at.redis.hset(keys.run(run), 'proposals', JSON.stringify([other]));
    }));

  test('proposes nothing', async () => {
    const desk = at.desk();
    const one = orders.proposal();
    const { id: run } = await orders.checked(at, desk, [one]);
    const real = (await at.redis.hget(keys.run(run), 'proposals'))!;
    for (const forged of [
      orders.proposal(),
      ...sealedProposals(others, run, [orders.proposal()]),
      { ...JSON.parse(real)[0], digest: 'e'.repeat(64) },
    ]) {
      await at.redis.hset(keys.run(run), 'proposals', JSON.stringify([forged]));
      expect(await desk.change(run, forged.id)).toBeNull();
      expect(await desk.move(run, forged.id, orders.request)).toEqual({ is: 'unknown' });
    }
    await at.redis.hset(keys.run(run), 'proposals', real);
    expect(await desk.change(run, one.id)).not.toBeNull();
  });

  test('makes no order of the life of another', async () => {
    const desk = at.desk();
    const [one, two] = [orders.proposal(), orders.proposal()];
    const { id: run } = await orders.checked(at, desk, [one, two]);
    await desk.move(run, one.id, orders.request);
    await desk.move(run, one.id, orders.approve);
    await at.redis.hset(keys.run(run), `change:${two.id}`, (await at.redis.hget(keys.run(run), `change:${one.id}`))!);
    expect(await desk.change(run, two.id)).toBeNull();
    expect(await desk.change(run, one.id)).toMatchObject({ change: { state: 'approved' } });
  });
});

describe('a run with orders', () => {
  test('is not settled while an order is moving, nor by one who has not seen the last move', async () => {
    const { desk, book } = at.bot();
    const [one, two] = [orders.proposal(), orders.proposal()];
    const { id: run } = await orders.checked(at, desk, [one, two]);
    await desk.move(run, one.id, orders.request);
    await book.settle(run, 1);
    await book.settle(run);
    expect(await book.open()).toEqual([run]);
    await desk.move(run, one.id, orders.from('requested', 'refused'));
    await book.settle(run, 1);
    expect(await book.open()).toEqual([run]);
    await book.settle(run, 2);
    expect(await book.open()).toEqual([]);
  });
});

describe('an order that is approved', () => {
  test('is carried out once, however often and by whomever it is asked, as what was approved', async () => {
    const [here, there] = [at.desk(), at.desk()];
    const { run, id } = await orders.approved(at, here);
    await Promise.all([here, there, here, there].map((desk) => desk.carryOut(run, id)));
    const work = (await here.change(run, id))!.change.applyRun!;
    expect(await here.clusters()).toMatchObject([{ waiting: 1 }]);
    const heard: unknown[] = [];
    const { perform, begun } = orders.performing(changesHere(), async (order) => {
      heard.push(order);
      return {};
    });
    const workers = await at.workers({ perform });
    const done = await stands(here, work, 'done');
    await here.carryOut(run, id);
    expect(begun).toEqual(['apply 1']);
    expect(workers.refused).toEqual([]);
    expect(done).toMatchObject({
      kind: 'change',
      change: { of: run, change: id, act: 'apply' },
      askedBy: 'U2',
      result: { kind: 'change' },
    });
    expect(done.places).toEqual([{ channel: 'C1', thread: null, askers: ['U2'] }]);
    const order = {
      of: run,
      change: id,
      act: 'apply',
      remedy: 'restart-coredns',
      risk: 'disruptive',
      digest: 'd'.repeat(64),
      reason: 'because',
      ends: false,
    };
    expect(heard).toMatchObject([
      {
        kind: 'change',
        run: work,
        person: { user: 'U2' },
        channel: { id: 'C1', kind: 'public', isShared: false },
        change: { ...order, requested: { person: { user: 'U1' } } },
      },
    ]);
    expect(await here.change(run, id)).toMatchObject({ change: { state: 'done', applyRun: work } });
    expect(await actions()).toEqual(['requested', 'approved', 'started', 'done']);
    expect(await orders.chainOf(at).verify()).toMatchObject({ ok: true });
  });

  test('does not take the place of the check in its thread, and what it does is told there', async () => {
    const { desk, book } = at.bot();
    const { run, id } = await orders.approved(at, desk);
    const heard: string[] = [];
    book.onChange((one) => heard.push(one));
    await until(
      async () => (await at.redis.pubsub('NUMSUB', keys.changed)) as [string, number],
      ([, ears]) => ears > 0,
    );
    let end = () => {};
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    const { perform } = orders.performing(changesHere(), async (_order, hooks) => {
      hooks.onStep({ id: 'pod', title: 'a pod', state: 'running', reason: null, durationMs: null });
      await held;
      return {};
    });
    await at.workers({ perform });
    await desk.carryOut(run, id);
    const record = await until(
      () => book.load(run),
      (one) => (one?.changes?.[0]?.steps?.length ?? 0) > 0,
    );
    expect(record?.changes).toMatchObject([{ state: 'running', steps: [{ id: 'pod', state: 'running' }] }]);
    expect(await book.open()).toEqual([run]);
    expect((await desk.latestAt({ channel: 'C1', thread: null }))?.id).toBe(run);
    end();
    await stands(desk, record!.changes![0]!.applyRun!, 'done');
    expect((await book.load(run))?.changes?.[0]).not.toHaveProperty('steps');
    await until(
      () => heard,
      () => new Set(heard).size === 1 && heard.includes(run),
    );
  });

  test('is carried out by another bot where one died after the approval, after the order named its run, or before the job was there', async () => {
    const { desk } = at.bot();
    const other = at.bot();
    const three = [orders.proposal(), orders.proposal(), orders.proposal()] as const;
    const { id: run } = await orders.checked(at, desk, [...three]);
    const [first, second, third] = three.map(({ id }) => id) as [string, string, string];
    for (const id of [first, second, third]) {
      await desk.move(run, id, orders.request);
      await desk.move(run, id, orders.approve);
    }
    const work = newId();
    await changesHere().note(run, second, (change) => ({ ...change, applyRun: work }));
    await desk.carryOut(run, third);
    const lost = (await desk.change(run, third))!.change.applyRun!;
    const jobs = openJobs({ redis: at.redis, prefix: PREFIX, onError: () => undefined });
    await jobs.remove(CLUSTER, lost);

    expect((await other.desk.tend(orders.judges)).toSorted()).toEqual([`${run}.${first}`, `${run}.${second}`].toSorted());
    expect(await other.desk.tend(orders.judges)).toEqual([]);
    expect(await desk.find(work)).toMatchObject({ kind: 'change', progress: { state: 'queued' } });
    await other.guard.check();
    await pause(1100);
    expect(await other.guard.check()).toEqual([lost]);
    expect(await jobs.has(CLUSTER, lost)).toBe(true);
    await jobs.close();

    const { perform, begun } = orders.performing(changesHere());
    await at.workers({ perform });
    await until(
      async () => (await desk.find(run))?.changes?.map(({ state }) => state) ?? [],
      (states) => states.every((state) => state === 'done'),
    );
    expect(begun).toEqual(['apply 1', 'apply 1', 'apply 1']);
    expect(await orders.chainOf(at).verify()).toMatchObject({ ok: true, lines: 12 });
  });

  test('whose run ended before it began is ended by the loop, with the reason', async () => {
    const { desk } = at.bot();
    const { run, id } = await orders.approved(at, desk);
    await desk.carryOut(run, id);
    const work = (await desk.change(run, id))!.change.applyRun!;
    expect(await desk.tend(orders.judges)).toEqual([]);
    expect(await desk.cancel(work, 'U9')).toBe('cancelled');
    expect(await desk.tend(orders.judges)).toEqual([`${run}.${id}`]);
    expect(await desk.change(run, id)).toMatchObject({ change: { state: 'refused', why: 'cancelled' } });
    await desk.carryOut(run, id);
    expect(await desk.clusters()).toMatchObject([{ waiting: 0 }]);
  });
});

describe('an order that is to be undone', () => {
  test('is undone by a run of its own, by the right of who asked; asked again, by another', async () => {
    const { desk } = at.bot();
    const changes = changesHere();
    const { run, id } = await orders.approved(at, desk);
    const asked: unknown[] = [];
    let fails = true;
    const { perform } = orders.performing(changes, async ({ person, change, channel }) => {
      asked.push([change?.act, person.user, channel.id, change?.ends]);
      if (change?.act === 'apply') return {};
      return fails ? { state: 'done' } : {};
    });
    await at.workers({ perform });
    const undone = async (state: Change['state']): Promise<Change> => {
      await desk.carryOut(run, id);
      const known = await until(
        () => desk.change(run, id),
        (one) => one?.change.state === state,
      );
      return known!.change;
    };
    await undone('done');
    await desk.move(run, id, orders.askUndo);
    const first = await undone('done');
    fails = false;
    await desk.move(run, id, orders.askUndo);
    const second = await undone('undone');
    expect(second.undoRun).not.toBe(first.undoRun);
    expect(asked).toEqual([
      ['apply', 'U2', 'C1', false],
      ['undo', 'U3', 'C1', false],
      ['undo', 'U3', 'C1', false],
    ]);
  });
});

describe('the loop', () => {
  test('lets orders expire that nobody has begun, once their time is over, and not before', async () => {
    let now = Date.now();
    const { book } = at.bot();
    const desk = at.desk({ now: () => now });
    const [one, two, three] = [orders.proposal(), orders.proposal(), orders.proposal()];
    const { id: run } = await orders.checked(at, desk, [one, two, three]);
    await desk.move(run, two.id, orders.request);
    await desk.move(run, three.id, orders.from('proposed', 'refused'));
    await book.settle(run, 2);
    expect(await desk.tend(orders.judges)).toEqual([]);
    now += 31 * 60_000;
    expect((await desk.tend(orders.judges)).toSorted()).toEqual([`${run}.${one.id}`, `${run}.${two.id}`].toSorted());
    expect((await desk.find(run))?.changes?.map(({ state }) => state)).toEqual(['expired', 'expired', 'refused']);
    expect(await book.open()).toEqual([run]);
    expect(await desk.tend(orders.judges)).toEqual([]);
    expect(await at.redis.zcard(keys.expiring)).toBe(0);
  });

  test('forgets orders whose run is kept no more, and what is no order', async () => {
    const { desk } = at.bot();
    const { run, id } = await orders.approved(at, desk);
    await at.redis.zadd(keys.expiring, '1', 'nonsense', '2', `${newId()}.${'a'.repeat(32)}`);
    await at.redis.zadd(keys.moving, '1', 'nonsense', '2', `${newId()}.${'a'.repeat(32)}`);
    await desk.carryOut(run, id);
    expect(await desk.tend(orders.judges)).toEqual([]);
    expect(await at.redis.zrange(keys.moving, 0, '-1')).toEqual([`${run}.${id}`]);
    expect(await at.redis.zrange(keys.expiring, 0, '-1')).toEqual([`${run}.${id}`]);
  });

  test('goes on with the others where one is in trouble', async () => {
    const errors: string[] = [];
    const desk = at.desk({ onError: (error) => errors.push(error.message), now: () => Date.now() + 31 * 60_000 });
    const [one, two] = [orders.proposal(), orders.proposal()];
    const { id: run } = await orders.checked(at, desk, [one, two]);
    const expire: typeof orders.judges.expire = (change, act) => {
      if (change.id === one.id) throw new Error('a mistake');
      return orders.judges.expire(change, act);
    };
    expect(await desk.tend({ ...orders.judges, expire })).toEqual([`${run}.${two.id}`]);
    expect(errors).toEqual([expect.stringContaining('a mistake')]);
  });
});

test('orders that wait for an approval are found, those of the clusters that are asked for, newest first', async () => {
  const { desk } = at.bot();
  const [one, two, three] = [orders.proposal(), orders.proposal(), orders.proposal()];
  const { id: run } = await orders.checked(at, desk, [one, two, three]);
  for (const { id } of [one, two, three]) {
    await desk.move(run, id, orders.request);
    await pause(2);
  }
  await desk.move(run, three.id, orders.approve);
  expect((await desk.waiting([CLUSTER])).map(({ change }) => change.id)).toEqual([two.id, one.id]);
  expect(await desk.waiting(['another'])).toEqual([]);
});
