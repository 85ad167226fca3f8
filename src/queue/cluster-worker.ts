import { Worker, type Job } from 'bullmq';
import { plainError } from './answered.ts';
import { coalesced } from './coalesced.ts';
import type { Deliveries } from './deliveries.ts';
import { dropUnreadableJobs } from './hostile-jobs.ts';
import { bullPrefix, queueName, runOfJob } from './keys.ts';
import { refuseJob } from './take.ts';
import type { WorkParts } from './work-parts.ts';
import type { WorkerOptions } from './worker-options.ts';

/** The worker of one cluster's queue. */
export interface ClusterWorker {
  /** Begins to take jobs. */
  run(): void;
  /** Takes no more jobs; those it has go on. */
  pause(): Promise<void>;
  /** `hard`: without waiting for a connection that is away. */
  close(hard: boolean): Promise<void>;
}

/** How many deaths of workers a job survives is for us to count, not for BullMQ: a run must not end without a word. */
const NEVER = 1_000_000;

const SWEEP_EVERY_MS = 200;

const AFTER_TROUBLE_MS = 200;

/** BullMQ's worker rests for 5 s after trouble with Redis, even when it is closed meanwhile. */
class RunWorker extends Worker {
  protected override checkConnectionError<T>(ask: () => Promise<T>): Promise<T | undefined> {
    return super.checkConnectionError(ask, AFTER_TROUBLE_MS);
  }
}

/** A worker that will take the runs of a cluster. */
export function startClusterWorker(options: WorkerOptions, parts: WorkParts, deliveries: Deliveries, cluster: string): ClusterWorker {
  const { prefix, concurrency = 2, lockMs = 10_000, stalledMs = 5000 } = options;
  const deliver = (job: Job, token?: string) => deliveries.deliver(cluster, job, token ?? '');
  const worker = new RunWorker(queueName(cluster), deliver, {
    connection: parts.redis,
    prefix: bullPrefix(prefix),
    concurrency,
    lockDuration: lockMs,
    stalledInterval: stalledMs,
    maxStalledCount: NEVER,
    autorun: false,
    skipVersionCheck: true,
    runRetryDelay: 1000,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  const sweep = coalesced(() => dropHostile(parts, cluster, (name) => worker.toKey(name)), SWEEP_EVERY_MS);
  const trouble = (error: unknown) => {
    options.log('warn', 'trouble with the queue', { cluster, error: plainError(error) });
    if (deliveries.isOpen() && parts.redis.status === 'ready') sweep.changed();
  };
  worker.on('error', trouble);
  return {
    run: () => void worker.run().catch(trouble),
    pause: () => worker.pause(true),
    close: async (hard) => {
      await sweep.stop();
      await worker.close(hard);
    },
  };
}

/** Jobs that BullMQ stumbles over are refused like those with a bad order. */
async function dropHostile(parts: WorkParts, cluster: string, key: (name: string) => string): Promise<void> {
  try {
    for (const id of await dropUnreadableJobs(parts.redis, key)) await refuseJob(parts, cluster, runOfJob(id), 'the job cannot be read');
  } catch (error) {
    parts.hooks.log('warn', 'jobs that cannot be read could not be dropped', { cluster, error: plainError(error) });
  }
}
