import type { WorkerHooks } from './work-parts.ts';

/** Which runs are performed here, how many at once, and how patient the worker is. Times in milliseconds where not said otherwise. */
export interface WorkerOptions extends WorkerHooks {
  /** As for `connectRedis`. */
  url: string;
  prefix: string;
  clusters: readonly string[];
  /** Runs of one cluster at once, in this process; 2 unless said. */
  concurrency?: number;
  /** Runs of one cluster at once, in all workers together; 2 unless said. */
  globalConcurrency?: number;
  /** How long a run is kept after its end, in seconds; 7 days unless said. */
  keepSeconds?: number;
  /** A worker that is silent for so long may be dead; 10 s unless said. */
  lockMs?: number;
  /** How often is looked for runs of dead workers; 5 s unless said. */
  stalledMs?: number;
  /** A run that does not end within it is given up; 15 minutes unless said. */
  limitMs?: number;
  /** A run that was told to stop is waited for so long; 5 s unless said. */
  patienceMs?: number;
  /** The same two for a run that changes something: an hour, and 5 minutes, unless said. When the worker ends, its grace is what such a run has. */
  changeLimitMs?: number;
  changePatienceMs?: number;
  /** A name that no other worker has. */
  worker?: string;
  now?: () => number;
}
