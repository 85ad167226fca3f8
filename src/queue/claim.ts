import type { Progress } from '../domain/run.ts';
import { takeRun } from './hold.ts';
import { loadRun } from './load.ts';
import { baseOf, mayHaveWritten, progressOf, recordOf, toldBy, type StoredRun } from './stored.ts';
import type { WorkParts } from './work-parts.ts';

/** A run on its way to a worker: it is `mine` from now on, or why not. `cancel`: somebody wants it ended; `early`: its time has not come. */
export type Claimed =
  | { is: 'mine'; run: StoredRun; progress: Progress }
  | { is: 'cancel'; run: StoredRun; progress: Progress }
  | { is: 'early'; until: number }
  | { is: 'over' | 'held' | 'missing' };

const begun = (was: Progress, now: number): Progress => ({
  state: 'running',
  attempt: was.attempt + 1,
  // Of the first attempt: how long an order may wait is counted up to then.
  startedAt: was.startedAt ?? now,
  endedAt: null,
  steps: [],
  error: null,
  cancelledBy: null,
});

/** Takes a run for the holder of the token, if nobody else has it. */
export async function claimRun({ redis, keys, holdMs, now }: WorkParts, id: string, token: string): Promise<Claimed> {
  for (;;) {
    const run = await loadRun(redis, keys, id);
    const was = run && recordOf(run) && progressOf(run);
    const base = run && baseOf(run);
    if (run === null || base === null || was === null) return { is: 'missing' };
    const { notBefore = 0 } = base;
    if (notBefore > now()) return { is: 'early', until: notBefore };
    const progress = begun(was, now());
    const about = { tell: toldBy(base), regardless: mayHaveWritten(base, was) };
    const is = await takeRun(redis, keys, { run: id, ...about, token, read: run.progress, progress, holdMs });
    if (is === 'ok') return { is: 'mine', run, progress };
    if (is === 'cancel') return { is, run, progress: was };
    if (is !== 'again') return { is };
  }
}
