import { isMoving, type Change, type Move } from '../domain/change.ts';
import { isOver, type RunRecord } from '../domain/run.ts';
import { plainError } from './answered.ts';
import { carryOut, scheduleEnd, type OrderParts } from './carry-out.ts';
import type { KnownChange } from './changes.ts';
import { actOf, mayExpire, orderIn, orderText, workOf } from './lives.ts';
import { loadRun } from './load.ts';
import { recordOf } from './stored.ts';

/** Where and when an order is moved: the cluster and the run that proposed it; milliseconds since 1970. */
export interface OrderAct {
  cluster: string;
  run: string;
  now: number;
}

/** How orders are moved that no person and no worker moves: passed in, for the queue knows no policy. Pure. */
export interface OrderJudges {
  /** It is too old to be begun. */
  expire(change: Change, act: OrderAct): Move;
  /**
   * The run that was to carry it out or to undo it (`work`) is over, and the order still stands approved, running or undoing: it was refused or
   * cancelled before it began, or its worker is gone for good.
   */
  left(change: Change, work: RunRecord, act: OrderAct): Move;
}

/** What the looking after orders needs. */
export interface LoopParts extends OrderParts {
  onError: (error: Error) => void;
}

/** So many are looked at each time. */
const MOST_EXPIRING = 50;
/** The place of the last that is looked at among those that are moving. */
const LAST_MOVING = '499';
const AT_ONCE = 20;
/** An order that its judge does not let expire yet is looked at again after so long. Milliseconds. */
const LATER_MS = 60_000;

/**
 * Looks after the orders of all clusters: those that are too old expire, so that their buttons go; those that are approved and in no queue are put
 * there; those whose run is over without a word of theirs are ended; each that is done for a time has a run that ends it. Gives those where
 * something was done, as `RUN.ID`. One in trouble keeps nobody from looking after the others.
 */
export async function tendOrders(parts: LoopParts, judges: OrderJudges): Promise<string[]> {
  const { redis, keys, now } = parts;
  const late = await redis.zrangebyscore(keys.expiring, '-inf', `${now()}`, 'LIMIT', 0, MOST_EXPIRING);
  const moving = await redis.zrange(keys.moving, 0, LAST_MOVING);
  return [
    ...(await each(parts, late, (run, id) => expireOne(parts, judges, run, id))),
    ...(await each(parts, moving, (run, id) => tendOne(parts, judges, run, id))),
  ];
}

async function each(parts: LoopParts, texts: readonly string[], tend: (run: string, id: string) => Promise<boolean>): Promise<string[]> {
  const done: string[] = [];
  const one = async (text: string): Promise<void> => {
    const order = orderIn(text);
    if (order === null) await forget(parts, text);
    else if (await tend(order.run, order.id)) done.push(text);
  };
  for (let from = 0; from < texts.length; from += AT_ONCE) {
    const some = texts.slice(from, from + AT_ONCE).map((text) => one(text).catch((error: unknown) => parts.onError(plainError(error))));
    await Promise.all(some);
  }
  return done;
}

/** An order whose run is kept no more. Who writes the run back lists it again. */
async function forget({ redis, keys }: LoopParts, text: string): Promise<void> {
  await Promise.all([redis.zrem(keys.expiring, text), redis.zrem(keys.moving, text)]);
}

const actIn = ({ now }: LoopParts, { id: run, cluster }: RunRecord): OrderAct => ({ cluster, run, now: now() });

async function expireOne(parts: LoopParts, judges: OrderJudges, run: string, id: string): Promise<boolean> {
  const { redis, keys, changes, now } = parts;
  const known = await changes.find(run, id);
  if (known === null) {
    await forget(parts, orderText(run, id));
    return false;
  }
  const moved = await changes.move(run, id, (change) => judges.expire(change, actIn(parts, known.record)));
  if (moved.is !== 'stays') return moved.is === 'moved';
  if (mayExpire(moved.change)) await redis.zadd(keys.expiring, 'XX', `${now() + LATER_MS}`, orderText(run, id));
  else await redis.zrem(keys.expiring, orderText(run, id));
  return false;
}

async function tendOne(parts: LoopParts, judges: OrderJudges, run: string, id: string): Promise<boolean> {
  const known = await lightly(parts, run, id);
  if (known === null) {
    // It may only seem so: what this process knows of it is written back.
    if ((await parts.changes.find(run, id)) === null) await forget(parts, orderText(run, id));
    return false;
  }
  const { change } = known;
  if (actOf(change) === null) return endLater(parts, known);
  const work = workOf(change);
  const stored = work === null ? null : await loadRun(parts.redis, parts.keys, work, null, 'orders');
  const record = stored && recordOf(stored);
  if (work === null || stored === null || record === null) {
    await carryOut(parts, run, id);
    return true;
  }
  return isOver(record.progress.state) && endLeft(parts, judges, known, record);
}

/** What is put into a queue is read once more as one who signs for it must. */
async function endLater(parts: LoopParts, { record, change }: KnownChange): Promise<boolean> {
  const known = change.endsAt === null ? null : await parts.changes.find(record.id, change.id);
  return known !== null && isMoving(known.change) && actOf(known.change) === null && scheduleEnd(parts, known);
}

/** The order without the result of its run, which may be large. */
async function lightly({ redis, keys }: LoopParts, run: string, id: string): Promise<KnownChange | null> {
  const stored = await loadRun(redis, keys, run, null, 'orders');
  const record = stored && recordOf(stored);
  const change = record?.changes?.find((one) => one.id === id);
  return record === null || change === undefined ? null : { record, change };
}

/** A worker writes what came of it into the order before its run ends: the order as it is read now is how the run left it. */
async function endLeft(parts: LoopParts, judges: OrderJudges, { record, change }: KnownChange, work: RunRecord): Promise<boolean> {
  const moved = await parts.changes.move(record.id, change.id, (now) =>
    workOf(now) === work.id ? judges.left(now, work, actIn(parts, record)) : { not: { why: 'state', change: now } },
  );
  return moved.is === 'moved';
}

/** Orders that wait for somebody's approval, of these clusters, newest first. */
export async function waitingOrders(parts: OrderParts, clusters: readonly string[], most: number): Promise<KnownChange[]> {
  const { redis, keys, changes } = parts;
  const found: KnownChange[] = [];
  for (const text of await redis.zrevrange(keys.moving, 0, LAST_MOVING)) {
    const order = orderIn(text);
    const known = order && (await changes.find(order.run, order.id));
    if (known?.change.state === 'requested' && clusters.includes(known.record.cluster)) found.push(known);
    if (found.length === most) break;
  }
  return found;
}
