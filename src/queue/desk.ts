import type { Redis } from 'ioredis';
import { UsageError } from '../base/failure.ts';
import type { AuditEntry, AuditLine } from '../domain/audit.ts';
import type { Change, Move } from '../domain/change.ts';
import { placeKey, type ClusterState, type RunOrder, type RunRecord, type RunSummary, type SignedOrder } from '../domain/run.ts';
import { answered } from './answered.ts';
import { WEEK_SECONDS } from './ask-script.ts';
import { askForRun, type Ask, type AskedRun, type AskParts } from './ask.ts';
import { countWorkers } from './beat.ts';
import { cancelRun } from './cancel.ts';
import { carryOut } from './carry-out.ts';
import { openChanges, type KnownChange, type Moved } from './changes.ts';
import { firstToSay } from './first.ts';
import { loadHistory } from './history.ts';
import { openJobs } from './jobs.ts';
import { keysOf } from './keys.ts';
import type { Seal } from './lives.ts';
import { loadRecord } from './load.ts';
import type { Memory } from './memory.ts';
import { tendOrders, waitingOrders, type LoopParts, type OrderJudges } from './order-loop.ts';
import type { StoredRun } from './stored.ts';

/** Where runs are kept and for whom; times in seconds, `now` in milliseconds since 1970. */
export interface DeskOptions {
  /** Of the kind `producer`; it stays the caller's. */
  redis: Redis;
  prefix: string;
  clusters: readonly string[];
  sign: (order: RunOrder) => SignedOrder;
  /** As for `openChanges`. */
  seal: Seal;
  /** How long a run is kept after its end; 7 days unless said. */
  keepSeconds?: number;
  /** How long an order may wait for a worker; 10 minutes unless said. */
  orderSeconds?: number;
  now?: () => number;
  /** Ten hexadecimal digits, new each time. */
  newId: () => string;
  /** Hears of each run that was made or joined, before its job is in the queue: `keepSafe` remembers it. */
  remember?: (run: StoredRun) => void;
  /** That of the guard: what becomes of orders is remembered there. */
  memory?: Memory;
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
  /** The order of a run; null: not known (any more). */
  change(run: string, id: string): Promise<KnownChange | null>;
  /** As `Changes.move`. */
  move(run: string, id: string, judge: (change: Change) => Move): Promise<Moved>;
  /** Puts an order that is approved, or is to be undone, into the queue of its cluster. Asked twice, it is there once. */
  carryOut(run: string, id: string): Promise<void>;
  /** Orders of these clusters that wait for somebody's approval, newest first, at most 20. */
  waiting(clusters: readonly string[]): Promise<KnownChange[]>;
  /** As `tendOrders`; to be called every few seconds. Rejects within half a minute. */
  tend(judges: OrderJudges): Promise<string[]>;
  /** Adds a line to the audit that belongs to no move of an order. */
  audit(entry: AuditEntry): Promise<AuditLine>;
  close(): Promise<void>;
}

const MOST_WAITING = 20;
/** Not a person waits for it. */
const PATIENCE_MS = 30_000;

/** Opens the desk. It starts nothing by itself; `close` leaves the connection open. */
export function openDesk(options: DeskOptions): RunDesk {
  const { redis, clusters } = options;
  const parts = partsOf(options);
  const { keys, jobs, changes } = parts;
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
    change: (run, id) => changes.find(run, id),
    move: (run, id, judge) => changes.move(run, id, judge),
    carryOut: (run, id) => answered(redis, () => carryOut(parts, run, id)),
    waiting: (wanted) => answered(redis, () => waitingOrders(parts, wanted, MOST_WAITING)),
    tend: (judges) => answered(redis, () => tendOrders(parts, judges), PATIENCE_MS),
    audit: (entry) => changes.audit(entry),
    close: () => jobs.close(),
  };
}

function partsOf(options: DeskOptions): LoopParts {
  const { redis, prefix, sign, newId, onError } = options;
  const { keepSeconds = WEEK_SECONDS, orderSeconds = 600, now = Date.now } = options;
  const { remember = () => undefined, onUnreadable = () => undefined } = options;
  const jobs = openJobs({ redis, prefix, onError });
  const changes = openChanges(options);
  const about = { sign, newId, keepSeconds, orderSeconds, now, remember, onUnreadable, onError };
  return { redis, keys: keysOf(prefix), jobs, changes, ...about };
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
