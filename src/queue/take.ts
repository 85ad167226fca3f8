import { randomUUID } from 'node:crypto';
import { isOver, SignedOrder, type RunOrder, type RunRecord } from '../domain/run.ts';
import { claimRun, type Claimed } from './claim.ts';
import { conclude } from './conclude.ts';
import { cancelledProgress } from './cancel.ts';
import { AGAIN, TRIES } from './jobs.ts';
import { loadRecord } from './load.ts';
import { nextOf } from './outcome.ts';
import { limitOf, startPerformance, type Performance } from './performance.ts';
import { failedProgress } from './tend.ts';
import type { WorkParts } from './work-parts.ts';
import { writeProgress } from './write-progress.ts';
import { QUEUED } from './ask.ts';

/** A run whose worker died so often is taken up no more: it may be what they die of. */
const MOST_DEATHS = 3;

/** A job as it was delivered. All of it comes from Redis, and is not to be trusted. */
export interface Delivery {
  run: string;
  data: unknown;
  name: string;
  /** How often a worker that had it fell silent. */
  deaths: number;
  /** How often it was delivered, this time included. */
  deliveries: number;
  /** How often it broke off before. */
  tries: number;
}

/** What is to be done with the job. `later`: another worker still has the run, or its time (`until`, milliseconds since 1970) has not come. */
export type JobFate = { is: 'done' } | { is: 'later'; until: number } | { is: 'back' } | { is: 'again' };

/** A run that another worker holds is looked at again after so long. */
const HELD_PAUSE_MS = 1000;

const unreadable = ({ hooks }: WorkParts) => hooks.onUnreadable ?? (() => undefined);

const DONE: JobFate = { is: 'done' };

/** Takes up the run of a job, if its order is a true one. `onStart` gets the performance, to stop it by. */
export async function takeUp(
  parts: WorkParts,
  cluster: string,
  delivery: Delivery,
  onStart: (performance: Performance) => void,
): Promise<JobFate> {
  const { redis, keys } = parts;
  const record = await loadRecord(redis, keys, delivery.run, unreadable(parts));
  const order = accepted(parts, cluster, delivery, record);
  if ('refused' in order) return refuse(parts, cluster, delivery.run, record, order);
  if (record === null || isOver(record.progress.state)) return DONE;
  if (delivery.deaths > MOST_DEATHS) return giveUp(parts, record);
  const token = randomUUID();
  const claimed = await claimRun(parts, delivery.run, token);
  if (claimed.is !== 'mine') return notMine(parts, delivery.run, token, claimed);
  const performance = startPerformance(parts, { id: delivery.run, token, ...claimed, order: order.order });
  onStart(performance);
  return finish(parts, delivery, token, performance);
}

/** Why an order is not carried out: a word to count by, and a sentence. */
interface Refusal {
  refused: string;
  message: string;
}

function accepted(parts: WorkParts, cluster: string, delivery: Delivery, record: RunRecord | null): Refusal | { order: RunOrder } {
  const { run, data, name, deliveries } = delivery;
  const signed = SignedOrder.safeParse(data);
  if (!signed.success) return { refused: 'payload', message: 'the job holds no signed order' };
  if (record === null) return { refused: 'unknown-run', message: 'there is no run for this order' };
  if (record.cluster !== cluster) return { refused: 'other-cluster', message: 'the run is for another cluster' };
  const { state, attempt, startedAt } = record.progress;
  try {
    const order = parts.hooks.verify(signed.data, { run, cluster, begun: attempt > 0 ? startedAt : null });
    // A job that was added again, or that a worker did not get to the end of, may come after its run. A new one may not.
    const isRepeated = isOver(state) && attempt > 0 && deliveries === 1 && name !== AGAIN;
    return isRepeated ? { refused: 'replayed', message: 'the order was carried out before' } : { order };
  } catch (error) {
    const { reason, message } = error as { reason?: unknown; message?: unknown };
    return {
      refused: typeof reason === 'string' ? reason : 'refused',
      message: typeof message === 'string' ? message : 'no reason was given',
    };
  }
}

async function refuse(
  parts: WorkParts,
  cluster: string,
  run: string,
  record: RunRecord | null,
  { refused, message }: Refusal,
): Promise<JobFate> {
  const { hooks } = parts;
  hooks.onRefused(refused, run, cluster, message);
  if (record === null || record.cluster !== cluster || isOver(record.progress.state)) return DONE;
  await fail(parts, record, `the worker refused the order: ${message}`);
  return DONE;
}

/** Refuses a job that cannot be read at all; its run, if it is for one, fails. */
export async function refuseJob(parts: WorkParts, cluster: string, run: string | null, message: string): Promise<void> {
  const record = run === null ? null : await loadRecord(parts.redis, parts.keys, run, unreadable(parts));
  await refuse(parts, cluster, run ?? '', record, { refused: 'payload', message });
}

async function giveUp(parts: WorkParts, record: RunRecord): Promise<JobFate> {
  const { attempt } = record.progress;
  await fail(parts, record, `it was taken up ${attempt} times, and its worker died each time: the logs of the workers may say why`);
  return DONE;
}

/** Ends a run that this worker does not have; nothing changes when another has it. */
async function fail(parts: WorkParts, record: RunRecord, error: string): Promise<void> {
  const { redis, keys, keepSeconds, hooks, now } = parts;
  const progress = failedProgress(record.progress, error, now());
  const written = await writeProgress(redis, keys, {
    run: record.id,
    of: record.change?.of,
    token: randomUUID(),
    progress,
    result: null,
    keepSeconds,
  });
  if (written === 'ok') hooks.onEnd({ ...record, progress });
}

async function notMine(parts: WorkParts, id: string, token: string, claimed: Exclude<Claimed, { is: 'mine' }>): Promise<JobFate> {
  if (claimed.is === 'early') return { is: 'later', until: claimed.until };
  if (claimed.is === 'held') return { is: 'later', until: parts.now() + HELD_PAUSE_MS };
  if (claimed.is !== 'cancel') return DONE;
  const { run } = claimed;
  const progress = cancelledProgress(claimed.progress ?? QUEUED, run.cancel ?? '', parts.now());
  await conclude(parts, id, token, run, { progress, result: null });
  return DONE;
}

async function finish(parts: WorkParts, { run: id, tries }: Delivery, token: string, performance: Performance): Promise<JobFate> {
  const { hooks } = parts;
  const { came, stop, run, progress } = await performance.came;
  const { kind } = performance;
  const next = nextOf({ kind, came, stop, run, progress, last: tries + 1 >= TRIES, limitMs: limitOf(parts, kind), now: parts.now() });
  if (came.is === 'error' && stop === null)
    hooks.log('warn', 'the run broke off', { run: id, attempt: progress.attempt, error: came.error });
  if (next.turn === 'end' && next.error !== undefined)
    hooks.log('error', 'what came out of the run cannot be kept', { run: id, error: next.error });
  if (came.is === 'deaf') hooks.log('warn', 'the run did not stop when it was told to', { run: id, stop });
  if (next.turn === 'drop' || !(await conclude(parts, id, token, run, next))) return DONE;
  return next.turn === 'end' ? DONE : { is: next.turn };
}
