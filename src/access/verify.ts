import { RunOrder, SignedOrder } from '../domain/run.ts';
import type { Policy } from '../domain/access.ts';
import type { ChangeOrder } from '../domain/change.ts';
import { decideApply, decideUndo } from './changes/decide.ts';
import { actionOf, decide } from './decide.ts';
import { Refused } from './refused.ts';
import { isSigned, type Secrets } from './sign.ts';

/** What the worker knows of the run that the order should be for. Times are milliseconds since 1970. */
export interface Expected {
  run: string;
  cluster: string;
  /** When a worker began it; null: none has. */
  begun: number | null;
  now: number;
}

/** Clocks of bot and worker may differ by so much. */
const CLOCK_SKEW_MS = 60_000;

/** A run that had begun in time may be taken over from a dead worker for so long. */
const TAKEOVER_MS = 3_600_000;

function orderIn(text: string): RunOrder {
  try {
    return RunOrder.parse(JSON.parse(text));
  } catch {
    throw new Refused('malformed', 'the order is signed, but it is not one that this version understands');
  }
}

/** `begun` is not signed: it can prolong an order by no more than the hour of a takeover. */
function inTime({ issuedAt, expiresAt }: RunOrder, { begun, now }: Expected): boolean {
  if (now <= expiresAt + CLOCK_SKEW_MS) return true;
  if (begun === null || begun < issuedAt - CLOCK_SKEW_MS || begun > expiresAt + CLOCK_SKEW_MS) return false;
  return now <= begun + TAKEOVER_MS;
}

/**
 * The order in a signed one, after its signature, run, cluster and times were looked at. Throws `Refused`. Whether the order was carried out
 * before is for the record of the run to say.
 */
export function verifyOrder(secrets: Secrets, signed: unknown, expected: Expected): RunOrder {
  const parsed = SignedOrder.safeParse(signed);
  if (!parsed.success) throw new Refused('malformed', 'this is no signed order');
  if (!isSigned(secrets, parsed.data)) throw new Refused('forged', 'the order was not signed by a bot that has our secret');
  const order = orderIn(parsed.data.order);
  if (order.run !== expected.run) throw new Refused('other-run', `the order is for run ${order.run}, not ${expected.run}`);
  if (order.request.cluster !== expected.cluster) throw new Refused('other-cluster', 'the order is for another cluster');
  if (order.issuedAt > expected.now + CLOCK_SKEW_MS) throw new Refused('not-yet', 'the order was issued in the future: compare the clocks');
  if (!inTime(order, expected)) throw new Refused('expired', 'the order waited too long; ask again');
  return order;
}

const HEX_DIGEST = /^[0-9a-f]{64}$/;

const notAllowed = (why: string): Refused => new Refused('not-allowed', `the policy of the worker refuses it (${why})`);

/** When the work began, as far as the order's own times leave it room (`begun` is not signed): changes may have begun to rest since. */
function beganAt({ issuedAt }: RunOrder, { begun, now }: Expected): number {
  return begun !== null && begun >= issuedAt - CLOCK_SKEW_MS && begun <= now ? begun : now;
}

/** Whoever started it must be one of those who stand behind it. */
const isBacked = ({ person }: RunOrder, { requested, approvals }: ChangeOrder): boolean =>
  [requested, ...approvals].some((yes) => yes.person.user === person.user);

function acceptApply(policy: Policy, order: RunOrder, change: ChangeOrder, expected: Expected): void {
  if (!isBacked(order, change)) throw notAllowed('it was started by somebody who neither asked for it nor approved it');
  const wish = { cluster: order.request.cluster, remedy: change.remedy, risk: change.risk };
  const decision = decideApply(policy, wish, change, beganAt(order, expected));
  if (!decision.allowed) throw notAllowed(decision.says ?? decision.reason);
}

/** What ends because its time is over was approved with the change, and must end whatever the policy says now. */
function acceptUndo(policy: Policy, order: RunOrder, change: ChangeOrder, { now }: Expected): void {
  if (change.ends) return;
  const wish = { cluster: order.request.cluster, remedy: change.remedy, risk: change.risk };
  const decision = decideUndo(policy, wish, change, order.person, order.channel, now);
  if (!decision.allowed) throw notAllowed(decision.reason);
}

function acceptChange(policy: Policy, order: RunOrder, expected: Expected): void {
  const { change } = order;
  if (change === undefined) throw new Refused('malformed', 'the order is for a change, but does not say which');
  if (!HEX_DIGEST.test(change.digest)) throw new Refused('malformed', 'the order does not say which plan was approved');
  if (change.act === 'undo') return acceptUndo(policy, order, change, expected);
  if (change.ends) throw new Refused('malformed', 'the order begins a change because its time is over');
  return acceptApply(policy, order, change, expected);
}

/**
 * The order, if it is a true one and the policy of this side too allows it: its person from its channel, and for a change all who stand behind
 * it, counted anew. That the plan is the one of the order's digest is for the worker to see, once it has read the plan. Throws `Refused`.
 */
export function acceptOrder(secrets: Secrets, policy: Policy, signed: unknown, expected: Expected): RunOrder {
  const order = verifyOrder(secrets, signed, expected);
  if (order.kind === 'change') {
    acceptChange(policy, order, expected);
    return order;
  }
  if (order.change !== undefined) throw new Refused('malformed', `the order is for a ${order.kind}, but names a change`);
  const decision = decide(policy, order.person, order.channel, { cluster: order.request.cluster, action: actionOf(order.kind) });
  if (!decision.allowed) throw notAllowed(decision.reason);
  return order;
}
