import type { ThreadBook } from './book.ts';
import type { Step } from './steps.ts';

/**
 * How many calls a minute. Slack: about one post a second in a channel, and fifty edits for the whole app in a workspace (docs.slack.dev, rate
 * limits).
 */
export interface PerMinute {
  posts: number;
  edits: number;
}

const minuteMs = 60_000;
/** So many edits may come at once; Slack counts by the minute. */
const EDITS_AT_ONCE = 4;

/** Keeps to Slack's rate limits: over all bots by the book, and to what Slack itself said last. */
export interface Pace {
  /** Milliseconds to wait before this call; its turn is taken. */
  turn(step: Step, channel: string): Promise<number>;
  /** Slack said to wait so long with calls of this kind: other channels go on. */
  pause(step: Step, channel: string, ms: number): void;
}

const kindOf = (step: Step, channel: string): string => (step.kind === 'update' ? 'update' : `post/${channel}`);

export function createPace(book: Pick<ThreadBook, 'reserve'>, perMinute: PerMinute, now: () => number): Pace {
  const pausedUntil = new Map<string, number>();
  return {
    turn: async (step, channel) => {
      if (step.kind === 'look') return 0;
      const kind = kindOf(step, channel);
      const reserved = await (step.kind === 'update'
        ? book.reserve(kind, minuteMs / perMinute.edits, EDITS_AT_ONCE)
        : book.reserve(kind, minuteMs / perMinute.posts, 1));
      return Math.max(reserved, (pausedUntil.get(kind) ?? 0) - now());
    },
    pause: (step, channel, ms) => void pausedUntil.set(kindOf(step, channel), now() + ms),
  };
}
