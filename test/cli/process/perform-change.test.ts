import { describe, expect, test } from '@jest/globals';
import { planDigest } from '../../../src/access/changes/digest.ts';
import { approve, askUndo, request, setRun } from '../../../src/access/changes/life.ts';
import { Failure } from '../../../src/base/failure.ts';
import { performOrder, type ChangeWork } from '../../../src/cli/process/perform-change.ts';
import type { Target } from '../../../src/config/load.ts';
import type { Policy } from '../../../src/domain/access.ts';
import type { AuditEntry } from '../../../src/domain/audit.ts';
import { type Change, type Move, newChange } from '../../../src/domain/change.ts';
import { type ActResult, Plan } from '../../../src/domain/plan.ts';
import type { RunOrder, RunRecord } from '../../../src/domain/run.ts';
import { Stopped } from '../../../src/queue/stopped.ts';
import { channel, person, policy, rule } from '../../access/people.ts';

const [ana, ben] = [person({ user: 'U0ANA' }), person({ user: 'U0BEN' })];
const may: Policy = policy(rule({ users: ['U0ANA', 'U0BEN'], may: ['check', 'request', 'approve'] }));
const [origin, run] = ['aaaaaaaaaa', 'bbbbbbbbbb'];
const act = () => ({ cluster: 'cluster-a', run: origin, now: Date.now() });

const planned = (more: Partial<Plan> = {}): Plan => ({
  remedy: 'restart-coredns',
  params: {},
  cluster: 'cluster-a',
  summary: 'restart CoreDNS',
  risk: 'disruptive',
  helps: null,
  warnings: [],
  objects: [],
  pods: [],
  undo: 'it is set back',
  endsAfterMs: null,
  proves: [],
  effect: { withinMs: 1, why: '' },
  data: {},
  madeAt: Date.now(),
  ...more,
});

const to = (move: Move): Change => {
  if ('not' in move) throw new Error(`it stays: ${JSON.stringify(move.not.why)}`);
  return move.to;
};

function approved(more: Partial<Plan> = {}): Change {
  const plan = planned(more);
  const fresh = newChange({ id: 'c'.repeat(32), plan, digest: planDigest(plan) });
  const asked = to(request(fresh, may, { person: ana, channel: channel(), reason: 'it is broken' }, act()));
  return setRun(to(approve(asked, may, { person: ben, channel: channel() }, act())), 'apply', run);
}

const result = (more: Partial<ActResult> = {}): ActResult => ({
  outcome: 'applied',
  says: 'done',
  next: [],
  before: null,
  after: null,
  proof: 'fixed',
  effectMs: 1,
  undoable: true,
  queries: null,
  lines: [],
  ...more,
});

/** An order in a book of one, and a worker that does `doing` with it. */
function scene(change: Change, doing: ChangeWork['act'], rules: Policy = may) {
  let stands = change;
  const audit: AuditEntry[] = [];
  const acts: string[] = [];
  const ending = new AbortController();
  const work: ChangeWork = {
    policy: rules,
    act: (target, ordered, hooks) => {
      acts.push(`${ordered.act} ${ordered.run}`);
      return doing(target, ordered, hooks);
    },
    log: () => undefined,
    book: {
      find: (of, id) => Promise.resolve(of === origin && id === stands.id ? { record: {} as RunRecord, change: stands } : null),
      move: (_of, _id, judge) => {
        const move = judge(stands);
        if ('not' in move) return Promise.resolve({ is: 'stays', change: stands });
        stands = move.to;
        audit.push(move.audit);
        return Promise.resolve({ is: 'moved', change: stands });
      },
      audit: (entry) => Promise.resolve(audit.push(entry)),
    },
  };
  const perform = (more: { digest?: string; act?: 'apply' | 'undo'; ends?: boolean; run?: string } = {}) => {
    const { requested, approvals, reason, plan, digest, id } = change;
    const ordered = {
      of: origin,
      change: id,
      act: more.act ?? 'apply',
      remedy: plan.remedy,
      risk: plan.risk,
      digest: more.digest ?? digest,
      requested: requested!,
      approvals,
      reason,
      ends: more.ends ?? false,
    } as const;
    const order = { run: more.run ?? run, request: { cluster: 'cluster-a' }, change: ordered } as unknown as RunOrder;
    return performOrder(work, order, {} as Target, { signal: ending.signal, attempt: 1, onStep: () => undefined });
  };
  return { perform, audit, acts, ending, stands: () => stands, put: (next: Change) => (stands = next) };
}

