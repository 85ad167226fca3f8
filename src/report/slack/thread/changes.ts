import type { Place, RunRecord } from '../../../domain/run.ts';
import { isPlanned } from '../../../domain/change.ts';
import type { Message, ThreadMessage } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { bullets, line } from '../text/parts.ts';
import { ours } from '../text/words.ts';
import { orderCard } from './change/card.ts';
import { endMessage, undoneMessage } from './change/end.ts';
import { type Order, toldOf } from './change/facts.ts';
import { noneMessage } from './change/none.ts';
import { waitMessage } from './change/wait.ts';
import type { Around } from './waiting.ts';

/** Orders that get messages of their own; more are listed in one. */
const mostOrders = 5;

const slot = (called: string, message: Message | null): ThreadMessage[] =>
  message === null ? [] : [{ slot: called, broadcast: false, ...message }];

function orderMessages(record: RunRecord, order: Order, at: number, around: Around): ThreadMessage[] {
  const told = toldOf(record, order, around);
  return [
    ...slot(`change-${at}`, orderCard(told)),
    ...slot(`change-${at}-wait`, waitMessage(told)),
    ...slot(`change-${at}-end`, endMessage(told)),
    ...slot(`change-${at}-undone`, undoneMessage(told)),
  ];
}

function moreOrders(orders: readonly Order[]): Message | null {
  if (orders.length === 0) return null;
  return messageOf([
    line(ours(`${orders.length} more could be done, less likely to help than those above`)),
    bullets(
      'They are',
      orders.map(({ plan }) => `${plan.remedy}: ${plan.summary}`),
      8,
    ),
  ]);
}

/**
 * The messages of a run's orders, in order: for order n `change-n` (its card, through its whole life), `change-n-wait` (the question to those who
 * may approve), `change-n-end` (what came of it) and `change-n-undone` (what came of undoing it, or of its end); then `change-more` (orders
 * without a card) and `change-none` (why there are no others). Pure; the place does not matter. `around.now` decides whether an offer that
 * nobody took is over.
 */
export function changeMessages(record: RunRecord, _place: Place, around: Around): ThreadMessage[] {
  const orders = record.changes ?? [];
  const proposals = record.result?.kind === 'check' ? (record.result.proposals ?? []) : [];
  const none = proposals.flatMap((proposal) => (isPlanned(proposal) ? [] : [proposal.none]));
  return [
    ...orders.slice(0, mostOrders).flatMap((order, at) => orderMessages(record, order, at, around)),
    ...slot('change-more', moreOrders(orders.slice(mostOrders))),
    ...slot('change-none', noneMessage(none, record)),
  ];
}
