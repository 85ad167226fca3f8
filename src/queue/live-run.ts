import type { Progress, RunOrder, RunStep } from '../domain/run.ts';
import { plainError } from './answered.ts';
import { keepRun } from './hold.ts';
import { restoreRun } from './restore-script.ts';
import { withStep } from './steps.ts';
import { type Stop, Stopped } from './stopped.ts';
import { ofRun, type StoredRun } from './stored.ts';
import type { WorkParts } from './work-parts.ts';
import { writeProgress } from './write-progress.ts';

/** A run that this worker has taken. */
export interface TakenRun {
  id: string;
  token: string;
  run: StoredRun;
  progress: Progress;
  order: RunOrder;
}

/** A run as it goes on: what is known of it, how far it is, and whether it was told to stop. */
export interface LiveRun {
  /** Aborts when it is told to stop. */
  signal: AbortSignal;
  /** The first reason counts. */
  stop(why: Stop): void;
  /** Says that it is ours, and looks whether it should go on. Never rejects. */
  tick(): Promise<void>;
  /** Writes how far it is. Never rejects. */
  write(): Promise<void>;
  /** A step has begun or ended; false: the run is over. */
  step(step: RunStep): boolean;
  /** It is over: nothing changes any more. */
  close(): void;
  state(): { stop: Stop | null; run: StoredRun; progress: Progress };
}

interface Live {
  id: string;
  token: string;
  run: StoredRun;
  progress: Progress;
  why: Stop | null;
  closed: boolean;
  controller: AbortController;
}

/** The run that was just taken. */
export function liveRun(parts: WorkParts, { id, token, run, progress }: TakenRun): LiveRun {
  const live: Live = { id, token, run, progress, why: null, closed: false, controller: new AbortController() };
  const trouble = (error: unknown) => {
    if (!live.closed) parts.hooks.log('warn', 'how far the run is could not be written', { run: id, error: plainError(error) });
  };
  return {
    signal: live.controller.signal,
    stop: (why) => stop(live, why),
    tick: () => look(parts, live).catch(trouble),
    write: () => write(parts, live).catch(trouble),
    step: (step) => {
      if (!live.closed) live.progress = { ...live.progress, steps: withStep(live.progress.steps, step) };
      return !live.closed;
    },
    close: () => {
      live.closed = true;
    },
    state: () => ({ stop: live.why, run: current(live), progress: live.progress }),
  };
}

const current = ({ run, progress }: Live): StoredRun => ({ ...run, progress: JSON.stringify(progress) });

function stop(live: Live, why: Stop): void {
  if (live.why !== null || live.closed) return;
  live.why = why;
  live.controller.abort(new Stopped(why));
}

async function look(parts: WorkParts, live: Live): Promise<void> {
  const { redis, keys, holdMs } = parts;
  const kept = await keepRun(redis, keys, live.id, live.token, holdMs);
  if (kept.is === 'missing') {
    await restore(parts, live);
    await keepRun(redis, keys, live.id, live.token, holdMs);
  } else if (kept.is === 'ok') {
    live.run = { ...live.run, asks: kept.asks, cancel: kept.cancel };
    if (kept.cancel !== null) stop(live, 'cancel');
  } else stop(live, 'lost');
}

async function write(parts: WorkParts, live: Live): Promise<void> {
  const { redis, keys, keepSeconds } = parts;
  const { id: run, token, progress } = live;
  const written = await writeProgress(redis, keys, { run, of: ofRun(live.run), token, progress, result: null, keepSeconds });
  if (written === 'missing') await restore(parts, live);
  else if (written !== 'ok') stop(live, 'lost');
}

/** Redis has lost the run: a run that goes on must not be lost with it. */
async function restore({ redis, keys, keepSeconds, hooks }: WorkParts, live: Live): Promise<void> {
  const restored = await restoreRun(redis, keys, current(live), keepSeconds);
  if (restored) hooks.log('warn', 'Redis had lost the run; it was written again', { run: live.id });
}
