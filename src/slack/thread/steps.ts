import type { PostedMessage } from '../../domain/run.ts';
import type { ThreadMessage } from '../../report/slack/message.ts';
import { hashOf } from './hand.ts';

/** One thing to do so that a thread says what it should. `look`: a message was sent and no answer came: see whether it stands there. */
export type Step =
  | { kind: 'post'; message: ThreadMessage }
  | { kind: 'update'; message: ThreadMessage; ts: string; since: number }
  | { kind: 'look'; message: ThreadMessage; sent: PostedMessage };

/** The slot of the message that a thread hangs on, and the mark that a place can take no message any more. */
export const CARD = 'card';
export const CLOSED = 'closed';

/** The time of a message that was to be sent and surely was not: it need not be looked for. */
export const NEVER_SENT = 0;

function stepFor(message: ThreadMessage, stands: PostedMessage | undefined): Step | null {
  if (stands === undefined) return { kind: 'post', message };
  if (stands.state === 'posting') return stands.at === NEVER_SENT ? { kind: 'post', message } : { kind: 'look', message, sent: stands };
  if (stands.state !== 'posted' || stands.ts === null || stands.hash === hashOf(message)) return null;
  return { kind: 'update', message, ts: stands.ts, since: stands.at };
}

/** Somebody deleted the card, or Slack takes no message here any more: what is left to say is not forced on them. */
export const isClosed = (posted: Readonly<Record<string, PostedMessage>>): boolean =>
  posted[CLOSED] !== undefined || posted[CARD]?.state === 'gone' || posted[CARD]?.state === 'refused';

/**
 * What is to be done in a place, in order: the difference between the messages that should stand there and those that do. What hangs on a
 * card waits until the card stands. Pure.
 */
export function stepsFor(messages: readonly ThreadMessage[], posted: Readonly<Record<string, PostedMessage>>): Step[] {
  if (isClosed(posted)) return [];
  const hangs = messages.some(({ slot }) => slot === CARD);
  const ready = !hangs || posted[CARD]?.state === 'posted';
  return messages.flatMap((message) => (ready || message.slot === CARD ? (stepFor(message, posted[message.slot]) ?? []) : []));
}
