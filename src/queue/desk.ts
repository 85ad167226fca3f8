import type { Redis } from 'ioredis';
import { UsageError } from '../base/failure.ts';
import { placeKey, type ClusterState, type RunOrder, type RunRecord, type RunSummary, type SignedOrder } from '../domain/run.ts';
import { answered } from './answered.ts';
import { askForRun, type Ask, type AskedRun, type AskParts } from './ask.ts';
import { countWorkers } from './beat.ts';
import { cancelRun } from './cancel.ts';
import { firstToSay } from './first.ts';
import { loadHistory } from './history.ts';
import { openJobs } from './jobs.ts';
import { keysOf } from './keys.ts';
import { loadRecord } from './load.ts';
import type { StoredRun } from './stored.ts';

/** Where runs are kept and for whom; times in seconds, `now` in milliseconds since 1970. */
export interface DeskOptions {
  /** Of the kind `producer`; it stays the caller's. */
  redis: Redis;
  prefix: string;
  clusters: readonly string[];
  sign: (order: RunOrder) => SignedOrder;
  /** How long a run is kept after its end; 7 days unless said. */
  keepSeconds?: number;
  /** How long an order may wait for a worker; 10 minutes unless said. */
  orderSeconds?: number;
  now?: () => number;
  /** Ten hexadecimal digits, new each time. */
  newId: () => string;
  /** Hears of each run that was made or joined, before its job is in the queue: `keepSafe` remembers it. */
  remember?: (run: StoredRun) => void;
  /** Hears of records that are there and cannot be understood. */
  onUnreadable?: (run: string) => void;
  onError: (error: Error) => void;
}

/** What the bot's handlers ask for. Every call rejects with a `Failure` within two seconds when Redis cannot be reached. */
export interface RunDesk {
  /** True for the first who says this key within 15 minutes. */
  first(key: string): Promise<boolean>;
  clusters(): Promise<ClusterState[]>;
  /** Throws a UsageError for a cluster that is not one of ours. */
  ask(ask: Ask): Promise<AskedRun>;
  find(run: string): Promise<RunRecord | null>;
  /** The newest run that was asked for in this place, or whose card the thread is below. */
  latestAt(place: { channel: string; thread: string | null }): Promise<RunRecord | null>;
  /** Newest first. */
  history(cluster: string, limit: number): Promise<RunSummary[]>;
  /** `stopping`: its worker has been told. */
  cancel(run: string, by: string): Promise<'cancelled' | 'stopping' | 'over' | 'unknown'>;
  close(): Promise<void>;
}

export const WEEK_SECONDS = 7 * 24 * 3600;

/** Opens the desk. It starts nothing by itself; `close` leaves the connection open. */
export function openDesk(options: DeskOptions): RunDesk {
  const { redis, clusters } = options;
  const parts = partsOf(options);
  const { keys, jobs } = parts;
  const load = (run: string) => loadRecord(redis, keys, run, parts.onUnreadable);
  return {
    first: (key) => answered(redis, () => firstToSay(redis, keys, key)),
    clusters: () => answered(redis, () => clusterStates(parts, clusters)),
    ask: (ask) => answered(redis, () => askedOf(parts, clusters, ask)),
    find: (run) => answered(redis, () => load(run)),
    latestAt: (place) =>
      answered(redis, async () => {
        const run = await redis.get(keys.at(placeKey(place)));
        return run === null ? null : await load(run);
      }),
    history: (cluster, limit) => answered(redis, () => loadHistory(redis, keys, cluster, limit)),
    cancel: (run, by) => answered(redis, () => cancel(parts, run, by)),
    close: () => jobs.close(),
  };
}

function partsOf(options: DeskOptions): AskParts {
  const { redis, prefix, sign, newId, onError } = options;
  const { keepSeconds = WEEK_SECONDS, orderSeconds = 600, now = Date.now } = options;
  const { remember = () => undefined, onUnreadable = () => undefined } = options;
  const jobs = openJobs({ redis, prefix, onError });
  return { redis, keys: keysOf(prefix), jobs, sign, newId, keepSeconds, orderSeconds, now, remember, onUnreadable };
}

async function askedOf(parts: AskParts, clusters: readonly string[], ask: Ask): Promise<AskedRun> {
  const { cluster } = ask.request;
  if (!clusters.includes(cluster)) throw new UsageError(`there is no cluster ${JSON.stringify(cluster)}`);
  return askForRun(parts, ask);
}

async function clusterStates({ redis, keys, jobs }: AskParts, clusters: readonly string[]): Promise<ClusterState[]> {
  const [workers, counts] = await Promise.all([
    countWorkers(redis, keys, clusters),
    Promise.all(clusters.map((cluster) => jobs.counts(cluster))),
  ]);
  return clusters.map((cluster, index) => ({ cluster, workers: workers[index] ?? 0, ...(counts[index] ?? { waiting: 0, running: 0 }) }));
}

async function cancel({ redis, keys, jobs, keepSeconds, now, onUnreadable }: AskParts, run: string, by: string) {
  const done = await cancelRun(redis, keys, { run, by, now: now(), keepSeconds });
  const record = done === 'cancelled' ? await loadRecord(redis, keys, run, onUnreadable) : null;
  // A job that stays is skipped by the worker that takes it.
  if (record !== null) await jobs.remove(record.cluster, run);
  return done;
}
