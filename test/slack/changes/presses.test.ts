import { describe, expect, test } from '@jest/globals';
import { REVIEW_CALLBACK } from '../../../src/report/slack/views/review.ts';
import { result, yes } from '../../access/changes/orders.ts';
import { CHANGE, orderScene, press, RUN, trigger, VALUE } from './scene.ts';

const requested = { state: 'requested', requested: yes('U0ADA', { channel: 'C0HERE' }) } as const;
const running = { ...requested, state: 'running', applyRun: '00000000aa' } as const;
const captured = { ...requested, state: 'done', result: result({ files: [{ name: 's1.pcap', bytes: 7, why: null }] }) } as const;
const outcomes = (seen: { outcome: string }[]): string[] => seen.map(({ outcome }) => outcome);

/** Each button, the order that it is for, who may press it and who may not. */
const BUTTONS: [string, object, string[], string[]][] = [
  ['dns_review', {}, ['U0ADA', 'U0BEN'], ['U0CAT', 'U0NEW', 'U0GUEST', 'U0EXT']],
  ['dns_approve', requested, ['U0BEN', 'U0BEA'], ['U0ADA', 'U0CAT', 'U0NEW', 'U0GUEST', 'U0EXT']],
  ['dns_decline', requested, ['U0ADA', 'U0BEN'], ['U0CAT', 'U0NEW', 'U0GUEST', 'U0EXT']],
  ['dns_stop', running, ['U0ADA', 'U0BEN', 'U0CAT'], ['U0NEW', 'U0GUEST', 'U0EXT']],
  ['dns_files', captured, [], ['U0ADA', 'U0CAT', 'U0NEW', 'U0GUEST', 'U0EXT']],
];
const each = (which: 2 | 3): [string, object, string][] =>
  BUTTONS.flatMap(([action, life, ...who]) => (who[which - 2] ?? []).map((one): [string, object, string] => [action, life, one]));

describe('a button of an order', () => {
  test.each(each(2))('%s with %j does its work for %s', async (action, life, who) => {
    const scene = orderScene({ life });
    await press(scene.counter, { action, who });
    expect(outcomes(scene.seen)).toEqual([action === 'dns_review' || action === 'dns_approve' ? 'form' : 'answered']);
    expect(scene.told()).toHaveLength(1);
  });

  test.each(each(3))('%s with %j is refused to %s, and nothing is done', async (action, life, who) => {
    const scene = orderScene({ life });
    const before = structuredClone(scene.order());
    await press(scene.counter, { action, who });
    expect(outcomes(scene.seen)).toEqual(['refused']);
    expect(scene.told().join()).toContain('Refused');
    expect(scene.order()).toEqual(before);
    expect([scene.desk.audit, scene.desk.queued, scene.desk.calls['cancel']]).toEqual([[], [], undefined]);
  });

  test.each(BUTTONS)('%s leads nowhere from another channel', async (action, life) => {
    const scene = orderScene({ life });
    const before = structuredClone(scene.order());
    await press(scene.counter, { action, who: 'U0BEN', where: 'C0ELSE' });
    expect(outcomes(scene.seen)).toEqual(['usage']);
    expect(scene.told().join()).toContain('not active any more');
    expect(scene.order()).toEqual(before);
    expect([scene.desk.audit, scene.desk.calls['cancel']]).toEqual([[], undefined]);
  });

  test.each(BUTTONS)('%s is of no use in a shared channel', async (action, life) => {
    const scene = orderScene({ life });
    await press(scene.counter, { action, who: 'U0BEN', where: 'C0SHARED' });
    expect(outcomes(scene.seen)).toEqual(['refused']);
    expect(scene.desk.audit).toEqual([]);
  });

  test.each(BUTTONS.flatMap(([action]) => ['', 'x', RUN, CHANGE, `${VALUE} `, `${VALUE}.0`, undefined, 7].map((value) => [action, value])))(
    '%s with the value %j leads nowhere, and nobody is asked anything',
    async (action, value) => {
      const scene = orderScene();
      await press(scene.counter, { action: String(action), who: 'U0BEN', value: value === undefined ? '' : value });
      expect(outcomes(scene.seen)).toEqual(['usage']);
      expect(scene.calls.map(({ method }) => method)).toEqual(['chat.postEphemeral']);
      expect(scene.desk.calls).toEqual({ first: 1 });
    },
  );

  test.each([`${RUN}.${'f'.repeat(32)}`, `ffffffffff.${CHANGE}`])('with the value %j, which is no order, leads nowhere', async (value) => {
    for (const [action] of BUTTONS) {
      const scene = orderScene();
      await press(scene.counter, { action, who: 'U0BEN', value });
      expect(outcomes(scene.seen)).toEqual(['usage']);
      expect(scene.told().join()).toContain('not active any more');
    }
  });

  test('of a cluster that is not ours any more leads nowhere', async () => {
    const scene = orderScene();
    const record = scene.desk.runs.get(RUN)!;
    record.cluster = 'cluster-z';
    record.changes![0]!.plan.cluster = 'cluster-z';
    await press(scene.counter, { action: 'dns_review', who: 'U0BEN' });
    expect(outcomes(scene.seen)).toEqual(['usage']);
  });

  test('of an order of another cluster than its run leads nowhere', async () => {
    const scene = orderScene();
    scene.desk.runs.get(RUN)!.changes![0]!.plan.cluster = 'cluster-b';
    await press(scene.counter, { action: 'dns_review', who: 'U0BEN' });
    expect(outcomes(scene.seen)).toEqual(['usage']);
  });

  test.each(['U0WHO', 'U0NONE'])('does nothing for somebody whom Slack does not describe (%s)', async (who) => {
    const scene = orderScene({ life: requested });
    await press(scene.counter, { action: 'dns_decline', who });
    expect(outcomes(scene.seen)).toEqual(['failed']);
    expect(scene.order().state).toBe('requested');
  });

  test('that is pressed once and delivered twice does its work once', async () => {
    const scene = orderScene({ life: requested });
    const id = trigger();
    await press(scene.counter, { action: 'dns_decline', who: 'U0BEN', trigger: id });
    await press(scene.counter, { action: 'dns_decline', who: 'U0BEN', trigger: id });
    expect(outcomes(scene.seen)).toEqual(['answered', 'duplicate']);
    expect(scene.desk.audit).toHaveLength(1);
  });

  test('asks Slack anew who presses it and where, whatever was known a moment ago', async () => {
    const scene = orderScene({ life: requested });
    await scene.counter.facts.person({ user: 'U0BEN', team: null, isBot: false });
    await scene.counter.facts.channel('C0HERE');
    const before = scene.calls.length;
    await press(scene.counter, { action: 'dns_approve', who: 'U0BEN' });
    const asked = scene.calls.slice(before).map(({ method }) => method);
    expect(asked).toEqual(expect.arrayContaining(['users.info', 'conversations.info', 'usergroups.users.list']));
  });

  test('is judged by the policy as it is now', async () => {
    const scene = orderScene({ life: requested });
    scene.scene.policy = { ...scene.scene.policy, rules: [] };
    await press(scene.counter, { action: 'dns_decline', who: 'U0BEN' });
    expect(outcomes(scene.seen)).toEqual(['refused']);
  });
});

