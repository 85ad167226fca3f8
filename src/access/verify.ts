import { RunOrder, SignedOrder } from '../domain/run.ts';
import type { Policy } from '../domain/access.ts';
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

/** The order, if it is a true one and the policy of this side too lets its person do it from its channel. Throws `Refused`. */
export function acceptOrder(secrets: Secrets, policy: Policy, signed: unknown, expected: Expected): RunOrder {
  const order = verifyOrder(secrets, signed, expected);
  const decision = decide(policy, order.person, order.channel, { cluster: order.request.cluster, action: actionOf(order.kind) });
  if (!decision.allowed) throw new Refused('not-allowed', `the policy of the worker refuses it (${decision.reason})`);
  return order;
}
