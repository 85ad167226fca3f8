import { createHash } from 'node:crypto';
import { Failure } from '../base/failure.ts';
import type { Channel, Person } from '../domain/access.ts';
import type { Change, ChangeOrder } from '../domain/change.ts';
import { SignedOrder, type RunOrder, type RunRecord } from '../domain/run.ts';
import { QUEUED, type AskParts } from './ask.ts';
import { askRedis } from './ask-script.ts';
import { loadRun } from './load.ts';
import { questionOfRun } from './question.ts';
import { baseOf, delayOf, progressOf, type Base } from './stored.ts';

/** A run that is to carry out an order, or to undo it. Times are milliseconds since 1970. */
export interface ChangeRun {
  /** The run that proposed the order. */
  origin: RunRecord;
  change: Change;
  act: 'apply' | 'undo';
  /** Its id: the same is made once. */
  id: string;
  /** It is for the order's end, at this time. */
  endsAt: number | null;
  /** Not begun before; null: at once. */
  notBefore: number | null;
}

/** A worker that comes late still ends what should have ended: for so long. Milliseconds. */
const END_HOLDS_MS = 24 * 3_600_000;

/** The id of the run that ends an order by the clock, for the nth time that it is tried: every bot finds the same, also after a Redis that lost it. */
export const endRunId = (change: string, endsAt: number, nth: number): string =>
  createHash('sha256').update(`${change} ends ${endsAt} ${nth}`, 'utf8').digest('hex').slice(0, 10);

/** Makes the run and puts its job into the queue; where it is there already and waits, its job is there afterwards. */
export async function makeChangeRun(parts: AskParts, run: ChangeRun): Promise<void> {
  const { redis, keys, jobs, keepSeconds, now, remember, onUnreadable } = parts;
  const base = newBase(parts, run);
  const [first] = run.origin.places;
  const place = { channel: first?.channel ?? '', thread: first?.thread ?? null };
  const texts = { base, progress: JSON.stringify(QUEUED), question: questionOfRun(base) };
  const { outcome } = await askRedis(redis, keys, { ...texts, place, user: base.askedBy, alone: true, keepSeconds });
  const stored = await loadRun(redis, keys, run.id);
  const made = stored && baseOf(stored);
  if (stored === null || made === null) return onUnreadable(run.id);
  remember(stored);
  if (progressOf(stored)?.state === 'queued') await jobs.add(made.cluster, run.id, made.signed, outcome === 'taken', delayOf(made, now()));
}

function newBase({ sign, now, orderSeconds }: AskParts, run: ChangeRun): Base {
  const { origin, change, act, id, notBefore, endsAt } = run;
  const { cluster, request } = origin;
  const { person, channel } = whoseOrder(change, act);
  const createdAt = now();
  const expiresAt = expiryOf(run, createdAt, orderSeconds);
  const about = { run: id, kind: 'change', request, person, channel, issuedAt: createdAt, expiresAt } as const;
  const order: RunOrder = { version: 1, ...about, change: changeOrder(origin.id, change, act, endsAt !== null) };
  const rest = notBefore === null ? {} : { notBefore };
  const ref = { of: origin.id, change: change.id, act };
  const signed = SignedOrder.parse(sign(order));
  return { id, kind: 'change', cluster, request, askedBy: person.user, createdAt, expiresAt, signed, change: ref, ...rest };
}

/** An order that was approved does not hold longer than it was approved for. */
function expiryOf({ change, endsAt }: ChangeRun, now: number, orderSeconds: number): number {
  if (endsAt !== null) return Math.max(endsAt, now) + END_HOLDS_MS;
  const soon = now + orderSeconds * 1000;
  return change.state === 'approved' ? Math.min(soon, change.expiresAt) : soon;
}

function changeOrder(of: string, change: Change, act: 'apply' | 'undo', ends: boolean): ChangeOrder {
  const { id, digest, approvals, reason, plan } = change;
  const requested = asked(change);
  return { of, change: id, act, remedy: plan.remedy, risk: plan.risk, digest, requested, approvals, reason, ends };
}

function asked({ requested }: Change): NonNullable<Change['requested']> {
  if (requested === null) throw new Failure('error', 'nobody has asked for this order');
  return requested;
}

/** Whose act started it: the one who approved it last, or who asked for it where that was enough; who asked to undo it. */
function whoseOrder(change: Change, act: 'apply' | 'undo'): { person: Person; channel: Channel } {
  const by = act === 'apply' ? change.approvals.at(-1) : change.undoAsked;
  const { person, channel } = by ?? asked(change);
  // What channel it was has been asked and judged when the person acted; only channels that are not shared are let through then.
  return { person, channel: { id: channel, kind: channel.startsWith('D') ? 'direct' : 'public', isShared: false } };
}
