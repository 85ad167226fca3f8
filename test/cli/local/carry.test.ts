import { describe, expect, test } from '@jest/globals';
import { request } from '../../../src/access/changes/life.ts';
import { Failure } from '../../../src/base/failure.ts';
import { actOf, applyOrder, type Carrying, undoOrder } from '../../../src/cli/local/carry.ts';
import type { LocalOrder } from '../../../src/cli/local/order.ts';
import { terminalBy, terminalPolicy } from '../../../src/cli/local/policy.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import { carrying, ID, NOW, order, result, sight, store, target, USER, write } from './made.ts';

const step = (id: string, state: 'running' | 'ok' = 'ok') => ({ id, title: id, state, reason: null, durationMs: 1 });

/** An act that looks, writes once, and gives what it is told. */
const performing =
  (came = result()): Carrying['perform'] =>
  async (_target, _ordered, hooks) => {
    hooks.onStep(step('look-before'));
    await hooks.onBefore(sight);
    await hooks.onWrote(write);
    return came;
  };

async function approved(perform: Carrying['perform'], over: Partial<Plan> = {}, more: Partial<Carrying> = {}) {
  const kept = store();
  const how = carrying(kept.orders, perform, more);
  await kept.orders.add(order(over));
  const asked = await kept.orders.move(order(over), (change) =>
    request(change, how.policy, { ...terminalBy(USER), reason: 'it burns' }, actOf(order(over), how)),
  );
  return { ...kept, how, order: asked.order, stays: asked.stays };
}
const lines = async ({ audit }: Awaited<ReturnType<typeof approved>>) =>
  (await audit.read(1, 100)).map(({ action, actor }) => [action, actor.kind]);

describe('an order at a terminal', () => {
  test('is approved by whoever sits there, though two are asked for in Slack', async () => {
    const { order: asked, stays } = await approved(performing());
    expect([asked.change.state, asked.change.reason, stays]).toEqual(['approved', 'it burns', null]);
  });

  test('is carried out, and each move and each write is in the audit', async () => {
    const scene = await approved(performing());
    const done = await applyOrder(scene.order, scene.how);
    expect([done.order.change.state, done.order.change.before, done.wrote]).toEqual(['done', sight, [write]]);
    expect(await scene.orders.find(ID)).toEqual(done.order);
    expect(await lines(scene)).toEqual([
      ['requested', 'terminal'],
      ['started', 'terminal'],
      ['started', 'terminal'],
      ['wrote', 'terminal'],
      ['done', 'terminal'],
    ]);
    const [, , , wrote] = await scene.audit.read(1, 100);
    expect([wrote?.details, wrote?.actor.id]).toEqual([
      { object: 'Deployment kube-system/coredns', how: 'patched', resourceVersion: '7' },
      USER,
    ]);
  });

  test.each([
    ['read-only', { readOnly: true } as const, 'Nothing may be changed in cluster-a'],
    ['frozen', {}, 'Changes rest now: the week of the launch'],
  ])('is refused in a cluster that is %s', async (what, marks, says) => {
    const freeze = what === 'frozen' ? [{ from: 0, to: NOW * 2, says: 'the week of the launch' }] : [];
    const rule = { clusters: ['*'], environments: null, remedies: null, people: 3, reason: null, typeName: null, by: null, freeze };
    const policy = terminalPolicy(target(marks), { team: 'T1', rules: [], changes: [rule] }, USER);
    const { order: asked, stays } = await approved(performing(), {}, { policy });
    expect(asked.change.state).toBe('proposed');
    expect(stays).toMatchObject({ why: 'policy', decision: { allowed: false } });
    expect(JSON.stringify(stays)).toContain(says);
  });

  test('is asked of the policy again before it is begun, and no perform is called then', async () => {
    const scene = await approved(performing());
    const policy = terminalPolicy(target({ readOnly: true }), null, USER);
    let calls = 0;
    const done = await applyOrder(scene.order, { ...scene.how, policy, perform: () => ((calls += 1), Promise.reject(new Error('no'))) });
    expect([done.stays?.why, done.order.change.state, calls]).toEqual(['policy', 'approved', 0]);
  });

  test('that could not begin has changed nothing', async () => {
    const scene = await approved(async (_target, _ordered, hooks) => {
      hooks.onStep(step('lease', 'running'));
      throw new Failure('skipped', 'another change is being carried out');
    });
    const { order: now } = await applyOrder(scene.order, scene.how);
    expect([now.change.state, now.change.why, now.change.result]).toEqual(['refused', 'another change is being carried out', null]);
  });

  test('that ended in the middle has failed, and may be undone', async () => {
    const scene = await approved(async (_target, _ordered, hooks) => {
      await hooks.onBefore(sight);
      await hooks.onWrote(write);
      throw new Error('broken pipe');
    });
    const { order: now } = await applyOrder(scene.order, scene.how);
    expect(now.change).toMatchObject({ state: 'failed', why: 'broken pipe', result: { undoable: true, outcome: 'failed' } });
  });

  test('that ended after the look, when nobody knows whether it wrote, may be undone too', async () => {
    const scene = await approved(async (_target, _ordered, hooks) => {
      hooks.onStep(step('look-before'));
      throw new Error('lost');
    });
    expect((await applyOrder(scene.order, scene.how)).order.change).toMatchObject({ state: 'failed', result: { undoable: true } });
  });

  test('whose write cannot be put into the audit does not go on', async () => {
    const scene = await approved(performing());
    const orders = { ...scene.orders, note: () => Promise.reject(new Error('the disk is full')) };
    const { order: now } = await applyOrder(scene.order, { ...scene.how, orders });
    expect([now.change.state, now.change.why]).toEqual(['failed', 'the disk is full']);
  });

  test('that is temporary has an end, if there is something to end', async () => {
    const scene = await approved(performing(), { endsAfterMs: 900_000 });
    expect((await applyOrder(scene.order, scene.how)).order.change.endsAt).toBe(NOW + 900_000);
    const other = await approved(performing(result({ outcome: 'refused', undoable: false })), { endsAfterMs: 900_000 });
    expect((await applyOrder(other.order, other.how)).order.change.endsAt).toBeNull();
  });
});

