import { Redis, type RedisOptions } from 'ioredis';
import { plainError } from './answered.ts';
import { redisAddress } from './redis-url.ts';

/**
 * `producer`: for those whom a person waits for; while Redis is away every command fails at once. `blocking`: for those who wait for work;
 * their commands wait until Redis is back.
 */
export type ConnectionKind = 'producer' | 'blocking';

const COMMON: RedisOptions = {
  retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), 1000) + Math.random() * 100,
  // After a failover the old primary says READONLY: connect anew and send the command again.
  reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  disconnectTimeout: 200,
  keepAlive: 10_000,
};

const KINDS: Record<ConnectionKind, RedisOptions> = {
  producer: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 1500, connectTimeout: 1500 },
  // A connection that has died without a word is noticed by the silence: BullMQ blocks for at most 10 s.
  blocking: { enableOfflineQueue: true, maxRetriesPerRequest: null, connectTimeout: 5000, socketTimeout: 20_000 },
};

/**
 * A connection to Redis, which is made again whenever it is lost. `url` as for `redisAddress`; `onError` hears of every trouble in words that
 * hold no password. Throws a UsageError for a URL that is none.
 */
export function connectRedis(url: string, kind: ConnectionKind, onError: (error: Error) => void): Redis {
  const address = redisAddress(url);
  const redis = new Redis({ ...COMMON, ...KINDS[kind], ...address, replyMapping: 'legacy' });
  redis.on('error', (error: unknown) => onError(plainError(error, address.password)));
  return redis;
}

/** Ends the connection now, whatever state it is in. */
export function endRedis(redis: Redis): void {
  if (redis.status !== 'end') redis.disconnect();
}
