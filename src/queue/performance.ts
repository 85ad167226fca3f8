import { Failure, UsageError } from '../base/failure.ts';
import type { Progress, RunKind, RunResult, RunStep } from '../domain/run.ts';
import { coalesced } from './coalesced.ts';
import { liveRun, type TakenRun } from './live-run.ts';
import { repeat } from './repeated.ts';
import type { Stop } from './stopped.ts';
import type { StoredRun } from './stored.ts';
import type { RunHooks, WorkParts } from './work-parts.ts';

/** What performing a run came to. `begun`: it may have done something; `deaf`: it was told to stop and did not. */
export type Came = { is: 'result'; result: RunResult } | { is: 'error'; error: unknown; begun: boolean } | { is: 'deaf' };

/** A run that is being performed. */
export interface Performance {
  /** What it came to, and how the run stood: its parts as they were last seen, and how far it was. Never rejects. */
  came: Promise<{ came: Came; stop: Stop | null; run: StoredRun; progress: Progress }>;
  kind: RunKind;
  /** Tells it to stop; the first reason counts. `patienceMs`: how long it is waited for, where that is not as always. */
  stop(why: Stop, patienceMs?: number): void;
  /** Looks at once whether somebody wants it ended. */
  look(): void;
}

const PROGRESS_EVERY_MS = 250;

/** How long a run may take, in milliseconds. */
export const limitOf = ({ limitMs, changeLimitMs }: WorkParts, kind: RunKind): number => (kind === 'change' ? changeLimitMs : limitMs);

/** How long a run that was told to stop is waited for: one that changes something is to come to a point where it does no harm. */
function patienceOf({ patienceMs, changePatienceMs }: WorkParts, kind: RunKind, why: Stop | null): number {
  return kind === 'change' && why !== 'lost' ? changePatienceMs : patienceMs;
}

/** Performs a run: says all the while that it is ours, writes how far it is, and stops when it should. */
export function startPerformance(parts: WorkParts, taken: TakenRun): Performance {
  const live = liveRun(parts, taken);
  const writer = coalesced(() => live.write(), PROGRESS_EVERY_MS);
  const tick = repeat(() => live.tick(), parts.tickMs);
  const { kind } = taken.order;
  const overdue = setTimeout(() => live.stop('overdue'), limitOf(parts, kind));
  let given: number | null = null;
  const patience = () => given ?? patienceOf(parts, kind, live.state().stop);
  const onStep = (step: RunStep) => {
    if (live.step(step)) writer.changed();
  };
  const end = async () => {
    const came = await untilEnd(patience, live.signal, (begin) => perform(parts, taken, { signal: live.signal, onStep, begin }));
    clearTimeout(overdue);
    live.close();
    await Promise.all([writer.stop(), tick.stop()]);
    return { came, ...live.state() };
  };
  const stop = (why: Stop, patienceMs?: number) => {
    if (live.state().stop === null && patienceMs !== undefined) given = patienceMs;
    live.stop(why);
  };
  return { came: end(), kind, stop, look: () => tick.now() };
}

interface How extends Omit<RunHooks, 'attempt'> {
  /** From now on it may have done something. */
  begin: () => void;
}

async function perform({ hooks }: WorkParts, { id, order, progress }: TakenRun, { signal, onStep, begin }: How): Promise<RunResult> {
  const { attempt } = progress;
  if (attempt > 1) {
    await hooks.beforeRetry?.(order, attempt).catch((error: unknown) => {
      hooks.log('warn', 'what an earlier attempt left could not be cleared away', { run: id, attempt, error });
    });
  }
  // What a change left half done is for the run to find, even where it is to stop at once.
  if (order.kind !== 'change' || attempt === 1) signal.throwIfAborted();
  begin();
  return hooks.perform(order, { signal, attempt, onStep });
}

/** What it comes to; a run that does not stop when it is told to is not waited for. */
async function untilEnd(patience: () => number, signal: AbortSignal, start: (begin: () => void) => Promise<RunResult>): Promise<Came> {
  let timer: NodeJS.Timeout | undefined;
  let begun = false;
  const begin = () => {
    begun = true;
  };
  const deaf = new Promise<Came>((resolve) => {
    signal.addEventListener('abort', () => {
      timer = setTimeout(() => resolve({ is: 'deaf' }), patience());
    });
  });
  const ended = start(begin).then(
    (result): Came => ({ is: 'result', result }),
    (error: unknown): Came => ({ is: 'error', error, begun }),
  );
  const came = await Promise.race([ended, deaf]);
  clearTimeout(timer);
  return came;
}

/** Whether an error is an answer for people, and not broken machinery. */
export const isAnswer = (error: unknown): error is Error => error instanceof Failure || error instanceof UsageError;
