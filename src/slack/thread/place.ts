import { type Place, placeKey, type PostedMessage } from '../../domain/run.ts';
import type { Message, ThreadMessage } from '../../report/slack/message.ts';
import type { ThreadBook } from './book.ts';
import { type Address, type Hand, hashOf } from './hand.ts';
import type { Written } from './outcome.ts';
import { CARD, CLOSED, NEVER_SENT, type Step } from './steps.ts';
import { variantsOf } from './variants.ts';

/** What writing one message came to: it stands (`done`, also when the place is given up), or is to be tried again after `ms`. */
export type Tried = { kind: 'done' } | { kind: 'again'; ms: number; limited: boolean };

/** Who is told of what happens to messages. */
export interface WriteHooks {
  onWrite(call: { method: string; outcome: Written['kind']; error: string | null }): void;
  /** A message of ours breaks Slack's limits. */
  onInvalid(slot: string, problems: readonly string[]): void;
  /** A message may stand twice: its answer was lost, and it could not be read back. */
  onMaybeTwice(run: string, slot: string, why: string): void;
}

/** What the writing of one place works with. `posted` is kept up to date here and in the book. */
export interface PlaceWork {
  run: string;
  place: Place;
  posted: Record<string, PostedMessage>;
  book: ThreadBook;
  hand: Hand;
  hooks: WriteHooks;
  /** Slack refuses our richest blocks: learnt once, for all messages. */
  rich: { refused: boolean };
  now: () => number;
}

/** So long after a message was sent without an answer it may still arrive; then it is taken as lost. */
const arrivesWithinMs = 12_000;
const lookAgainMs = 3_000;

async function note({ book, run, place, posted }: PlaceWork, slot: string, message: PostedMessage): Promise<void> {
  posted[slot] = message;
  await book.write(run, placeKey(place), slot, message);
}

const threadOf = ({ place, posted }: PlaceWork): string | null => place.thread ?? posted[CARD]?.ts ?? null;

const addressOf = (work: PlaceWork, slot: string): Address => ({
  channel: work.place.channel,
  thread: slot === CARD ? null : threadOf(work),
  key: `${work.run}/${placeKey(work.place)}/${slot}`,
});

/** Writes a message in the best way that Slack takes. */
async function say(
  work: PlaceWork,
  method: string,
  message: ThreadMessage,
  write: (variant: Message) => Promise<Written>,
): Promise<Written> {
  const { hooks, rich } = work;
  let last: Written = { kind: 'blocks', error: 'no variant' };
  const variants = variantsOf(message, rich.refused, (problems) => hooks.onInvalid(message.slot, problems));
  for (const [index, variant] of variants.entries()) {
    last = await write(variant);
    hooks.onWrite({ method, outcome: last.kind, error: 'error' in last ? last.error : null });
    if (last.kind !== 'blocks') {
      if (index === 1 && last.kind === 'done' && message.plain !== null && variants.length === 3) rich.refused = true;
      return last;
    }
  }
  return last;
}

async function ended(work: PlaceWork, slot: string, written: Written): Promise<Tried> {
  const gone: PostedMessage = { state: 'gone', ts: null, hash: '', at: work.now() };
  if (written.kind === 'gone' && written.what === 'message') await note(work, slot, gone);
  else if (written.kind === 'gone') await note(work, CLOSED, { ...gone, state: 'refused', hash: written.error.slice(0, 100) });
  else await note(work, slot, { ...gone, state: 'refused', hash: 'blocks' });
  return { kind: 'done' };
}

async function post(work: PlaceWork, message: ThreadMessage): Promise<Tried> {
  const sent: PostedMessage = { state: 'posting', ts: null, hash: hashOf(message), at: work.now() };
  await note(work, message.slot, sent);
  const address = addressOf(work, message.slot);
  const broadcast = message.broadcast && address.thread !== null;
  const written = await say(work, 'chat.postMessage', message, (variant) => work.hand.post(address, variant, broadcast));
  if (written.kind === 'done') {
    await note(work, message.slot, { ...sent, state: 'posted', ts: written.ts });
    return { kind: 'done' };
  }
  if (written.kind === 'unsure') return { kind: 'again', ms: 0, limited: false };
  if (written.kind === 'wait') {
    await note(work, message.slot, { ...sent, at: NEVER_SENT });
    return { kind: 'again', ms: Math.max(1_000, written.ms), limited: written.limited };
  }
  return ended(work, message.slot, written);
}

async function update(work: PlaceWork, message: ThreadMessage, ts: string): Promise<Tried> {
  const written = await say(work, 'chat.update', message, (variant) => work.hand.update(work.place.channel, ts, variant));
  if (written.kind === 'done') {
    await note(work, message.slot, { state: 'posted', ts, hash: hashOf(message), at: work.now() });
    return { kind: 'done' };
  }
  if (written.kind === 'unsure') return { kind: 'again', ms: 2_000, limited: false };
  if (written.kind === 'wait') return { kind: 'again', ms: Math.max(1_000, written.ms), limited: written.limited };
  return ended(work, message.slot, written);
}

async function look(work: PlaceWork, message: ThreadMessage, sent: PostedMessage): Promise<Tried> {
  const found = await work.hand.find(addressOf(work, message.slot), sent.at);
  work.hooks.onWrite({
    method: 'conversations.replies',
    outcome: found.kind === 'found' || found.kind === 'absent' ? 'done' : 'unsure',
    error: 'error' in found ? found.error : null,
  });
  if (found.kind === 'later') return { kind: 'again', ms: found.ms, limited: false };
  if (found.kind === 'found') {
    await note(work, message.slot, { ...sent, state: 'posted', ts: found.ts });
    return { kind: 'done' };
  }
  if (work.now() - sent.at < arrivesWithinMs) return { kind: 'again', ms: lookAgainMs, limited: false };
  if (found.kind === 'unable') work.hooks.onMaybeTwice(work.run, message.slot, found.error);
  await note(work, message.slot, { ...sent, at: NEVER_SENT });
  return { kind: 'again', ms: 0, limited: false };
}

/** Does one step in a place. Rejects only where the book does. */
export function take(work: PlaceWork, step: Step): Promise<Tried> {
  if (step.kind === 'post') return post(work, step.message);
  if (step.kind === 'update') return update(work, step.message, step.ts);
  return look(work, step.message, step.sent);
}
