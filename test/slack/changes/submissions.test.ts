import { describe, expect, test } from '@jest/globals';
import { changeRule, result, yes } from '../../access/changes/orders.ts';
import { orderScene, POLICY, press, RUN, submit, trigger, VALUE } from './scene.ts';

const requested = { state: 'requested', requested: yes('U0ADA', { channel: 'C0HERE' }) } as const;
const done = { ...requested, state: 'done', applyRun: '00000000aa', result: result() } as const;
const production = { ...POLICY, environments: { 'cluster-a': 'production' } };
const alone = { ...POLICY, changes: [changeRule({ people: 1 })] };
const outcomes = (seen: { outcome: string }[]): string[] => seen.map(({ outcome }) => outcome);
const actions = (audit: { action: string }[]): string[] => audit.map(({ action }) => action);

describe('a review that is sent', () => {
  test('asks for the order, which waits for another person', async () => {
    const scene = orderScene();
    expect(await submit(scene.counter, { who: 'U0ADA', reason: 'it hangs' })).toMatchObject({ response_action: 'update' });
    expect(scene.order()).toMatchObject({
      state: 'requested',
      reason: 'it hangs',
      requested: { person: { user: 'U0ADA' }, channel: 'C0HERE' },
    });
    expect([outcomes(scene.seen), scene.desk.calls['carryOut'], actions(scene.desk.audit)]).toEqual([
      ['answered'],
      undefined,
      ['requested'],
    ]);
  });

  test('starts it where one person suffices', async () => {
    const scene = orderScene({ policy: alone });
    await submit(scene.counter, { who: 'U0BEN' });
    expect(scene.order()).toMatchObject({ state: 'approved', applyRun: expect.any(String) });
    expect([outcomes(scene.seen), scene.desk.queued]).toEqual([['started'], [`${VALUE} apply`]]);
  });

  test('approves it, and starts it', async () => {
    const scene = orderScene({ life: requested });
    await submit(scene.counter, { who: 'U0BEN', purpose: 'approve' });
    expect(scene.order()).toMatchObject({ state: 'approved', approvals: [{ person: { user: 'U0BEN', groups: ['S0SRE'] } }] });
    expect(scene.desk.queued).toEqual([`${VALUE} apply`]);
  });

  test('undoes it', async () => {
    const scene = orderScene({ life: done });
    await submit(scene.counter, { who: 'U0ADA', purpose: 'undo' });
    expect(scene.order()).toMatchObject({ state: 'undoing', undoneBy: 'U0ADA' });
    expect(scene.desk.queued).toEqual([`${VALUE} undo`]);
  });

  test.each([
    ['request', {}, ['U0CAT', 'U0NEW', 'U0GUEST', 'U0EXT']],
    ['approve', requested, ['U0ADA', 'U0CAT', 'U0NEW', 'U0GUEST', 'U0EXT']],
    ['undo', done, ['U0CAT', 'U0NEW', 'U0GUEST', 'U0EXT']],
  ])('to %s is refused to those who may not, whatever they were shown', async (purpose, life: object, who) => {
    for (const one of who) {
      const scene = orderScene({ life });
      const before = structuredClone(scene.order());
      await submit(scene.counter, { who: one, purpose, reason: 'x' });
      expect([one, outcomes(scene.seen)]).toEqual([one, ['refused']]);
      expect(scene.order()).toEqual(before);
      expect([scene.desk.audit, scene.desk.queued]).toEqual([[], []]);
    }
  });

  test('is judged by what Slack says of the person and the channel now', async () => {
    const scene = orderScene({ life: requested });
    await scene.counter.facts.person({ user: 'U0BEN', team: null, isBot: false });
    await scene.counter.facts.channel('C0HERE');
    const before = scene.calls.length;
    await submit(scene.counter, { who: 'U0BEN', purpose: 'approve' });
    const asked = scene.calls.slice(before).map(({ method }) => method);
    expect(asked).toEqual(expect.arrayContaining(['users.info', 'conversations.info', 'usergroups.users.list']));
  });

  test.each([
    ['of another channel', `C0ELSE/1.0 approve ${VALUE}`],
    ['of no place', `approve ${VALUE}`],
    ['for another purpose', `C0HERE/1.0 running ${VALUE}`],
    ['of an order that there is not', `C0HERE/1.0 approve ${RUN}.${'f'.repeat(32)}`],
    ['with more behind it', `C0HERE/1.0 approve ${VALUE} ${VALUE}`],
    ['that is empty', ''],
  ])('with a text %s moves nothing', async (_what, metadata) => {
    const scene = orderScene({ life: requested });
    await submit(scene.counter, { who: 'U0BEN', metadata });
    expect(outcomes(scene.seen)).toEqual(['usage']);
    expect(scene.told().join()).toContain('not active any more');
    expect([scene.order().state, scene.desk.audit]).toEqual(['requested', []]);
  });

  test('for a purpose that was forged is judged for that purpose', async () => {
    const scene = orderScene({ life: requested });
    await submit(scene.counter, { who: 'U0ADA', purpose: 'approve' });
    expect([outcomes(scene.seen), scene.order().state]).toEqual([['refused'], 'requested']);
    const early = orderScene();
    await submit(early.counter, { who: 'U0BEN', purpose: 'approve' });
    expect([outcomes(early.seen), early.order().state]).toEqual([['answered'], 'proposed']);
  });

  test.each([
    ['is expired by the clock', { expiresAt: Date.now() - 1 }, 'request', 'U0ADA'],
    ['is expired', { state: 'expired' }, 'request', 'U0ADA'],
    ['was declined', { state: 'refused', declinedBy: 'U0BEN' }, 'request', 'U0ADA'],
    ['was asked for', requested, 'request', 'U0BEN'],
    ['is expired before it was approved', { ...requested, expiresAt: Date.now() - 1 }, 'approve', 'U0BEN'],
    ['is being done', { ...requested, state: 'running', applyRun: '00000000aa' }, 'approve', 'U0BEN'],
    ['is undone', { ...done, state: 'undone' }, 'undo', 'U0BEN'],
    ['left nothing to undo', { ...done, result: result({ undoable: false }) }, 'undo', 'U0BEN'],
  ])('finds that it %s', async (_what, life: object, purpose, who) => {
    const scene = orderScene({ life });
    await submit(scene.counter, { who, purpose });
    expect(outcomes(scene.seen)).toEqual(['answered']);
    expect([scene.desk.audit, scene.desk.queued]).toEqual([[], []]);
  });
});

