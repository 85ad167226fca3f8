import type { Policy } from '../../domain/access.ts';
import type { AuditAction } from '../../domain/audit.ts';
import type { Change, ChangeState, Move } from '../../domain/change.ts';
import type { ActResult, Sight } from '../../domain/plan.ts';
import { decideApply } from './decide.ts';
import { type Act, BOT, byRun, isOverdue, late, moved, refused, stays, stuck, wishOf } from './move.ts';

/**
 * A worker begins to carry an approved order out, for this run, or goes on with it after another worker that had this run died. The policy is
 * asked anew; what had begun before changes rest is brought to its end. The decision of a refusal `says` why, in a sentence.
 */
export function begin(change: Change, policy: Policy, run: string, act: Act): Move {
  const again = change.state === 'running';
  const blocked = again ? stuck(change, act, ['running']) : late(change, act, ['approved']);
  if (blocked !== null) return blocked;
  if (change.applyRun !== null && change.applyRun !== run) return stays(change, 'state');
  const decision = decideApply(policy, wishOf(change, act), change, again ? change.movedAt : act.now);
  if (!decision.allowed) return refused(change, decision);
  const movedAt = again ? change.movedAt : Math.max(act.now, change.movedAt);
  return moved(change, { state: 'running', applyRun: run, movedAt }, act, {
    action: 'started',
    actor: byRun(run),
    details: { again },
  });
}

/** Keeps the look at the cluster before anything was written. The first that is kept counts. */
export function keepBefore(change: Change, sight: Sight, act: Act): Move {
  const blocked = stuck(change, act, ['running']);
  if (blocked !== null) return blocked;
  if (change.before !== null) return stays(change, 'state');
  const details = { looked: sight.status, causes: sight.causes };
  return moved(change, { before: sight, movedAt: change.movedAt }, act, { action: 'started', actor: byRun(change.applyRun), details });
}

/** What a result says, as short facts. */
export const factsOf = ({ outcome, proof, effectMs, undoable, before, after }: ActResult) => ({
  outcome,
  proof,
  effectMs,
  undoable,
  before: before?.status ?? null,
  after: after?.status ?? null,
});

/** A refusal that left something behind is a failure: it must be possible to undo it. */
const endOf = ({ outcome, undoable }: ActResult): ChangeState & AuditAction => {
  if (outcome === 'refused') return undoable ? 'failed' : 'refused';
  return outcome === 'failed' ? 'failed' : 'done';
};

/** It was carried out, or not: `done` also where it was stopped in between. What nothing was written of does not end by itself. */
export function finish(change: Change, result: ActResult, endsAt: number | null, act: Act): Move {
  const blocked = stuck(change, act, ['running']);
  if (blocked !== null) return blocked;
  const state = endOf(result);
  const ends = result.undoable ? endsAt : null;
  const why = state === 'done' ? null : result.says;
  const line = { action: state, actor: byRun(change.applyRun), details: { ...factsOf(result), endsAt: ends } };
  return moved(change, { state, result, why, endsAt: ends }, act, line);
}

const unfinished = (says: string, { before, plan }: Change): ActResult => ({
  outcome: 'failed',
  says,
  next: ['Check the cluster again: nobody knows how far it came.'],
  before,
  after: null,
  proof: 'unknown',
  effectMs: null,
  undoable: plan.undo !== null,
  queries: null,
  lines: [],
});

/**
 * It is not carried out. One that had been begun may be half done, so that it has failed and may be undone, unless the caller knows that
 * nothing was written (`touched` false).
 */
export function refuse(change: Change, why: string, act: Act, touched = change.state === 'running'): Move {
  const blocked = stuck(change, act, ['requested', 'approved', 'running']);
  if (blocked !== null) return blocked;
  const actor = change.state === 'running' ? byRun(change.applyRun) : BOT;
  const half = touched && change.state === 'running';
  const set: Partial<Change> = half ? { state: 'failed', why, result: unfinished(why, change) } : { state: 'refused', why };
  return moved(change, set, act, { action: half ? 'failed' : 'refused', actor, details: { why } });
}

/** Its time is over before it was begun. Stays where it is not. */
export function expire(change: Change, act: Act): Move {
  const blocked = stuck(change, act, ['proposed', 'requested', 'approved']);
  if (blocked !== null) return blocked;
  if (!isOverdue(change, act.now)) return stays(change, 'state');
  return moved(change, { state: 'expired' }, act, { action: 'expired', actor: BOT, details: { was: change.state } });
}

/** Notes the run that is to carry it out, while it waits for that; else it is as it was. */
export function setRun(change: Change, act: 'apply' | 'undo', run: string): Change {
  if (act === 'apply') return change.state === 'approved' ? { ...change, applyRun: run } : change;
  return change.state === 'undoing' ? { ...change, undoRun: run } : change;
}
