import type { App, Receiver } from '@slack/bolt';

/** A way in which Slack reaches the bot. `start` rejects when it cannot be opened. */
export interface Way {
  receiver: Receiver;
  /** Whether Slack can reach us now. */
  connected(): boolean;
  /** The port that is listened on; null where there is none. */
  port(): number | null;
}

/** A receiver of Bolt's kind from three functions. */
export const receiverOf = (init: (app: App) => void, start: () => Promise<unknown>, stop: () => Promise<unknown>): Receiver => ({
  init,
  start,
  stop,
});

/** Milliseconds of the monotonic clock, for measuring from the arrival of a request. */
export const clock = (): number => performance.now();
