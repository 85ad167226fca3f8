import type { Redis } from 'ioredis';
import { placeKey } from '../domain/run.ts';
import { LONGEST_HISTORY } from './history.ts';
import type { Keys } from './keys.ts';
import { script } from './script.ts';
import { askText, toldBy, type Base } from './stored.ts';

export const WEEK_SECONDS = 7 * 24 * 3600;

/** A run that is not over is kept at least so long: nothing that is lost sight of stays for ever. Seconds. */
const LIVE_SECONDS = 24 * 3600;

/** How long a run is kept from when it is made, and again from its end, so that it outlives neither. */
export const keptSeconds = (keepSeconds: number): number => Math.max(keepSeconds, LIVE_SECONDS);

/**
 * One step, so that two bots that are asked the same at the same instant make one run. The answer to a first try may have been lost: then the
 * run that is found is our own. A run that somebody wants to end, or that waited too long to begin, is not joined.
 */
const ASK = script(`
  local share, at = KEYS[1], KEYS[2]
  local id, now, place, member, inChannel = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
  local runs, changed, live, alone = ARGV[6], ARGV[7], ARGV[8], ARGV[9] == '1'
  local tell, isPlaced, isListed = ARGV[13], ARGV[14] == '1', ARGV[15] == '1'

  local other = redis.call('GET', share)
  if other == id then return {'started', id} end
  if other and not alone then
    local run = runs .. other
    local base, state, attempt, expires, cancel = unpack(redis.call('HMGET', run, 'base', 'state', 'attempt', 'expires', 'cancel'))
    local waits = state == 'queued' and ((tonumber(attempt) or 0) > 0 or (tonumber(expires) or 0) > now)
    if base and not cancel and (state == 'running' or waits) then
      local here = redis.call('HSETNX', run, 'place:' .. place, '1') == 0
      local below = not here and redis.call('GET', at) == other
      if below then
        redis.call('HDEL', run, 'place:' .. place)
        member = inChannel
      end
      local asks = run .. ':asks'
      if redis.call('ZADD', asks, 'NX', redis.call('ZCARD', asks), member) == 1 then redis.call('PUBLISH', changed, other) end
      redis.call('SET', at, other, 'EX', live)
      return {(here or below) and 'here' or 'joined', other}
    end
  end

  local run = runs .. id
  if redis.call('EXISTS', run) == 1 then return {'taken', id} end
  redis.call('HSET', run, 'base', ARGV[10], 'progress', ARGV[11], 'state', 'queued', 'attempt', '0', 'expires', ARGV[12], 'place:' .. place, '1')
  redis.call('ZADD', KEYS[3], 0, member)
  redis.call('EXPIRE', run, live)
  redis.call('EXPIRE', KEYS[3], live)
  redis.call('SET', share, id, 'EX', live)
  if isPlaced then redis.call('SET', at, id, 'EX', live) end
  redis.call('ZADD', KEYS[4], now, id)
  if isListed then
    redis.call('ZADD', KEYS[5], now, id)
    redis.call('ZREMRANGEBYRANK', KEYS[5], 0, -1 - ${LONGEST_HISTORY})
    redis.call('EXPIRE', KEYS[5], live)
  end
  redis.call('PUBLISH', changed, tell)
  return {'started', id}
`);

/** Where a run stands while it is not over (or its threads do not say so). */
export const openOf = (keys: Keys, { kind }: Pick<Base, 'kind'>): string => (kind === 'change' ? keys.works : keys.open);

/** A question on its way into Redis. `progress`: how far the new run is. `alone`: no run is joined, whatever there is. */
export interface Question {
  base: Base;
  progress: string;
  question: string;
  place: { channel: string; thread: string | null };
  user: string;
  alone: boolean;
  keepSeconds: number;
}

/** What became of it, and the run that answers it. `taken`: there is a run with this id; another id will do. */
export interface Answer {
  outcome: 'started' | 'joined' | 'here' | 'taken';
  run: string;
}

/** Joins the run that answers the question already, or makes a new one. */
export async function askRedis(redis: Redis, keys: Keys, asked: Question): Promise<Answer> {
  const { base, place, user } = asked;
  const at = placeKey(place);
  const inPlace = askText({ ...place, user });
  // In the thread below a run's own card the run stands already: its place is the channel.
  const inChannel = askText({ channel: place.channel, thread: null, user });
  const texts = [JSON.stringify(base), asked.progress, base.expiresAt];
  const shown = [toldBy(base), base.kind === 'change' ? 0 : 1, base.notBefore === undefined ? 1 : 0];
  const reply = await ASK(
    redis,
    [keys.shared(asked.question), keys.at(at), keys.asks(base.id), openOf(keys, base), keys.history(base.cluster)],
    [
      base.id,
      base.createdAt,
      at,
      inPlace,
      inChannel,
      keys.runs,
      keys.changed,
      keptSeconds(asked.keepSeconds),
      asked.alone ? 1 : 0,
      ...texts,
      ...shown,
    ],
  );
  const [outcome, run] = reply as [Answer['outcome'], string];
  return { outcome, run };
}
