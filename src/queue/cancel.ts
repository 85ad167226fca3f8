import type { Redis } from 'ioredis';
import type { Progress } from '../domain/run.ts';
import type { Keys } from './keys.ts';
import { loadRun } from './load.ts';
import { script } from './script.ts';
import { baseOf, mayHaveWritten, progressOf, toldBy } from './stored.ts';

/**
 * A run that no worker has ends here; else its worker is told, by the flag in the record and, faster, by the channel. One that may have changed a
 * cluster (`soft`) is ended by a worker alone: what is half done must not be left so.
 */
const CANCEL = script(`
  local run, asks, held = KEYS[1], KEYS[2], KEYS[3]
  local id, by, read, progress, keep, changed, cancel, tell, soft = unpack(ARGV)
  local base, state, stood = unpack(redis.call('HMGET', run, 'base', 'state', 'progress'))
  if not base then return 'unknown' end
  if state == 'done' or state == 'failed' or state == 'cancelled' then return stood == progress and 'cancelled' or 'over' end
  if soft == '1' or redis.call('EXISTS', held) == 1 then
    redis.call('HSETNX', run, 'cancel', by)
    redis.call('PUBLISH', cancel, id)
    return 'stopping'
  end
  if stood ~= read then return 'again' end
  redis.call('HSET', run, 'state', 'cancelled', 'progress', progress, 'cancel', by)
  redis.call('EXPIRE', run, keep)
  redis.call('EXPIRE', asks, keep)
  redis.call('PUBLISH', changed, tell)
  return 'cancelled'
`);

/** The end of a run that was cancelled. */
export const cancelledProgress = (progress: Progress, by: string, now: number): Progress => ({
  ...progress,
  state: 'cancelled',
  endedAt: now,
  error: null,
  cancelledBy: by,
});

const UNREADABLE: Progress = { state: 'queued', attempt: 0, startedAt: null, endedAt: null, steps: [], error: null, cancelledBy: null };

/** Who wants which run ended. `now` is milliseconds since 1970. */
export interface Cancelling {
  run: string;
  by: string;
  now: number;
  keepSeconds: number;
}

/** Ends a run that no worker has, or has its worker told. */
export async function cancelRun(redis: Redis, keys: Keys, { run, by, now, keepSeconds }: Cancelling) {
  for (let tries = 0; tries < 10; tries += 1) {
    const stored = await loadRun(redis, keys, run);
    if (stored === null) return 'unknown';
    const was = progressOf(stored) ?? UNREADABLE;
    const base = baseOf(stored);
    const progress = JSON.stringify(cancelledProgress(was, by, now));
    const about = [base === null ? run : toldBy(base), base !== null && mayHaveWritten(base, was) ? 1 : 0];
    const args = [run, by, stored.progress, progress, keepSeconds, keys.changed, keys.cancel, ...about];
    const done = await CANCEL(redis, [keys.run(run), keys.asks(run), keys.held(run)], args);
    if (done !== 'again') return done as 'cancelled' | 'stopping' | 'over' | 'unknown';
  }
  // It changes faster than it can be read: somebody has it.
  return 'stopping';
}
