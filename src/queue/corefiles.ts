import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { answered } from './answered.ts';
import { queueName } from './keys.ts';
import { script } from './script.ts';

/** So many Corefiles of a cluster are kept: the newest. */
const MOST = 10;
/** One that is longer is not kept. Bytes; a ConfigMap holds 1 MiB. */
const LARGEST = 65_536;
/** What stands where a secret was hidden: such a text must never be written back. */
const HIDDEN = '[redacted]';

const Known = z.object({ text: z.string().max(LARGEST), sha512: z.string(), seenAt: z.number() });
/** A Corefile that worked, and the hash that CoreDNS gives for it. Milliseconds since 1970. */
export type Known = z.infer<typeof Known>;

/** The same text again only becomes newer; what is too much goes, oldest first. */
const KEEP = script(`
  local texts, times = KEYS[1], KEYS[2]
  local id, text, at, most, seconds = unpack(ARGV)
  local known = redis.call('ZSCORE', times, id)
  if not known or tonumber(known) < tonumber(at) then
    redis.call('HSET', texts, id, text)
    redis.call('ZADD', times, at, id)
  end
  for _, old in ipairs(redis.call('ZRANGE', times, 0, -tonumber(most) - 1)) do
    redis.call('ZREM', times, old)
    redis.call('HDEL', texts, old)
  end
  redis.call('EXPIRE', texts, seconds)
  redis.call('EXPIRE', times, seconds)
`);

/** Corefiles that once worked, for each cluster: what there is to go back to. Every call rejects with a `Failure` when Redis cannot be reached. */
export interface Corefiles {
  keep(cluster: string, known: Known): Promise<void>;
  /** Newest first. */
  list(cluster: string): Promise<Known[]>;
}

/** Opens them. `keepSeconds`: how long after the last one was seen; at least thirty days, for a cluster may be checked seldom. */
export function openCorefiles({ redis, prefix, keepSeconds }: { redis: Redis; prefix: string; keepSeconds: number }): Corefiles {
  const seconds = Math.max(keepSeconds, 30 * 24 * 3600);
  const keys = (cluster: string): [string, string] => {
    const name = `${prefix}:corefiles:${queueName(cluster)}`;
    return [name, `${name}:times`];
  };
  return {
    keep: async (cluster, known) => {
      if (Buffer.byteLength(known.text) > LARGEST || known.text.includes(HIDDEN)) return;
      const id = createHash('sha256').update(known.text, 'utf8').digest('hex');
      await answered(redis, () => KEEP(redis, keys(cluster), [id, JSON.stringify(known), known.seenAt, MOST, seconds]));
    },
    list: (cluster) =>
      answered(redis, async () => {
        const [texts, times] = keys(cluster);
        const ids = await redis.zrevrange(times, 0, MOST - 1);
        const stored = ids.length === 0 ? [] : await redis.hmget(texts, ...ids);
        return stored.flatMap((text) => {
          const known = Known.safeParse(parsed(text));
          return known.success ? [known.data] : [];
        });
      }),
  };
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
