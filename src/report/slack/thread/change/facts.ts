import type { ChangeTerms } from '../../../../domain/change.ts';
import type { RunRecord, RunStep } from '../../../../domain/run.ts';
import { shortOrder } from '../../../change-words.ts';
import { joined, listed, name, nothing, timeOf, user, type Words, words } from '../../text/words.ts';
import type { ButtonOf } from '../change-buttons.ts';
import type { Around } from '../waiting.ts';

/** An order as a run's record holds it. */
export type Order = NonNullable<RunRecord['changes']>[number];

/** An order with all that its messages are made of. `now`: milliseconds since 1970. */
export interface Told {
  order: Order;
  steps: readonly RunStep[];
  run: string;
  cluster: string;
  /** What the policy asks now; null: not known. */
  terms: ChangeTerms | null;
  now: number;
}

/** The order of a run, as its messages look at it. */
export const toldOf = ({ id: run, cluster }: Pick<RunRecord, 'id' | 'cluster'>, order: Order, { terms, now }: Around): Told => ({
  order,
  steps: order.steps ?? [],
  run,
  cluster,
  terms: terms?.(cluster, order.plan) ?? null,
  now,
});

/** What the buttons of an order are about. */
export const buttonOf = ({ order, run, cluster }: Told): ButtonOf => ({ run, change: order.id, remedy: order.plan.remedy, cluster });

/** The state that is told: an offer that nobody took in time is over, also before anybody wrote that down. */
export const stateOf = ({ order, now }: Pick<Told, 'order' | 'now'>): Order['state'] =>
  (order.state === 'proposed' || order.state === 'requested') && now > order.expiresAt ? 'expired' : order.state;

/** Remedy and cluster, for the head of a message. */
export const whichWords = ({ order, cluster }: Pick<Told, 'order' | 'cluster'>): Words =>
  words`${name(order.plan.remedy, 60)} · ${name(cluster)}`;

/** A policy asks for no more people than that. */
const mostPeople = 5;

/** What people know the order by. */
export const orderWords = ({ order }: Pick<Told, 'order'>): Words => words`order ${name(shortOrder(order.id), 12)}`;

/** Who asked for it and who approved it, with the times. `person`: shows one of them. Empty when nobody has asked. */
export function standBehind({ order: { requested, approvals } }: Pick<Told, 'order'>, person: (id: string) => Words = user): Words {
  if (requested === null) return nothing;
  const yes = approvals.map((one) => words`${person(one.person.user)} at ${timeOf(one.at)}`);
  return joined(
    [
      words`asked for by ${person(requested.person.user)} at ${timeOf(requested.at)}`,
      yes.length === 0 ? nothing : words`approved by ${listed(yes, mostPeople)}`,
    ],
    ' · ',
  );
}

/** Those who wait to hear of it: who asked and who approved, each once. */
export function concerned({ order: { requested, approvals, undoneBy } }: Pick<Told, 'order'>): Words {
  const asked = requested === null ? [] : [requested.person.user];
  const undone = undoneBy === null || undoneBy === 'end' ? [] : [undoneBy];
  const ids = [...new Set([...asked, ...approvals.map(({ person }) => person.user), ...undone])];
  return listed(
    ids.map((id) => user(id)),
    mostPeople,
  );
}

/** Whether it had to wait for somebody's approval, or does. What was handed to a worker at once had not. */
export function waited({ order }: Pick<Told, 'order'>): boolean {
  const { requested, approvals, state, declinedBy, applyRun } = order;
  if (requested === null) return false;
  if (state === 'requested' || approvals.length > 0 || declinedBy !== null) return true;
  return (state === 'expired' || state === 'refused') && applyRun === null;
}
