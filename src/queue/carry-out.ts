import { Failure } from '../base/failure.ts';
import type { Change } from '../domain/change.ts';
import { isOver } from '../domain/run.ts';
import type { AskParts } from './ask.ts';
import { endRunId, makeChangeRun } from './change-run.ts';
import type { Changes, KnownChange } from './changes.ts';
import { actOf, workOf } from './lives.ts';
import { loadRun } from './load.ts';
import { progressOf } from './stored.ts';

/** What carrying out needs. */
export interface OrderParts extends AskParts {
  changes: Changes;
}

/**
 * Puts an order that is approved, or is to be undone, into the queue of its cluster. The order first says which run does it: asked twice, by one
 * bot or two, or by another after one has died in between, it is the same run. Nothing is done for an order that stands otherwise.
 */
export async function carryOut(parts: OrderParts, run: string, id: string): Promise<void> {
  const known = await parts.changes.note(run, id, (change) => withRun(change, parts.newId));
  if (known === null) throw new Failure('missing', 'the order is not known any more: check again');
  const { record: origin, change } = known;
  const [act, work] = [actOf(change), workOf(change)];
  if (act === null || work === null) return;
  const endsAt = act === 'undo' && change.undoneBy === 'end' ? change.endsAt : null;
  await makeChangeRun(parts, { origin, change, act, id: work, endsAt, notBefore: null });
}

/** The order with a run that does it; null: it has one, or needs none. */
function withRun(change: Change, newId: () => string): Change | null {
  const act = actOf(change);
  if (act === null || workOf(change) !== null) return null;
  return act === 'apply' ? { ...change, applyRun: newId() } : { ...change, undoRun: newId() };
}

/** An end that was not brought about is tried again, at most so often, each time later: by so many milliseconds from the failure, doubled each time. */
const MOST_ENDS = 20;
const AGAIN_MS = 30_000;
const LONGEST_MS = 900_000;

/**
 * Sees to it that there is a run that ends the order when its time is over: it waits in the queue of the cluster from when the change is done, so
 * that no bot need live then. True: one was made.
 */
export async function scheduleEnd(parts: OrderParts, { record: origin, change }: KnownChange): Promise<boolean> {
  const { endsAt } = change;
  if (endsAt === null) return false;
  let notBefore = endsAt;
  for (let nth = 0; nth < MOST_ENDS; nth += 1) {
    const id = endRunId(change.id, endsAt, nth);
    const stored = await loadRun(parts.redis, parts.keys, id, null, 'orders');
    const progress = stored && progressOf(stored);
    if (progress === null) {
      await makeChangeRun(parts, { origin, change, act: 'undo', id, endsAt, notBefore });
      return true;
    }
    if (!isOver(progress.state)) return false;
    notBefore = Math.max(endsAt, (progress.endedAt ?? parts.now()) + Math.min(AGAIN_MS * 2 ** nth, LONGEST_MS));
  }
  return false;
}
