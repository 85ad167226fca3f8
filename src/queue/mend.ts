import { isOver, placeKey, type Progress } from '../domain/run.ts';
import { QUEUED } from './ask.ts';
import { cancelledProgress } from './cancel.ts';
import { rewritePosted } from './posted.ts';
import { restoreRun } from './restore-script.ts';
import { baseOf, delayOf, mayHaveWritten, placesOf, progressOf, type Base, type StoredRun } from './stored.ts';
import { failedProgress, lasts, type GuardParts } from './tend.ts';

const TOO_OLD = 'Redis lost the queue, and the order is too old to repeat: ask again';
const NO_RESULT = 'Redis lost what came out of it: ask again';

/** A run that no bot remembers is taken off the list of open ones after so long: others may still write it back. Milliseconds. */
const STRANGE_MS = 60_000;

/**
 * Writes a run back that Redis has lost, or that cannot be understood there (`bad`). What its worker may do better is left to it at first: a
 * run that had begun waits for `graceMs`. True: something was done.
 */
export async function mend(parts: GuardParts, id: string, bad: string): Promise<boolean> {
  const { memory, since, now } = parts;
  const run = memory.find(id)?.run ?? null;
  const base = run && baseOf(run);
  if (run === null || base === null) return leaveOut(parts, id);
  const progress = progressOf(run) ?? QUEUED;
  if (!isOver(progress.state) && progress.attempt > 0 && run.cancel === null && !lasts(parts, id)) return false;
  since.delete(id);
  return writeBack(parts, base, { ...run, ...fate(run, base, progress, now()) }, bad);
}

/** A run that nobody here remembers. */
async function leaveOut({ redis, keys, since, now }: GuardParts, id: string): Promise<boolean> {
  const began = since.get(id) ?? now();
  since.set(id, began);
  if (now() - began < STRANGE_MS) return false;
  await Promise.all([redis.zrem(keys.open, id), redis.zrem(keys.works, id)]);
  return true;
}

/** How the run stands when it is written back. */
function fate(run: StoredRun, base: Base, progress: Progress, now: number): Pick<StoredRun, 'progress'> {
  const text = (next: Progress) => ({ progress: JSON.stringify(next) });
  if (progress.state === 'done' && run.result === null) return text(failedProgress(progress, NO_RESULT, now));
  if (isOver(progress.state)) return text(progress);
  if (run.cancel !== null && !mayHaveWritten(base, progress)) return text(cancelledProgress(progress, run.cancel, now));
  if (now > base.expiresAt) return text(failedProgress(progress, TOO_OLD, now));
  return text({ ...progress, state: 'queued', steps: [] });
}

async function writeBack(parts: GuardParts, base: Base, run: StoredRun, bad: string): Promise<boolean> {
  const { redis, keys, memory, jobs, keepSeconds, now } = parts;
  // Messages first: whoever sees the run must see what was said of it already.
  for (const place of placesOf(run.asks).map((one) => placeKey(one))) {
    await rewritePosted(redis, keys.posted(base.id, place), memory.posted(base.id, place), keepSeconds);
  }
  if (!(await restoreRun(redis, keys, run, keepSeconds, bad))) return false;
  memory.remember(run);
  const state = progressOf(run)?.state;
  if (state === 'queued') await jobs.add(base.cluster, base.id, base.signed, true, delayOf(base, now()));
  return true;
}
