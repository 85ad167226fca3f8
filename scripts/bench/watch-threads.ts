import type { SlackLookalike } from '../../src/lab/slack/start-slack.ts';
import { type Message, names, slotOf } from '../e2e/slack/messages.ts';

/** Milliseconds from the command until something stood in Slack; null: not yet. */
export interface Seen {
  card: number | null;
  /** The card says the verdict. */
  verdict: number | null;
  /** Card, steps and verdict stand there as they will stay. */
  thread: number | null;
}

/** A command that was typed, in a channel, for a cluster that no other run is for. */
export interface Asked {
  channel: string;
  cluster: string;
  at: number;
  /** The ts of the newest message that stood there before; '' for none. */
  after: string;
}

const saysVerdict = ({ text }: Message): boolean => /DNS (broken|degraded|healthy|: could not tell)/.test(text);
const isDone = ({ text }: Message): boolean => /^All \d+ steps are done/.test(text);

/** Since when each run's card, verdict and thread stand in Slack. `look` is cheap, and is to be called at each change. */
export function watchThreads(slack: SlackLookalike, asked: readonly Asked[]): { seen: readonly Seen[]; look: () => boolean } {
  const seen: Seen[] = asked.map(() => ({ card: null, verdict: null, thread: null }));
  const look = (): boolean => {
    const now = performance.now();
    for (const [index, { channel, cluster, at, after }] of asked.entries()) {
      const run = seen[index];
      if (run === undefined || run.thread !== null) continue;
      const messages = slack.messages(channel).filter(({ ts }) => ts > after);
      const card = messages.find((message) => slotOf(message) === 'card' && names(message.text, cluster));
      if (card === undefined) continue;
      run.card ??= now - at;
      if (saysVerdict(card)) run.verdict ??= now - at;
      const replies = messages.filter(({ threadTs }) => threadTs === card.ts);
      const final =
        replies.some((message) => slotOf(message) === 'verdict') &&
        replies.some((message) => slotOf(message) === 'plan' && isDone(message));
      if (final && run.verdict !== null) run.thread = now - at;
    }
    return seen.every(({ thread }) => thread !== null);
  };
  return { seen, look };
}
