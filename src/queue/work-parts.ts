import type { Redis } from 'ioredis';
import type { RunOrder, RunRecord, RunResult, RunStep, SignedOrder } from '../domain/run.ts';
import type { Keys } from './keys.ts';

/** What a run is given while it is performed. */
export interface RunHooks {
  /**
   * Aborts when the run is cancelled, taken over by another worker, or given back because this one ends. Its reason is a `Failure`. A run that
   * changes something is then waited for until it has come to a point where it does no harm, and what came out of it counts; one that another
   * worker has taken over may write nothing more.
   */
  signal: AbortSignal;
  /** 1 for the first worker that took it. */
  attempt: number;
  /** A step has begun or ended. */
  onStep: (step: RunStep) => void;
}

/** What is known of the run that an order should be for. `begun`: when a worker first took it, in milliseconds since 1970; null: none has. */
export interface OrderContext {
  run: string;
  cluster: string;
  begun: number | null;
}

/** Says something for the log. `fields` hold no secret and no text from a cluster. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown>) => void;

/** What a run does, and who hears of it: passed in, so that the queue knows no cluster. */
export interface WorkerHooks {
  /** The order in a signed one, if it may be carried out; else it throws (a `reason` of the error is counted by). */
  verify: (signed: SignedOrder, context: OrderContext) => RunOrder;
  /** What comes out of the run. A `Failure` is its end; any other error is broken machinery, and it is tried again. */
  perform: (order: RunOrder, hooks: RunHooks) => Promise<RunResult>;
  /** Clears away what an earlier attempt may have left. Its errors are logged, and the run goes on. */
  beforeRetry?: (order: RunOrder, attempt: number) => Promise<void>;
  onRefused: (reason: string, run: string, cluster: string, message: string) => void;
  /** The end of a run that this worker wrote. */
  onEnd: (record: RunRecord) => void;
  onUnreadable?: (run: string) => void;
  log: Log;
}

/** What the performing of runs works with. Times in milliseconds. */
export interface WorkParts {
  redis: Redis;
  keys: Keys;
  hooks: WorkerHooks;
  keepSeconds: number;
  /** A run is this worker's for so long after it last said so. */
  holdMs: number;
  /** How often it says so. */
  tickMs: number;
  /** A run that does not end within it is given up. */
  limitMs: number;
  /** A run that was told to stop is waited for so long. */
  patienceMs: number;
  /** The same two for runs that change something. */
  changeLimitMs: number;
  changePatienceMs: number;
  now: () => number;
}
