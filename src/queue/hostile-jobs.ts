import type { Redis } from 'ioredis';

/** What BullMQ reads of a job as JSON, unasked. */
const PARSED = ['data', 'opts', 'progress', 'parent'] as const;

const MOST_ACTIVE = '999';

function isJson(text: string | null): boolean {
  if (text === null || text === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes jobs out of a queue that BullMQ cannot even read: it would deliver them for ever, and they would hold a place among the running. Gives
 * their ids. `key`: the name of one of the queue's keys.
 */
export async function dropUnreadableJobs(redis: Redis, key: (name: string) => string): Promise<string[]> {
  const active = await redis.lrange(key('active'), 0, MOST_ACTIVE);
  const dropped: string[] = [];
  for (const id of active) {
    if (await isReadable(redis, key(id))) continue;
    await redis.lrem(key('active'), 0, id);
    await redis.del(key(id), `${key(id)}:lock`);
    await redis.srem(key('stalled'), id);
    dropped.push(id);
  }
  return dropped;
}

async function isReadable(redis: Redis, job: string): Promise<boolean> {
  const type = await redis.type(job);
  if (type !== 'hash') return false;
  const texts = await redis.hmget(job, ...PARSED);
  return texts.every(isJson) && texts.every((text, index) => index > 1 || text !== null);
}