const wrote = {
  object: { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', name: 'coredns-1' },
  how: 'evicted',
  resourceVersion: null,
};

describe('a worker carries an order out', () => {
  test('once, with a line of the audit for the start, each write and the end', async () => {
    const { perform, audit, stands } = scene(approved(), async (_target, _ordered, hooks) => {
      await hooks.onWrote(wrote);
      return result();
    });
    expect(await perform()).toMatchObject({ outcome: 'applied' });
    expect(stands()).toMatchObject({ state: 'done', applyRun: run, result: { outcome: 'applied' }, endsAt: null });
    expect(audit.map(({ action }) => action)).toEqual(['started', 'wrote', 'done']);
    expect(audit[1]?.details).toMatchObject({ object: 'Pod kube-system/coredns-1', how: 'evicted' });
  });

  test('delivered again after its end, it says what came of it and does nothing', async () => {
    const { perform, acts } = scene(approved(), () => Promise.resolve(result()));
    await perform();
    expect(await perform()).toMatchObject({ outcome: 'applied', says: 'done' });
    expect(acts).toEqual([`apply ${run}`]);
  });

  test('delivered again after its worker died, it goes on', async () => {
    let tries = 0;
    const { perform, acts, stands } = scene(approved(), () =>
      tries++ === 0 ? Promise.reject(new Error('died')) : Promise.resolve(result()),
    );
    await expect(perform()).rejects.toThrow('died');
    expect(stands().state).toBe('running');
    expect(await perform()).toMatchObject({ outcome: 'applied' });
    expect(acts).toHaveLength(2);
  });

  test('another run for the same order does nothing', async () => {
    const { perform, acts } = scene(approved(), () => Promise.resolve(result()));
    expect(await perform({ run: 'dddddddddd' })).toMatchObject({ outcome: 'refused' });
    expect(acts).toEqual([]);
  });

  test('a plan that is not the one that was approved is refused before anything is done', async () => {
    const { perform, acts, stands } = scene(approved(), () => Promise.resolve(result()));
    expect(await perform({ digest: 'e'.repeat(64) })).toMatchObject({
      outcome: 'refused',
      says: 'the plan is not the one that was approved',
    });
    expect([acts, stands().state]).toEqual([[], 'refused']);
  });

  test('the policy is asked again here, and its no ends the order', async () => {
    const { perform, acts, stands } = scene(
      approved(),
      () => Promise.resolve(result()),
      policy(rule({ users: ['U0ANA'], may: ['request'] })),
    );
    expect(await perform()).toMatchObject({ outcome: 'refused' });
    expect([acts, stands().state]).toEqual([[], 'refused']);
  });

  test('a cluster that cannot be reached, or that somebody else is changing, is a refusal with the reason', async () => {
    const { perform, stands } = scene(approved(), () =>
      Promise.reject(new Failure('skipped', 'order x is being carried out in this cluster')),
    );
    expect(await perform()).toMatchObject({ outcome: 'refused', says: 'order x is being carried out in this cluster' });
    expect(stands()).toMatchObject({ state: 'refused', why: 'order x is being carried out in this cluster' });
  });

  test('a worker that ends in the middle leaves the order to another one', async () => {
    const { perform, ending, stands } = scene(approved(), async () => {
      ending.abort(new Stopped('back'));
      return result({ outcome: 'stopped' });
    });
    await expect(perform()).rejects.toThrow('for another worker');
    expect(stands().state).toBe('running');
  });

  test('one that somebody stopped says so', async () => {
    const { perform, ending, stands } = scene(approved(), async () => {
      ending.abort(new Stopped('cancel'));
      return result({ outcome: 'stopped' });
    });
    expect(await perform()).toMatchObject({ outcome: 'stopped' });
    expect(stands()).toMatchObject({ state: 'done', result: { outcome: 'stopped' } });
  });

  test('one that is stopped while it waits for another change has changed nothing', async () => {
    const { perform, ending, stands } = scene(approved(), async () => {
      ending.abort(new Stopped('cancel'));
      throw ending.signal.reason;
    });
    expect(await perform()).toMatchObject({ outcome: 'refused', undoable: false });
    expect(stands()).toMatchObject({ state: 'refused', why: 'somebody stopped it before this worker changed anything' });
  });

  test('a temporary change knows its end; what nothing was written of has none', async () => {
    const one = scene(approved({ endsAfterMs: 900_000 }), () => Promise.resolve(result()));
    await one.perform();
    expect((one.stands().endsAt ?? 0) - Date.now()).toBeGreaterThan(890_000);
    const other = scene(approved({ endsAfterMs: 900_000 }), () => Promise.resolve(result({ outcome: 'failed', undoable: false })));
    await other.perform();
    expect(other.stands()).toMatchObject({ state: 'failed', endsAt: null });
  });
});

describe('a worker undoes an order', () => {
  const done = async (more: Partial<Plan> = {}) => {
    const made = scene(approved(more), (_target, ordered) =>
      Promise.resolve(result(ordered.act === 'undo' ? { says: 'it is off', undoable: false } : {})),
    );
    await made.perform();
    return made;
  };

  test('when somebody asked for it', async () => {
    const { perform, put, stands } = await done();
    put(setRun(to(askUndo(stands(), may, { person: ben, channel: channel() }, null, act())), 'undo', 'eeeeeeeeee'));
    expect(await perform({ act: 'undo', run: 'eeeeeeeeee' })).toMatchObject({ says: 'it is off' });
    expect(stands()).toMatchObject({ state: 'undone', undoneBy: 'U0BEN' });
  });

  test('when its time is over, without anybody', async () => {
    const { perform, stands, audit } = await done({ endsAfterMs: 60_000 });
    expect(await perform({ act: 'undo', ends: true, run: 'eeeeeeeeee' })).toMatchObject({ says: 'it is off' });
    expect(stands()).toMatchObject({ state: 'undone', undoneBy: 'end', endsAt: null });
    expect(audit.map(({ action }) => action)).toEqual(['started', 'done', 'undo-requested', 'undo-started', 'undone']);
  });

  test('not when it is undone already', async () => {
    const { perform, acts } = await done({ endsAfterMs: 60_000 });
    await perform({ act: 'undo', ends: true, run: 'eeeeeeeeee' });
    expect(await perform({ act: 'undo', ends: true, run: 'ffffffffff' })).toMatchObject({
      outcome: 'refused',
      says: 'the order is undone already',
    });
    expect(acts).toHaveLength(2);
  });

  test('not without having been asked to', async () => {
    const { perform, acts, stands } = await done();
    expect(await perform({ act: 'undo', run: 'eeeeeeeeee' })).toMatchObject({ outcome: 'refused' });
    expect([acts.length, stands().state]).toEqual([1, 'done']);
  });
});
