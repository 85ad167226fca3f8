import type { Redis } from 'ioredis';
import type { RunSummary } from '../domain/run.ts';
import type { Keys } from './keys.ts';
import { loadSummaries } from './load.ts';

/** How many runs a cluster's history holds. */
export const LONGEST_HISTORY = 500;

/** The newest runs of a cluster first. Those that are kept no more are taken off the list. */
export async function loadHistory(redis: Redis, keys: Keys, cluster: string, limit: number): Promise<RunSummary[]> {
  const most = Math.min(Math.max(Math.trunc(limit), 0), LONGEST_HISTORY);
  const found: RunSummary[] = [];
  for (let from = 0; found.length < most && from < LONGEST_HISTORY; from += most) {
    const ids = await redis.zrevrange(keys.history(cluster), from, from + most - 1);
    if (ids.length === 0) break;
    const { summaries, gone } = await loadSummaries(redis, keys, ids);
    if (gone.length > 0) await redis.zrem(keys.history(cluster), ...gone);
    found.push(...summaries);
    // What was taken off made the rest move up.
    from -= gone.length;
  }
  return found.slice(0, most);
}