describe('what must be written', () => {
  const errors = async (given: object): Promise<string[] | null> => {
    const scene = orderScene({ policy: production });
    const said = await submit(scene.counter, { who: 'U0ADA', ...given });
    expect(scene.order().state).toBe(said.response_action === 'errors' ? 'proposed' : 'requested');
    return said.response_action === 'errors' ? Object.keys(said.errors) : null;
  };

  test.each([
    [{}, 2],
    [{ reason: ' \u200B\n', typedName: 'cluster-a' }, 1],
    [{ reason: 'it hangs' }, 1],
    [{ reason: 'it hangs', typedName: 'cluster-b' }, 1],
    [{ reason: 'it hangs', typedName: 'Cluster-A' }, 1],
    [{ reason: 'it hangs', typedName: 'cluster-a cluster-a' }, 1],
  ])('is asked for at its field at once: %j', async (given, count) => {
    expect(await errors(given)).toHaveLength(count);
  });

  test('is enough, also with blanks around it', async () => {
    expect(await errors({ reason: ' it hangs ', typedName: ' cluster-a\n' })).toBeNull();
  });

  test('is asked for under the policy as it is now', async () => {
    const scene = orderScene();
    await press(scene.counter, { action: 'dns_review', who: 'U0ADA' });
    scene.scene.policy = production;
    expect(await submit(scene.counter, { who: 'U0ADA' })).toMatchObject({ response_action: 'errors' });
  });

  test('is said in the window where the queue answers too late, and nothing is moved', async () => {
    const scene = orderScene({ policy: production });
    const change: typeof scene.desk.change = (run, id) => scene.desk.change(run, id);
    let calls = 0;
    scene.counter.desk.change = (run, id) => ((calls += 1) === 1 ? Promise.reject(new Error('late')) : change(run, id));
    expect(await submit(scene.counter, { who: 'U0ADA' })).toMatchObject({ response_action: 'update' });
    expect([outcomes(scene.seen), scene.order().state]).toEqual([['usage'], 'proposed']);
  });
});

describe('of two', () => {
  test('who approve at once, one moves it, and it is put into the queue once', async () => {
    const scene = orderScene({ life: requested });
    const by = (who: string): Promise<any> => submit(scene.counter, { who, purpose: 'approve' });
    scene.desk.meanwhile = () => void by('U0BEA');
    await by('U0BEN');
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([by('U0BEN'), by('U0BEA')]);
    expect(actions(scene.desk.audit)).toEqual(['approved']);
    expect(scene.desk.queued).toEqual([`${VALUE} apply`]);
  });

  test('one approves and one declines: the first counts', async () => {
    const scene = orderScene({ life: requested });
    await Promise.all([
      submit(scene.counter, { who: 'U0BEN', purpose: 'approve' }),
      press(scene.counter, { action: 'dns_decline', who: 'U0BEA' }),
    ]);
    expect(scene.desk.audit).toHaveLength(1);
    expect(scene.desk.queued).toHaveLength(scene.order().state === 'approved' ? 1 : 0);
  });

  test('deliveries of one, the second does nothing', async () => {
    const scene = orderScene();
    const id = trigger();
    await submit(scene.counter, { who: 'U0ADA', trigger: id });
    await submit(scene.counter, { who: 'U0ADA', trigger: id });
    expect(outcomes(scene.seen)).toEqual(['answered', 'duplicate']);
  });
});

describe('a bot that starts again', () => {
  test('between press and submission knows all that is needed', async () => {
    const first = orderScene({ life: requested });
    await press(first.counter, { action: 'dns_approve', who: 'U0BEN' });
    const second = orderScene({ desk: first.desk });
    await submit(second.counter, { who: 'U0BEN', metadata: first.window().private_metadata });
    expect(second.order().state).toBe('approved');
    expect(second.desk.queued).toEqual([`${VALUE} apply`]);
  });

  test('between approval and queue leaves an order that the next press hands over', async () => {
    const scene = orderScene({ life: { ...requested, state: 'approved', approvals: [yes('U0BEN', { channel: 'C0HERE' })] } });
    await submit(scene.counter, { who: 'U0BEA', purpose: 'approve' });
    expect(scene.desk.queued).toEqual([`${VALUE} apply`]);
    expect(scene.desk.audit).toEqual([]);
  });

  test('and finds no queue says so, and the order stands as it was moved', async () => {
    const scene = orderScene({ life: requested });
    scene.desk.state = 'dead';
    expect(await submit(scene.counter, { who: 'U0BEN', purpose: 'approve' })).toMatchObject({ response_action: 'update' });
    expect([outcomes(scene.seen), scene.order().state]).toEqual([['redis-down'], 'requested']);
  });
});
