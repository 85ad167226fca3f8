import type { Redis } from 'ioredis';
import type { Progress } from '../domain/run.ts';
import type { Keys } from './keys.ts';
import { script } from './script.ts';

/** `again`: the run has changed since it was read. `held`: another worker has it. `cancel`: somebody wants it ended. */
export type Taken = 'ok' | 'over' | 'held' | 'cancel' | 'again' | 'missing';

const TAKE = script(`
  local run, held = KEYS[1], KEYS[2]
  local token, ms, read, progress, attempt, changed, tell, regardless = unpack(ARGV)
  local base, state, stood, cancel = unpack(redis.call('HMGET', run, 'base', 'state', 'progress', 'cancel'))
  if not base then return 'missing' end
  if state == 'done' or state == 'failed' or state == 'cancelled' then return 'over' end
  local holder = redis.call('GET', held)
  if holder and holder ~= token then return 'held' end
  if cancel and regardless ~= '1' then return 'cancel' end
  if stood ~= progress then
    if stood ~= read then return 'again' end
    redis.call('HSET', run, 'state', 'running', 'attempt', attempt, 'progress', progress)
    redis.call('PUBLISH', changed, tell)
  end
  redis.call('SET', held, token, 'PX', ms)
  return 'ok'
`);

/**
 * A run that a worker takes. `read`: its progress as the worker read it, so that what has changed since is noticed. `tell`: the run whose threads
 * tell of it. `regardless`: also one that somebody wants ended, for it may have begun to change something.
 */
export interface RunToTake {
  run: string;
  tell: string;
  regardless: boolean;
  token: string;
  read: string;
  progress: Progress;
  holdMs: number;
}

/** Takes a run for the holder of the token, who must `keep` it from then on. */
export async function takeRun(
  redis: Redis,
  keys: Keys,
  { run, tell, regardless, token, read, progress, holdMs }: RunToTake,
): Promise<Taken> {
  const args = [token, holdMs, read, JSON.stringify(progress), progress.attempt, keys.changed, tell, regardless ? 1 : 0];
  return (await TAKE(redis, [keys.run(run), keys.held(run)], args)) as Taken;
}

/** `lost`: another worker has the run now. `over`: somebody else has ended it. `missing`: Redis does not know the run any more. */
export type Kept = { is: 'ok'; cancel: string | null; asks: string[] } | { is: 'over' | 'lost' | 'missing' };

const KEEP = script(`
  local run, held = KEYS[1], KEYS[2]
  local base, state, cancel = unpack(redis.call('HMGET', run, 'base', 'state', 'cancel'))
  if not base then return {'missing'} end
  if state == 'done' or state == 'failed' or state == 'cancelled' then return {'over'} end
  local holder = redis.call('GET', held)
  if holder and holder ~= ARGV[1] then return {'lost'} end
  redis.call('SET', held, ARGV[1], 'PX', ARGV[2])
  return {'ok', cancel, redis.call('ZRANGE', KEYS[3], 0, -1)}
`);

/** Says that the holder of the token still has the run, and learns whether it should. */
export async function keepRun(redis: Redis, keys: Keys, run: string, token: string, holdMs: number): Promise<Kept> {
  const reply = await KEEP(redis, [keys.run(run), keys.held(run), keys.asks(run)], [token, holdMs]);
  const [is, cancel, asks] = reply as ['ok' | 'over' | 'lost' | 'missing', string | null | undefined, string[]];
  return is === 'ok' ? { is, cancel: cancel ?? null, asks } : { is };
}
