import { describe, expect, test } from '@jest/globals';
import * as life from '../../../src/access/changes/life.ts';
import type { Policy } from '../../../src/domain/access.ts';
import type { AuditEntry } from '../../../src/domain/audit.ts';
import type { Change, Move } from '../../../src/domain/change.ts';
import type { Sight } from '../../../src/domain/plan.ts';
import { channel, person, policy, rule } from '../people.ts';
import { changeRule, MADE, MINUTE, order, plan, result, yes } from './orders.ts';

const rights = policy(rule({ users: ['U0ADA', 'U0BOB', 'U0CY'], channels: ['C0INCIDENT', 'C0OPS'], may: ['request', 'approve'] }));
const asking = (change: Parameters<typeof changeRule>[0]): Policy => ({ ...rights, changes: [changeRule(change)] });
const NOW = MADE + 5 * MINUTE;
const act = { cluster: 'cluster-a', run: '0123456789', now: NOW };
const RUN = 'aaaaaaaaaa';
const by = (user: string) => ({ person: person({ user }), channel: channel() });
const sight: Sight = { at: NOW, status: 'broken', causes: ['coredns-no-pods'], checks: {} };

const moved = (move: Move): Change => {
  if ('not' in move) throw new Error(`it stays: ${move.not.why}`);
  return move.to;
};
const line = (move: Move): AuditEntry => {
  if ('not' in move) throw new Error(`it stays: ${move.not.why}`);
  return move.audit;
};
const why = (move: Move): string => {
  if (!('not' in move)) return move.to.state;
  return move.not.why === 'policy' ? move.not.decision.reason : move.not.why;
};

const requested = order({ state: 'requested', requested: yes('U0ADA'), movedAt: MADE + MINUTE });
const approved = order({ ...requested, state: 'approved', approvals: [yes('U0BOB')] });
const running = moved(life.begin(approved, rights, RUN, act));
const done = moved(life.finish(running, result(), NOW + 15 * MINUTE, act));

describe('a line of the audit', () => {
  test('says who did what, on which evidence', () => {
    const details = { causes: ['coredns-no-pods'] };
    expect(line(life.request(order(), rights, { ...by('U0ADA'), reason: ' shop is down ' }, { ...act, details }))).toEqual({
      at: NOW,
      actor: { kind: 'person', id: 'U0ADA' },
      action: 'requested',
      cluster: 'cluster-a',
      change: order().id,
      remedy: 'restart-coredns',
      run: '0123456789',
      digest: order().digest,
      details: { causes: ['coredns-no-pods'], reason: 'shop is down', people: 2, approved: false },
    });
  });

  test.each<[string, Move, AuditEntry['action'], AuditEntry['actor'], AuditEntry['details']]>([
    [
      'an approval',
      life.approve(requested, rights, by('U0BOB'), act),
      'approved',
      { kind: 'person', id: 'U0BOB' },
      { people: 2, approved: true },
    ],
    ['a no', life.decline(requested, rights, by('U0BOB'), act), 'declined', { kind: 'person', id: 'U0BOB' }, {}],
    ['a start', life.begin(approved, rights, RUN, act), 'started', { kind: 'worker', id: RUN }, { again: false }],
    ['a start after a worker died', life.begin(running, rights, RUN, act), 'started', { kind: 'worker', id: RUN }, { again: true }],
    [
      'a look',
      life.keepBefore(running, sight, act),
      'started',
      { kind: 'worker', id: RUN },
      { looked: 'broken', causes: ['coredns-no-pods'] },
    ],
    [
      'an end',
      life.finish(running, result(), NOW + 1, act),
      'done',
      { kind: 'worker', id: RUN },
      { outcome: 'applied', proof: 'fixed', effectMs: 900, undoable: true, before: null, after: null, endsAt: NOW + 1 },
    ],
    ['a refusal', life.refuse(approved, 'no rights', act), 'refused', { kind: 'bot', id: 'bot' }, { why: 'no rights' }],
    [
      'an order that was too old',
      life.expire({ ...approved, expiresAt: NOW }, act),
      'expired',
      { kind: 'bot', id: 'bot' },
      { was: 'approved' },
    ],
    [
      'a wish to undo',
      life.askUndo(done, rights, by('U0CY'), null, act),
      'undo-requested',
      { kind: 'person', id: 'U0CY' },
      { ends: false },
    ],
    ['an end in time', life.askUndo(done, rights, 'end', RUN, act), 'undo-requested', { kind: 'bot', id: 'bot' }, { ends: true }],
    ['a sweep', life.swept(done, act), 'swept', { kind: 'worker', id: 'worker' }, { was: 'done' }],
  ])('is of %s', (_what, move, action, actor, details) => {
    expect(line(move)).toMatchObject({ action, actor, details });
    expect(Object.keys(line(move).details)).toEqual(Object.keys(details));
  });

  test('names a terminal where one did it', () => {
    const actor = { kind: 'terminal', id: 'ada' } as const;
    expect(line(life.begin(approved, rights, RUN, { ...act, actor })).actor).toEqual(actor);
  });
});