describe('a window of an order', () => {
  test('is opened before anything is looked up, and carries ids only', async () => {
    const scene = orderScene();
    await press(scene.counter, { action: 'dns_review', who: 'U0ADA' });
    expect(scene.calls[0]?.method).toBe('views.open');
    expect(scene.window()).toMatchObject({ callback_id: REVIEW_CALLBACK, private_metadata: `C0HERE/1.0 request ${VALUE}` });
    expect(scene.order().state).toBe('proposed');
  });

  test.each([
    ['dns_review', requested, 'U0ADA'],
    ['dns_approve', { ...requested, state: 'approved', approvals: [yes('U0BEN')] }, 'U0BEA'],
    ['dns_undo', {}, 'U0BEN'],
    ['dns_review', { state: 'expired' }, 'U0ADA'],
    ['dns_review', { expiresAt: Date.now() - 1 }, 'U0ADA'],
    ['dns_approve', { ...requested, expiresAt: Date.now() - 1 }, 'U0BEN'],
  ])('%s of an order that stands otherwise (%j) says how it stands', async (action, life: object, who) => {
    const scene = orderScene({ life });
    await press(scene.counter, { action, who });
    expect(outcomes(scene.seen)).toEqual(['answered']);
    expect(scene.window()).not.toHaveProperty('callback_id');
  });

  test('begins with the reason that was written with the wish', async () => {
    const scene = orderScene();
    const record = scene.desk.runs.get(RUN)!;
    record.request = { ...record.request, remedy: { id: 'restart-coredns', params: {} }, reason: 'it hangs since 10:42' };
    scene.scene.policy = { ...scene.scene.policy, environments: { 'cluster-a': 'production' } };
    await press(scene.counter, { action: 'dns_review', who: 'U0ADA' });
    expect(JSON.stringify(scene.window())).toContain('it hangs since 10:42');
  });

  test('that Slack does not open is said in the thread', async () => {
    const scene = orderScene();
    scene.counter.asking.views.open = () => Promise.reject(new Error('expired'));
    await press(scene.counter, { action: 'dns_review', who: 'U0ADA' });
    expect(outcomes(scene.seen)).toEqual(['failed']);
    expect(scene.calls.filter(({ method }) => method === 'chat.postEphemeral')).toHaveLength(1);
  });
});

describe('to stop', () => {
  const stop = async (life: object, who = 'U0ADA') => {
    const scene = orderScene({ life });
    for (const id of ['00000000aa', '00000000bb']) {
      const run = structuredClone(scene.desk.runs.get(RUN)!);
      scene.desk.runs.set(id, { ...run, id, kind: 'change', progress: { ...run.progress, state: 'running' }, changes: [] });
    }
    await press(scene.counter, { action: 'dns_stop', who });
    return { ...scene, over: ['00000000aa', '00000000bb'].map((id) => scene.desk.runs.get(id)?.progress.state) };
  };

  test('ends the run that does it', async () => {
    expect((await stop(running)).over).toEqual(['cancelled', 'running']);
  });

  test('ends the run that undoes it', async () => {
    const undoing = { ...running, state: 'undoing', undoRun: '00000000bb', undoneBy: 'U0BEN' };
    expect((await stop(undoing)).over).toEqual(['running', 'cancelled']);
  });

  test.each(['proposed', 'requested', 'done', 'undone'])('an order that is %s ends nothing', async (state) => {
    const { over, seen } = await stop({ ...running, state });
    expect(over).toEqual(['running', 'running']);
    expect(outcomes(seen)).toEqual(['answered']);
  });
});
