import { Failure, UsageError } from '../base/failure.ts';
import type { Progress, RunResult, RunStep } from '../domain/run.ts';
import { coalesced } from './coalesced.ts';
import { liveRun, type Stop, type TakenRun } from './live-run.ts';
import { repeat } from './repeated.ts';
import type { StoredRun } from './stored.ts';
import type { RunHooks, WorkParts } from './work-parts.ts';

/** What performing a run came to. `deaf`: it was told to stop and did not. */
export type Came = { is: 'result'; result: RunResult } | { is: 'error'; error: unknown } | { is: 'deaf' };

/** A run that is being performed. */
export interface Performance {
  /** What it came to, and how the run stood: its parts as they were last seen, and how far it was. Never rejects. */
  came: Promise<{ came: Came; stop: Stop | null; run: StoredRun; progress: Progress }>;
  /** Tells it to stop; the first reason counts. */
  stop(why: Stop): void;
  /** Looks at once whether somebody wants it ended. */
  look(): void;
}

const PROGRESS_EVERY_MS = 250;

/** Performs a run: says all the while that it is ours, writes how far it is, and stops when it should. */
export function startPerformance(parts: WorkParts, taken: TakenRun): Performance {
  const live = liveRun(parts, taken);
  const writer = coalesced(() => live.write(), PROGRESS_EVERY_MS);
  const tick = repeat(() => live.tick(), parts.tickMs);
  const overdue = setTimeout(() => live.stop('overdue'), parts.limitMs);
  const onStep = (step: RunStep) => {
    if (live.step(step)) writer.changed();
  };
  const end = async () => {
    const came = await untilEnd(parts, live.signal, () => perform(parts, taken, live.signal, onStep));
    clearTimeout(overdue);
    live.close();
    await Promise.all([writer.stop(), tick.stop()]);
    return { came, ...live.state() };
  };
  return { came: end(), stop: (why) => live.stop(why), look: () => tick.now() };
}

async function perform({ hooks }: WorkParts, taken: TakenRun, signal: AbortSignal, onStep: RunHooks['onStep']): Promise<RunResult> {
  const { id, order, progress } = taken;
  const { attempt } = progress;
  if (attempt > 1) {
    await hooks.beforeRetry?.(order, attempt).catch((error: unknown) => {
      hooks.log('warn', 'what an earlier attempt left could not be cleared away', { run: id, attempt, error });
    });
  }
  signal.throwIfAborted();
  return hooks.perform(order, { signal, attempt, onStep });
}

/** What it comes to; a run that does not stop when it is told to is not waited for. */
async function untilEnd({ patienceMs }: WorkParts, signal: AbortSignal, start: () => Promise<RunResult>): Promise<Came> {
  let timer: NodeJS.Timeout | undefined;
  const deaf = new Promise<Came>((resolve) => {
    signal.addEventListener('abort', () => {
      timer = setTimeout(() => resolve({ is: 'deaf' }), patienceMs);
    });
  });
  const ended = start().then(
    (result): Came => ({ is: 'result', result }),
    (error: unknown): Came => ({ is: 'error', error }),
  );
  const came = await Promise.race([ended, deaf]);
  clearTimeout(timer);
  return came;
}

/** Whether an error is an answer for people, and not broken machinery. */
export const isAnswer = (error: unknown): error is Error => error instanceof Failure || error instanceof UsageError;
