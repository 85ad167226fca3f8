import type { Progress, RunKind, RunResult } from '../domain/run.ts';
import { cancelledProgress } from './cancel.ts';
import type { Ending } from './conclude.ts';
import type { Stop } from './stopped.ts';
import { isAnswer, type Came } from './performance.ts';
import { storedResult, type StoredResult } from './result.ts';
import type { StoredRun } from './stored.ts';
import { failedProgress } from './tend.ts';

/**
 * What becomes of a run that a worker is done with. `again`: it is queued, to be tried again after a while; `back`: at once. `error`: for the
 * log.
 */
export type Next = (Ending & { turn: 'end'; error?: unknown }) | (Ending & { turn: 'back' | 'again' }) | { turn: 'drop' };

/** How it came to this. `last`: it is not tried again after broken machinery. */
export interface Done {
  kind: RunKind;
  came: Came;
  stop: Stop | null;
  run: Pick<StoredRun, 'cancel'>;
  progress: Progress;
  last: boolean;
  limitMs: number;
  now: number;
}

const BROKE_OFF = 'it broke off several times, by a fault of ours or of what the worker needs: the log of the worker says why';
const DEAF = 'it was told to stop and did not: look at what stands in the cluster now';
const NO_RESULT = 'what came out of it cannot be kept: the log of the worker says why';

const queuedAgain = (progress: Progress): Progress => ({ ...progress, state: 'queued', endedAt: null, steps: [] });

/**
 * What becomes of the run. What was wanted of it counts before what came of it, save that a result is not thrown away when the worker ends, and
 * that what a change did counts in any case.
 */
export function nextOf(done: Done): Next {
  const { came, stop, progress, now } = done;
  if (stop === 'lost') return { turn: 'drop' };
  if (stop === 'cancel' && !mayHaveDone(done)) return cancelled(done);
  if (came.is === 'result') return withResult(came.result, progress, now);
  if (stop === 'back') return { turn: 'back', progress: queuedAgain(progress), result: null };
  if (stop === 'overdue') return failed(progress, `it did not end within ${Math.ceil(done.limitMs / 60_000)} minutes`, now);
  if (came.is === 'deaf') return failed(progress, DEAF, now);
  return afterError(done);
}

/** Whether it may have changed a cluster. */
const mayHaveDone = ({ kind, came, progress }: Done): boolean =>
  kind === 'change' && (progress.attempt > 1 || came.is !== 'error' || came.begun);

const cancelled = ({ run, progress, now }: Done): Next => ({
  turn: 'end',
  progress: cancelledProgress(progress, run.cancel ?? '', now),
  result: null,
});

function afterError({ came, progress, last, now }: Done): Next {
  const error = came.is === 'error' ? came.error : null;
  if (isAnswer(error)) return failed(progress, error.message, now);
  if (last) return failed(progress, BROKE_OFF, now);
  return { turn: 'again', progress: queuedAgain(progress), result: null };
}

function withResult(value: RunResult, progress: Progress, now: number): Next {
  let result: StoredResult;
  try {
    result = storedResult(value);
  } catch (error) {
    return { ...failed(progress, NO_RESULT, now), error };
  }
  return { turn: 'end', progress: { ...progress, state: 'done', endedAt: now }, result };
}

const failed = (progress: Progress, error: string, now: number): Ending & { turn: 'end' } => ({
  turn: 'end',
  progress: failedProgress(progress, error, now),
  result: null,
});
