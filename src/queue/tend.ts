import type { Redis } from 'ioredis';
import { isOver, type Progress, type RunRecord } from '../domain/run.ts';
import { cancelledProgress } from './cancel.ts';
import type { Jobs } from './jobs.ts';
import type { Keys } from './keys.ts';
import type { Memory } from './memory.ts';
import { baseOf, delayOf, mayHaveWritten, type Base, type StoredRun } from './stored.ts';
import { writeProgress } from './write-progress.ts';

/** What the guard works with. */
export interface GuardParts {
  redis: Redis;
  keys: Keys;
  memory: Memory;
  jobs: Jobs;
  keepSeconds: number;
  graceMs: number;
  now: () => number;
  /** Who writes, when the guard does. */
  token: string;
  /** Since when a run has been in a trouble that may end by itself. */
  since: Map<string, number>;
  onUnreadable: (run: string) => void;
  onError: (error: Error) => void;
}

const NOBODY = 'no worker took it up in time: look whether a worker for this cluster runs, and ask again';
const WORKER_GONE = 'the worker that had it is gone, and no other took it up: ask again';

/** A run that had begun in time waits so long for another worker, from when its order was too old. Milliseconds. */
const TAKEOVER_MS = 600_000;

/** The end of a run that failed. `error` is for people. */
export const failedProgress = (progress: Progress, error: string, now: number): Progress => ({
  ...progress,
  state: 'failed',
  endedAt: now,
  error,
});

/** Whether the run's trouble has lasted so long that it will not end by itself. */
export function lasts({ since, graceMs, now }: GuardParts, id: string): boolean {
  const began = since.get(id) ?? now();
  since.set(id, began);
  return now() - began >= graceMs;
}

/** Looks after a run that is in Redis: somebody has it, or its job waits, or it is ended. True: something was done. */
export async function tend(parts: GuardParts, record: RunRecord, run: StoredRun): Promise<boolean> {
  const { id, cluster, progress } = record;
  const { redis, keys, jobs, now, since } = parts;
  const base = baseOf(run);
  if (base === null || isOver(progress.state) || (await redis.exists(keys.held(id))) === 1) {
    since.delete(id);
    return false;
  }
  const end = whyEnd(base, progress, run.cancel, now());
  if (end !== null) return endRun(parts, record, end);
  if (await jobs.has(cluster, id)) since.delete(id);
  else if (lasts(parts, id)) {
    await jobs.add(cluster, id, base.signed, true, delayOf(base, now()));
    since.delete(id);
    return true;
  }
  return false;
}

/** How a run that nobody has must end now; null: it may still be taken up. */
function whyEnd(base: Base, progress: Progress, cancel: string | null, now: number): Progress | null {
  const { expiresAt } = base;
  if (cancel !== null && !mayHaveWritten(base, progress)) return cancelledProgress(progress, cancel, now);
  if (progress.attempt === 0) return now > expiresAt ? failedProgress(progress, NOBODY, now) : null;
  return now > expiresAt + TAKEOVER_MS ? failedProgress(progress, WORKER_GONE, now) : null;
}

async function endRun({ redis, keys, jobs, keepSeconds, token }: GuardParts, { id: run, cluster, change }: RunRecord, progress: Progress) {
  // Nobody has it, so a wish to end it has nobody to hear it.
  const written = await writeProgress(redis, keys, {
    run,
    of: change?.of,
    counts: change !== undefined,
    token,
    progress,
    result: null,
    keepSeconds,
  });
  if (written !== 'ok') return false;
  await jobs.remove(cluster, run);
  return true;
}
