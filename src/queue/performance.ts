import { Failure, UsageError } from '../base/failure.ts';
import type { Progress, RunOrder, RunResult, RunStep } from '../domain/run.ts';
import { plainError } from './answered.ts';
import { coalesced } from './coalesced.ts';
import { keepRun } from './hold.ts';
import { repeat } from './repeated.ts';
import { restoreRun } from './restore-script.ts';
import { withStep } from './steps.ts';
import type { StoredRun } from './stored.ts';
import type { RunHooks, WorkParts } from './work-parts.ts';
import { writeProgress } from './write-progress.ts';

/** Why a run was told to stop. `back`: the worker ends; `lost`: another has the run, or has ended it; `overdue`: it takes too long. */
export type Stop = 'cancel' | 'back' | 'lost' | 'overdue';

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

const WORDS: Record<Stop, string> = {
  cancel: 'the run was cancelled',
  back: 'this worker ends, another goes on',
  lost: 'the run is no longer ours',
  overdue: 'the run takes too long',
};

/** A run that this worker has taken. */
export interface TakenRun {
  id: string;
  token: string;
  run: StoredRun;
  progress: Progress;
  order: RunOrder;
}

/** Performs a run: says all the while that it is ours, writes how far it is, and stops when it should. */
export function startPerformance(parts: WorkParts, taken: TakenRun): Performance {
  const live = liveRun(parts, taken);
  const writer = coalesced(live.write, PROGRESS_EVERY_MS);
  const tick = repeat(live.tick, parts.tickMs);
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
  return { came: end(), stop: live.stop, look: () => tick.now() };
}

/** The run as it changes: what is known of it, how far it is, and whether it was told to stop. */
function liveRun({ redis, keys, holdMs, keepSeconds, hooks }: WorkParts, taken: TakenRun) {
  const { id, token } = taken;
  const controller = new AbortController();
  let { run, progress } = taken;
  let why: Stop | null = null;
  let closed = false;
  const stop = (reason: Stop) => {
    if (why !== null || closed) return;
    why = reason;
    controller.abort(new Failure('error', WORDS[reason]));
  };
  const current = (): StoredRun => ({ ...run, progress: JSON.stringify(progress) });
  const restore = async () => {
    if (await restoreRun(redis, keys, current(), keepSeconds))
      hooks.log('warn', 'Redis had lost the run; it was written again', { run: id });
  };
  const trouble = (error: unknown) => {
    if (!closed) hooks.log('warn', 'how far the run is could not be written', { run: id, error: plainError(error) });
  };
  const look = async () => {
    const kept = await keepRun(redis, keys, id, token, holdMs);
    if (kept.is === 'missing') {
      await restore();
      await keepRun(redis, keys, id, token, holdMs);
    } else if (kept.is === 'ok') {
      run = { ...run, asks: kept.asks, cancel: kept.cancel };
      if (kept.cancel !== null) stop('cancel');
    } else stop('lost');
  };
  const write = async () => {
    const written = await writeProgress(redis, keys, { run: id, token, progress, result: null, keepSeconds });
    if (written === 'missing') await restore();
    else if (written !== 'ok') stop('lost');
  };
  return {
    signal: controller.signal,
    stop,
    tick: () => look().catch(trouble),
    write: () => write().catch(trouble),
    step: (step: RunStep): boolean => {
      if (closed) return false;
      progress = { ...progress, steps: withStep(progress.steps, step) };
      return true;
    },
    close: () => {
      closed = true;
    },
    state: () => ({ stop: why, run: current(), progress }),
  };
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
