import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { plainError, untilReady } from './answered.ts';
import { startBeat } from './beat.ts';
import { startClusterWorker, type ClusterWorker } from './cluster-worker.ts';
import { connectRedis, endRedis } from './connect.ts';
import { openDeliveries, type Deliveries } from './deliveries.ts';
import { WEEK_SECONDS } from './ask-script.ts';
import { openJobs } from './jobs.ts';
import { keysOf } from './keys.ts';
import { listen } from './signals.ts';
import type { WorkParts } from './work-parts.ts';
import type { WorkerOptions } from './worker-options.ts';

export type { Log, OrderContext, RunHooks, WorkerHooks } from './work-parts.ts';
export type { WorkerOptions } from './worker-options.ts';

/** Workers that take runs from the queues of their clusters. */
export interface Workers {
  /** Whether Redis answers. */
  isReady(): boolean;
  /** How many runs are performed now. */
  running(): number;
  /** Takes no more runs; those that go on may end within `graceMs`, then they are given back for other workers. */
  close(graceMs: number): Promise<void>;
}

/** Closing does not wait longer for a Redis that is away: for a connection that is just being made again, and for last words. */
const RECONNECT_MS = 1500;
const GOODBYE_MS = 3000;

/** Starts to take runs. Redis need not be there yet: it is waited for. Throws a UsageError for a URL that is none. */
export async function startWorkers(options: WorkerOptions): Promise<Workers> {
  const { url, prefix, clusters, worker = randomUUID(), globalConcurrency = 2 } = options;
  const onError = (error: Error) => options.log('warn', 'trouble with Redis', { error });
  const redis = connectRedis(url, 'blocking', onError);
  const copies = copiesOf(redis);
  const parts = partsOf(options, redis);
  const deliveries = openDeliveries(parts);
  const signals = listen(redis, { [parts.keys.cancel]: (run) => deliveries.look(run) }, onError);
  const jobs = openJobs({ redis, prefix, onError });
  const limit = () => Promise.all(clusters.map((cluster) => jobs.limit(cluster, globalConcurrency)));
  const beat = startBeat({ redis, prefix, worker, clusters, onError, alongside: limit });
  const workers = clusters.map((cluster) => startClusterWorker(options, parts, deliveries, cluster));
  // Not before the bound is known: a queue that is new has none.
  limit()
    .catch((error: unknown) => onError(plainError(error)))
    .finally(() => workers.forEach((one) => one.run()));
  let closed: Promise<void> | null = null;
  const close = async (graceMs: number) => {
    await endRuns(workers, deliveries, graceMs, parts.patienceMs);
    const hard = !(await within(RECONNECT_MS, Promise.all([redis, ...copies].map(untilReady))));
    await within(GOODBYE_MS, Promise.all([beat.stop(), jobs.close(), ...workers.map((one) => one.close(hard))]));
    signals.close();
    for (const connection of [...copies, redis]) endRedis(connection);
  };
  return {
    isReady: () => redis.status === 'ready',
    running: () => deliveries.running(),
    close: (graceMs) => (closed ??= close(graceMs)),
  };
}

function partsOf(options: WorkerOptions, redis: Redis): WorkParts {
  const { prefix, keepSeconds = WEEK_SECONDS, lockMs = 10_000, limitMs = 900_000, patienceMs = 5000, now = Date.now } = options;
  const { changeLimitMs = 3_600_000, changePatienceMs = 300_000 } = options;
  // Shorter than the lock of the job: when a job is taken over, nobody holds its run any more.
  const [holdMs, tickMs] = [Math.ceil(lockMs / 2), Math.min(1000, Math.ceil(lockMs / 8))];
  return {
    redis,
    keys: keysOf(prefix),
    hooks: options,
    keepSeconds,
    holdMs,
    tickMs,
    limitMs,
    patienceMs,
    changeLimitMs,
    changePatienceMs,
    now,
  };
}

/** The connections that BullMQ makes of ours, so that none is left when the worker ends. */
function copiesOf(redis: Redis): Redis[] {
  const copies: Redis[] = [];
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (override) => {
    const copy = duplicate(override);
    // Its troubles are those of ours, and are told by BullMQ; one that nobody hears would end the process.
    copy.on('error', () => undefined);
    copies.push(copy);
    return copy;
  };
  return copies;
}

async function endRuns(workers: readonly ClusterWorker[], deliveries: Deliveries, graceMs: number, patienceMs: number): Promise<void> {
  deliveries.refuseNew();
  deliveries.stopChanges(graceMs);
  await Promise.all(workers.map((one) => one.pause()));
  await within(graceMs, deliveries.idle());
  await within(patienceMs + GOODBYE_MS, deliveries.giveBack());
}

/** Whether the promise was kept in time. */
async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const kept = promise.then(
    () => true,
    () => false,
  );
  return Promise.race([kept, late]).finally(() => clearTimeout(timer));
}
