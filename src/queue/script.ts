import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A Lua script: runs as one step, with nothing of others in between. */
export type Script = (redis: Redis, keys: readonly string[], args: readonly (string | number | Buffer)[]) => Promise<unknown>;

/** The script by its digest; its text is sent only to a Redis that does not know it (yet, or no more). */
export function script(lua: string): Script {
  const digest = createHash('sha1').update(lua).digest('hex');
  return async (redis, keys, args) => {
    try {
      return await redis.evalsha(digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!String(error).includes('NOSCRIPT')) throw error;
      return await redis.eval(lua, keys.length, ...keys, ...args);
    }
  };
}
