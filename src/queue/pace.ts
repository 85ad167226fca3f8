import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';
import { script } from './script.ts';

/**
 * The generic cell rate algorithm: what is kept is when the next call would be due if all were evenly spaced. Times are those of Redis, with
 * its microseconds, so that bots on different machines agree.
 */
const RESERVE = script(`
  local time = redis.call('TIME')
  local now = time[1] * 1000 + time[2] / 1000
  local every, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
  local due = math.max(tonumber(redis.call('GET', KEYS[1]) or 0) or 0, now)
  redis.call('SET', KEYS[1], string.format('%.3f', due + every), 'PX', math.ceil(due - now + every) + 1000)
  return math.max(0, math.ceil(due - (burst - 1) * every - now))
`);

/**
 * Takes the next place in the row of calls of a kind, and says how many milliseconds it is away: the calls of all bots are spaced by `everyMs`,
 * with `burst` of them at once. The place is taken: the caller waits so long and then calls.
 */
export async function reservePlace(redis: Redis, keys: Keys, kind: string, everyMs: number, burst: number): Promise<number> {
  return Number(await RESERVE(redis, [keys.pace(kind)], [everyMs, Math.max(1, burst)]));
}