describe('undoing an order at a terminal', () => {
  async function done(perform: Carrying['perform'] = performing(), over: Partial<Plan> = {}) {
    const scene = await approved(performing(), over);
    const { order: now } = await applyOrder(scene.order, scene.how);
    return { ...scene, order: now, how: { ...scene.how, perform } };
  }

  test('is done once', async () => {
    const acts: string[] = [];
    const scene = await done(async (_target, { act }) => (acts.push(act), result({ proof: 'none' })));
    const { order: now, stays } = await undoOrder(scene.order, 'person', scene.how);
    expect([now.change.state, now.change.undoneBy, stays]).toEqual(['undone', USER, null]);
    expect((await undoOrder(now, 'person', scene.how)).stays?.why).toBe('state');
    expect(acts).toEqual(['undo']);
  });

  test('that is refused leaves it as it was, and may be tried again', async () => {
    const scene = await done(performing(result({ outcome: 'refused', says: 'somebody has changed it since' })));
    const { order: now } = await undoOrder(scene.order, 'person', scene.how);
    expect(now.change).toMatchObject({ state: 'done', undoResult: { says: 'somebody has changed it since' } });
    expect((await undoOrder(now, 'person', { ...scene.how, perform: performing() })).order.change.state).toBe('undone');
  });

  test('that could not begin, or ended in the middle, is told apart', async () => {
    const scene = await done(() => Promise.reject(new Failure('timeout', 'no answer')));
    const { order: first } = await undoOrder(scene.order, 'person', scene.how);
    expect(first.change).toMatchObject({ state: 'done', undoResult: { outcome: 'refused', says: 'no answer' } });
    const middle: Carrying['perform'] = async (_target, _ordered, hooks) => (await hooks.onWrote(write), Promise.reject(new Error('cut')));
    expect((await undoOrder(first, 'person', { ...scene.how, perform: middle })).order.change.undoResult?.outcome).toBe('failed');
  });

  test('ends what is temporary when its time is over', async () => {
    const scene = await done(performing(), { endsAfterMs: 1_000 });
    const { order: now } = await undoOrder(scene.order, 'end', scene.how);
    expect(now.change).toMatchObject({ state: 'undone', undoneBy: 'end', endsAt: null });
  });

  test('takes back what a process that died in the middle had written', async () => {
    const scene = await approved(() => new Promise<never>(() => undefined));
    void applyOrder(scene.order, scene.how);
    let found: LocalOrder;
    do found = await scene.orders.find(ID);
    while (found.change.state !== 'running' || found.pending !== null);
    const { order: now } = await undoOrder(found, 'person', { ...scene.how, perform: performing() });
    expect([now.change.state, now.change.result?.outcome]).toEqual(['undone', 'failed']);
    expect((await scene.audit.verify()).ok).toBe(true);
  });

  test('that a process died at is gone on with, for the same run', async () => {
    const runs: string[] = [];
    const scene = await done((_target, { run }) => (runs.push(run), new Promise<never>(() => undefined)));
    void undoOrder(scene.order, 'person', scene.how);
    let found: LocalOrder;
    do found = await scene.orders.find(ID);
    while (runs.length === 0 || found.pending !== null);
    expect(found.change.state).toBe('undoing');
    const again: Carrying['perform'] = (_target, { run }) => (runs.push(run), Promise.resolve(result()));
    expect((await undoOrder(found, 'person', { ...scene.how, perform: again })).order.change.state).toBe('undone');
    expect(runs[1]).toBe(runs[0]);
  });
});
