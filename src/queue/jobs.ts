import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { SignedOrder } from '../domain/run.ts';
import { plainError } from './answered.ts';
import { bullPrefix, jobId, queueName } from './keys.ts';

/** How often a job is taken up when what a run needs is broken (not when the cluster is: that is an answer). */
export const TRIES = 3;

/** The name of a job that was added again because the first was lost. */
export const AGAIN = 'again';

/** The queues of the clusters, one for each: a dead cluster starves no other. */
export interface Jobs {
  /** Puts the run's job into the queue of its cluster, for a worker after `delayMs`; nothing changes when it is there. `again`: there was one before. */
  add(cluster: string, run: string, signed: SignedOrder, again?: boolean, delayMs?: number): Promise<void>;
  has(cluster: string, run: string): Promise<boolean>;
  /** Takes the job out, unless a worker has it. */
  remove(cluster: string, run: string): Promise<void>;
  /** Jobs that wait (for a worker, or for their next try), and those that workers have. */
  counts(cluster: string): Promise<{ waiting: number; running: number }>;
  /** When the job that waits longest was added, in milliseconds since 1970; null: none waits. */
  oldest(cluster: string): Promise<number | null>;
  /** All workers together have at most so many runs of the cluster at a time. */
  limit(cluster: string, runs: number): Promise<void>;
  close(): Promise<void>;
}

/** Where the queues are. The connection stays the caller's. */
export interface JobsOptions {
  redis: Redis;
  prefix: string;
  onError: (error: Error) => void;
}

/** The queues, each made when it is first needed. */
export function openJobs({ redis, prefix, onError }: JobsOptions): Jobs {
  const queues = new Map<string, Queue>();
  const queueOf = (cluster: string): Queue => {
    const known = queues.get(cluster);
    if (known) return known;
    const queue = new Queue(queueName(cluster), { connection: redis, prefix: bullPrefix(prefix), skipVersionCheck: true });
    queue.on('error', (error) => onError(plainError(error)));
    queues.set(cluster, queue);
    return queue;
  };
  return {
    add: async (cluster, run, signed, again = false, delayMs = 0) => {
      await queueOf(cluster).add(again ? AGAIN : 'run', signed, {
        jobId: jobId(run),
        delay: Math.max(0, Math.ceil(delayMs)),
        attempts: TRIES,
        backoff: { type: 'exponential', delay: 2000, jitter: 0.5 },
        removeOnComplete: true,
        removeOnFail: true,
      });
    },
    has: async (cluster, run) => (await redis.exists(queueOf(cluster).toKey(jobId(run)))) === 1,
    remove: async (cluster, run) => {
      await queueOf(cluster).remove(jobId(run));
    },
    counts: async (cluster) => {
      const {
        wait = 0,
        prioritized = 0,
        delayed = 0,
        active = 0,
      } = await queueOf(cluster).getJobCounts('wait', 'prioritized', 'delayed', 'active');
      return { waiting: wait + prioritized + delayed, running: active };
    },
    oldest: async (cluster) => {
      const queue = queueOf(cluster);
      const id = await redis.lindex(queue.toKey('wait'), -1);
      const at = Number(id === null ? null : await redis.hget(queue.toKey(id), 'timestamp'));
      return Number.isFinite(at) && at > 0 ? at : null;
    },
    limit: async (cluster, runs) => {
      await queueOf(cluster).setGlobalConcurrency(runs);
    },
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