describe('a request', () => {
  const asked = (reason: string | null, of: Policy = asking({ reason: true })): Move =>
    life.request(order(), of, { ...by('U0ADA'), reason }, act);

  test('needs a reason where the policy asks for one', () => {
    expect([asked(null), asked(''), asked(' \n'), asked('shop is down')].map(why)).toEqual([
      'no-reason',
      'no-reason',
      'no-reason',
      'requested',
    ]);
    expect(moved(asked(null, rights)).reason).toBeNull();
  });

  test('keeps a long reason within bounds', () => {
    expect(moved(asked('x'.repeat(9_000))).reason).toHaveLength(500);
  });

  test('in another cluster than that of the plan is none', () => {
    const other = { ...act, cluster: 'cluster-b' };
    const everywhere = policy(rule({ clusters: ['*'], may: ['request', 'approve'] }));
    expect(why(life.request(order(), everywhere, { ...by('U0ADA'), reason: null }, other))).toBe('state');
    expect(why(life.begin(approved, everywhere, RUN, other))).toBe('state');
  });
});

describe('an approval', () => {
  test('of somebody whose first one does not count any more takes its place', () => {
    const before = order({ ...requested, approvals: [yes('U0BOB', { channel: 'C0GONE' })] });
    const { state, approvals } = moved(life.approve(before, asking({ people: 3 }), by('U0BOB'), act));
    expect([state, approvals.map((one) => one.channel)]).toEqual(['requested', ['C0INCIDENT']]);
  });
});

describe('the time of an order', () => {
  const at = (now: number, change: Partial<Change> = {}): string =>
    why(life.approve(order({ ...requested, ...change }), rights, by('U0BOB'), { ...act, now }));

  test.each([
    ['is good for half an hour', MADE + 30 * MINUTE - 1, {}, 'approved'],
    ['and no longer', MADE + 30 * MINUTE, {}, 'expired'],
    ['is shorter where it is said to be', MADE + 5 * MINUTE, { expiresAt: MADE + 5 * MINUTE }, 'expired'],
    ['is not longer than that of its plan, whatever is said', MADE + 30 * MINUTE, { expiresAt: MADE + 90 * MINUTE }, 'expired'],
    ['is over where the clock jumped back behind the last move', MADE + 9 * MINUTE - 1, { movedAt: MADE + 10 * MINUTE }, 'expired'],
    ['is not over where two clocks differ by a little', MADE + 9 * MINUTE, { movedAt: MADE + 10 * MINUTE }, 'approved'],
  ])('%s', (_what, now, change, expected) => {
    expect(at(now, change)).toBe(expected);
  });

  test('that is over does not come back with the clock', () => {
    const expired = moved(life.expire(approved, { ...act, now: MADE + 31 * MINUTE }));
    expect(expired.state).toBe('expired');
    expect(why(life.begin(expired, rights, RUN, act))).toBe('expired');
    expect(why(life.request(expired, rights, { ...by('U0ADA'), reason: null }, act))).toBe('expired');
    expect(why(life.expire(approved, act))).toBe('state');
  });
});

