import type { Redis } from 'ioredis';
import { plainError } from './answered.ts';
import { keysOf, type Keys } from './keys.ts';
import { script } from './script.ts';

/** A worker says so often that it is there, and is believed for so long. Milliseconds. */
const EVERY_MS = 5000;
const BELIEVED_MS = 20_000;

/** Times are those of Redis, so that clocks that differ make no worker seem gone. */
const BEAT = script(`
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  for _, workers in ipairs(KEYS) do
    redis.call('ZADD', workers, now, ARGV[1])
    redis.call('ZREMRANGEBYSCORE', workers, '-inf', now - ARGV[2])
    redis.call('PEXPIRE', workers, ARGV[2])
  end
`);

const COUNT = script(`
  local time = redis.call('TIME')
  local since = time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[1]
  local counts = {}
  for i, workers in ipairs(KEYS) do counts[i] = redis.call('ZCOUNT', workers, since, '+inf') end
  return counts
`);

/** How many workers have said within 20 s that they serve each of the clusters. */
export async function countWorkers(redis: Redis, keys: Keys, clusters: readonly string[]): Promise<number[]> {
  if (clusters.length === 0) return [];
  return (await COUNT(
    redis,
    clusters.map((cluster) => keys.workers(cluster)),
    [BELIEVED_MS],
  )) as number[];
}

const nothing = async (): Promise<void> => undefined;

/** Who says that it is there, and for what. */
export interface BeatOptions {
  redis: Redis;
  prefix: string;
  /** A name that no other worker has. */
  worker: string;
  clusters: readonly string[];
  onError: (error: Error) => void;
  /** Done along with each beat. */
  alongside?: () => Promise<unknown>;
  everyMs?: number;
}

/** Says every 5 s that the worker serves the clusters; `stop` takes it back. */
export function startBeat({ redis, prefix, worker, clusters, onError, alongside = nothing, everyMs = EVERY_MS }: BeatOptions): {
  stop(): Promise<void>;
} {
  const sets = clusters.map((cluster) => keysOf(prefix).workers(cluster));
  let last: Promise<void> = Promise.resolve();
  let waiting = false;
  const beat = () => {
    // While Redis is away a beat waits: one is enough.
    if (waiting || sets.length === 0) return;
    waiting = true;
    last = Promise.all([BEAT(redis, sets, [worker, BELIEVED_MS]), alongside()])
      .then(nothing, (error: unknown) => onError(plainError(error)))
      .finally(() => {
        waiting = false;
      });
  };
  if (redis.status === 'ready') beat();
  const timer = setInterval(beat, everyMs);
  // It may have come back empty.
  redis.on('ready', beat);
  return {
    stop: async () => {
      clearInterval(timer);
      redis.off('ready', beat);
      if (redis.status !== 'ready') return;
      await last;
      await Promise.all(sets.map((set) => redis.zrem(set, worker)));
    },
  };
}
