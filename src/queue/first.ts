import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';
import { script } from './script.ts';

/** Slack repeats a delivery within minutes. Seconds. */
const REMEMBERED_SECONDS = 900;

/** The answer to a first try may have been lost: then the key holds our own token. */
const CLAIM = script(`
  if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) then return 1 end
  return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0
`);

/** True for the first who says this key within 15 minutes. */
export async function firstToSay(redis: Redis, keys: Keys, key: string): Promise<boolean> {
  return (await CLAIM(redis, [keys.first(key)], [randomUUID(), REMEMBERED_SECONDS])) === 1;
}
