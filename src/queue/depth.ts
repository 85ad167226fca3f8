import type { Redis } from 'ioredis';
import { answered } from './answered.ts';
import { countWorkers } from './beat.ts';
import { openJobs } from './jobs.ts';
import { keysOf } from './keys.ts';

/** How full the queue of a cluster is. */
export interface QueueDepth {
  cluster: string;
  /** Jobs that wait for a worker or for their next try. */
  waiting: number;
  running: number;
  /** How long the job that waits longest has waited, in milliseconds; 0 when none waits. */
  oldestMs: number;
  /** Workers that have said lately that they serve the cluster. */
  workers: number;
}

/** Whose depth is measured. */
export interface DepthOptions {
  redis: Redis;
  prefix: string;
  clusters: readonly string[];
  now?: () => number;
  onError: (error: Error) => void;
}

/** Measures the queues of the clusters, for metrics. `read` rejects with a `Failure` when Redis cannot be reached. */
export function openDepth({ redis, prefix, clusters, now = Date.now, onError }: DepthOptions): {
  read(): Promise<QueueDepth[]>;
  close(): Promise<void>;
} {
  const jobs = openJobs({ redis, prefix, onError });
  const depthOf = async (cluster: string): Promise<Omit<QueueDepth, 'workers'>> => {
    const [counts, oldest] = await Promise.all([jobs.counts(cluster), jobs.oldest(cluster)]);
    return { cluster, ...counts, oldestMs: oldest === null ? 0 : Math.max(0, now() - oldest) };
  };
  const measure = async (): Promise<QueueDepth[]> => {
    const workers = await countWorkers(redis, keysOf(prefix), clusters);
    const depths = await Promise.all(clusters.map(depthOf));
    return depths.map((depth, index) => ({ ...depth, workers: workers[index] ?? 0 }));
  };
  return { read: () => answered(redis, measure), close: () => jobs.close() };
}
