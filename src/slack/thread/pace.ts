import type { ThreadBook } from './book.ts';
import type { Step } from './steps.ts';

/** Slack: about one post a second in a channel, and 50 edits a minute for the whole app (docs.slack.dev, rate limits). We stay below. */
const POST_EVERY_MS = 1_100;
const UPDATE_EVERY_MS = 1_300;
const UPDATE_BURST = 8;

/** Keeps to Slack's rate limits: over all bots by the book, and to what Slack itself said last. */
export interface Pace {
  /** Milliseconds to wait before this call; its turn is taken. */
  turn(step: Step, channel: string): Promise<number>;
  /** Slack said to wait so long with calls of this kind: other channels go on. */
  pause(step: Step, channel: string, ms: number): void;
}

const kindOf = (step: Step, channel: string): string => (step.kind === 'update' ? 'update' : `post/${channel}`);

export function createPace(book: Pick<ThreadBook, 'reserve'>, now: () => number): Pace {
  const pausedUntil = new Map<string, number>();
  return {
    turn: async (step, channel) => {
      if (step.kind === 'look') return 0;
      const kind = kindOf(step, channel);
      const reserved =
        step.kind === 'update' ? await book.reserve(kind, UPDATE_EVERY_MS, UPDATE_BURST) : await book.reserve(kind, POST_EVERY_MS, 1);
      return Math.max(reserved, (pausedUntil.get(kind) ?? 0) - now());
    },
    pause: (step, channel, ms) => void pausedUntil.set(kindOf(step, channel), now() + ms),
  };
}
