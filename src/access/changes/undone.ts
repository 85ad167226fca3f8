import type { Policy } from '../../domain/access.ts';
import type { Change, Move } from '../../domain/change.ts';
import type { ActResult } from '../../domain/plan.ts';
import type { By } from './asked.ts';
import { decideUndo } from './decide.ts';
import { factsOf } from './done.ts';
import { type Act, BOT, byPerson, byRun, moved, refused, stays, stuck, wishOf } from './move.ts';

/** Whether something was written that can be taken back. */
export const isUndoable = ({ state, result, plan }: Pick<Change, 'state' | 'result' | 'plan'>): boolean =>
  (state === 'done' || state === 'failed') && result?.undoable === true && plan.undo !== null;

/** Somebody wants it undone, or its time is over (`end`): never too early for safety, so the clock is not asked. */
export function askUndo(change: Change, policy: Policy, by: By | 'end', run: string | null, act: Act): Move {
  const blocked = stuck(change, act, ['done', 'failed']);
  if (blocked !== null) return blocked;
  if (!isUndoable(change)) return stays(change, 'state');
  const set = { state: 'undoing', undoRun: run, undoResult: null } as const;
  if (by === 'end') {
    if (change.endsAt === null) return stays(change, 'state');
    return moved(change, { ...set, undoneBy: 'end', undoAsked: null }, act, {
      action: 'undo-requested',
      actor: BOT,
      details: { ends: true },
    });
  }
  const decision = decideUndo(policy, wishOf(change, act), change, by.person, by.channel, act.now);
  if (!decision.allowed) return refused(change, decision);
  const { person, channel } = by;
  const { user } = person;
  // The worker asks the policy again about the person as Slack described them now.
  const undoAsked = { person, channel: channel.id, at: act.now };
  return moved(change, { ...set, undoneBy: user, undoAsked }, act, {
    action: 'undo-requested',
    actor: byPerson(user),
    details: { ends: false },
  });
}

/** A worker begins to undo it, for this run, or goes on with it. */
export function beginUndo(change: Change, run: string, act: Act): Move {
  const blocked = stuck(change, act, ['undoing']);
  if (blocked !== null) return blocked;
  if (change.undoRun !== null && change.undoRun !== run) return stays(change, 'state');
  return moved(change, { undoRun: run }, act, { action: 'undo-started', actor: byRun(run) });
}

/**
 * It was undone; or it was not, and stands as it stood before: `undoResult` says why. Its end stays, so that it is tried again.
 */
export function finishUndo(change: Change, result: ActResult, act: Act): Move {
  const blocked = stuck(change, act, ['undoing']);
  if (blocked !== null) return blocked;
  const undone = result.outcome === 'applied' || result.outcome === 'unverified';
  const back = change.result?.outcome === 'failed' ? 'failed' : 'done';
  const set: Partial<Change> = undone ? { state: 'undone', endsAt: null } : { state: back };
  const line = { action: undone ? 'undone' : 'undo-failed', actor: byRun(change.undoRun), details: factsOf(result) } as const;
  return moved(change, { ...set, undoResult: result }, act, line);
}

/** A worker found in the cluster that its time was over, and ended it from what stands there alone. */
export function swept(change: Change, act: Act): Move {
  const blocked = stuck(change, act, ['running', 'done', 'failed', 'undoing']);
  if (blocked !== null) return blocked;
  const set = { state: 'undone', undoneBy: 'end', endsAt: null } as const;
  return moved(change, set, act, { action: 'swept', actor: byRun(null), details: { was: change.state } });
}
