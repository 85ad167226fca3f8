import type { Redis } from 'ioredis';
import { isOver, type Progress } from '../domain/run.ts';
import type { Keys } from './keys.ts';
import { orderText } from './lives.ts';
import type { StoredResult } from './result.ts';
import { script } from './script.ts';

/**
 * `ok`: it stands there. `over`: the run is over already, and stays as it ended. `lost`: another worker has the run. `cancel`: it was to be
 * written as done or failed, but somebody wanted it ended first. `missing`: Redis does not know the run (any more).
 */
export type Written = 'ok' | 'over' | 'lost' | 'cancel' | 'missing';

/**
 * The end of a run is written once: nothing changes it, and only the worker that has the run may write (`held`). `counts`: what came out of it
 * counts, though somebody wanted it ended.
 */
const WRITE = script(`
  local run, asks, held = KEYS[1], KEYS[2], KEYS[3]
  local token, tell, state, attempt, progress, result, outcome, keep, final, changed, counts, proposals = unpack(ARGV, 1, 12)
  local base, was, stood, cancel = unpack(redis.call('HMGET', run, 'base', 'state', 'progress', 'cancel'))
  if not base then return 'missing' end
  if was == 'done' or was == 'failed' or was == 'cancelled' then return stood == progress and 'ok' or 'over' end
  local holder = redis.call('GET', held)
  if holder and holder ~= token then return 'lost' end
  if final == '1' and state ~= 'cancelled' and cancel and counts ~= '1' then return 'cancel' end
  redis.call('HSET', run, 'state', state, 'attempt', attempt, 'progress', progress)
  if result ~= '' then redis.call('HSET', run, 'result', result, 'outcome', outcome) end
  if proposals ~= '' then redis.call('HSET', run, 'proposals', proposals) end
  for i = 13, #ARGV, 2 do redis.call('ZADD', KEYS[4], ARGV[i], ARGV[i + 1]) end
  if final == '1' then
    redis.call('EXPIRE', run, keep)
    redis.call('EXPIRE', asks, keep)
  end
  if holder and state ~= 'running' then redis.call('DEL', held) end
  redis.call('PUBLISH', changed, tell)
  return 'ok'
`);

/** How far a run is, on its way into Redis. `token`: of the one who writes; it must be the holder's, where there is one. */
export interface ProgressToWrite {
  run: string;
  /** The run whose threads tell of it; left out: it has its own. */
  of?: string | undefined;
  token: string;
  progress: Progress;
  result: StoredResult | null;
  /** It may have changed a cluster: a wish to end it does not undo that. */
  counts?: boolean;
  keepSeconds: number;
}

/** Writes how far a run is. A run that is queued again, or over, is held by nobody any more. */
export async function writeProgress(redis: Redis, keys: Keys, what: ProgressToWrite): Promise<Written> {
  const { run, of = run, token, progress, result, counts = false, keepSeconds } = what;
  const texts = [JSON.stringify(progress), result?.result ?? '', result?.outcome ?? ''];
  const rest = [keepSeconds, isOver(progress.state) ? 1 : 0, keys.changed, counts ? 1 : 0, result?.proposals ?? ''];
  const orders = (result?.orders ?? []).flatMap(({ id, expiresAt }) => [expiresAt, orderText(run, id)]);
  const written = await WRITE(
    redis,
    [keys.run(run), keys.asks(run), keys.held(run), keys.expiring],
    [token, of, progress.state, progress.attempt, ...texts, ...rest, ...orders],
  );
  return written as Written;
}