describe('carrying out', () => {
  test('is for the run that it was handed to', () => {
    const handed = life.setRun(approved, 'apply', RUN);
    expect(why(life.begin(handed, rights, RUN, act))).toBe('running');
    expect(why(life.begin(handed, rights, 'bbbbbbbbbb', act))).toBe('state');
    expect(why(life.begin(running, rights, 'bbbbbbbbbb', act))).toBe('state');
    expect(life.setRun(running, 'apply', 'bbbbbbbbbb')).toBe(running);
  });

  test('that had begun is brought to its end where changes rest now, but not where the cluster is read-only now', () => {
    const later = { ...act, now: NOW + 10 * MINUTE };
    const resting = asking({ freeze: [{ from: NOW + MINUTE, to: NOW + 60 * MINUTE, says: 'sale' }] });
    expect(why(life.begin(running, resting, RUN, later))).toBe('running');
    expect(why(life.begin(moved(life.keepBefore(running, sight, later)), resting, RUN, later))).toBe('running');
    expect(why(life.begin(approved, resting, RUN, later))).toBe('frozen');
    expect(why(life.begin(running, { ...rights, readOnly: ['cluster-a'] }, RUN, later))).toBe('read-only');
  });

  test('says why the policy refuses it', () => {
    const move = life.begin(approved, asking({ people: 3 }), RUN, act);
    expect(move).toMatchObject({
      not: { why: 'policy', decision: { says: 'The policy now asks for 3 people, and counts the yes of 2.' } },
    });
  });

  test.each([
    ['applied', true, 'done', NOW + 1],
    ['applied', false, 'done', null],
    ['unverified', true, 'done', NOW + 1],
    ['stopped', true, 'done', NOW + 1],
    ['failed', true, 'failed', NOW + 1],
    ['failed', false, 'failed', null],
    ['refused', false, 'refused', null],
    ['refused', true, 'failed', NOW + 1],
  ] as const)('that is %s (something is left: %s) is %s', (outcome, undoable, state, endsAt) => {
    const to = moved(life.finish(running, result({ outcome, undoable, says: 'So it was.' }), NOW + 1, act));
    expect([to.state, to.endsAt, to.why]).toEqual([state, endsAt, state === 'done' ? null : 'So it was.']);
  });

  test('that is refused after it had begun has failed, and may be undone, unless nothing was written', () => {
    const half = moved(life.refuse(running, 'no rights any more', act));
    expect(half).toMatchObject({ state: 'failed', why: 'no rights any more', result: { outcome: 'failed', undoable: true } });
    expect(life.isUndoable(half)).toBe(true);
    expect(moved(life.refuse(running, 'somebody else changes it', act, false))).toMatchObject({ state: 'refused', result: null });
    expect(moved(life.refuse(order({ ...running, plan: plan({ undo: null }) }), 'x', act)).result?.undoable).toBe(false);
  });

  test('keeps the first look', () => {
    const kept = moved(life.keepBefore(running, sight, act));
    expect(kept.before).toBe(sight);
    expect(why(life.keepBefore(kept, { ...sight, status: 'healthy' }, act))).toBe('state');
  });
});

describe('undoing', () => {
  const undoing = moved(life.askUndo(done, rights, by('U0CY'), null, act));

  test('is for what left something behind that can be taken back', () => {
    const undo = (change: Partial<Change>): string => why(life.askUndo(order({ ...done, ...change }), rights, by('U0CY'), null, act));
    expect(undo({})).toBe('undoing');
    expect(undo({ result: result({ undoable: false }) })).toBe('state');
    expect(undo({ result: null })).toBe('state');
    expect(undo({ plan: plan({ undo: null }) })).toBe('state');
    expect(undo({ state: 'refused' })).toBe('state');
  });

  test('ends by itself only what is temporary', () => {
    expect(why(life.askUndo({ ...done, endsAt: null }, rights, 'end', null, act))).toBe('state');
    expect(moved(life.askUndo(done, policy(), 'end', RUN, act))).toMatchObject({
      state: 'undoing',
      undoneBy: 'end',
      undoAsked: null,
      undoRun: RUN,
    });
    expect(undoing.undoAsked).toEqual({ person: person({ user: 'U0CY' }), channel: 'C0INCIDENT', at: NOW });
  });

  test('takes its end with it', () => {
    expect(moved(life.finishUndo(undoing, result({ outcome: 'unverified' }), act))).toMatchObject({
      state: 'undone',
      endsAt: null,
      undoneBy: 'U0CY',
    });
    expect(moved(life.swept(undoing, act))).toMatchObject({ state: 'undone', endsAt: null, undoneBy: 'end' });
  });

  test.each(['failed', 'refused', 'stopped'] as const)('that is %s leaves all as it was, and its end too', (outcome) => {
    const undoResult = result({ outcome });
    const back = moved(life.finishUndo(undoing, undoResult, act));
    expect(back).toMatchObject({ state: 'done', endsAt: done.endsAt, undoResult });
    expect(why(life.askUndo(back, rights, by('U0ADA'), null, act))).toBe('undoing');
    expect(moved(life.finishUndo(order({ ...undoing, result: result({ outcome: 'failed' }) }), undoResult, act)).state).toBe('failed');
  });

  test('is for the run that it was handed to', () => {
    expect(moved(life.beginUndo(undoing, RUN, act)).undoRun).toBe(RUN);
    expect(why(life.beginUndo(life.setRun(undoing, 'undo', 'bbbbbbbbbb'), RUN, act))).toBe('state');
    expect(line(life.beginUndo(undoing, RUN, act))).toMatchObject({ action: 'undo-started', actor: { kind: 'worker', id: RUN } });
  });
});
