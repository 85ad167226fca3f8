import { z } from 'zod';

/**
 * Something that a person typed and the bot has acknowledged, as it is noted until it has been dealt with: Slack does not say it again. It holds
 * no token and no address that could be answered at.
 */
export const HeardText = z.object({
  kind: z.enum(['command', 'mention']),
  user: z.string().max(64),
  team: z.string().max(64).nullable(),
  channel: z.string().max(64),
  /** The ts of the thread that a run's messages go to; null: a card of its own. */
  answer: z.string().max(32).nullable(),
  /** The ts of the thread that the person is in; null: in the channel. */
  thread: z.string().max(32).nullable(),
  text: z.string().max(8_000),
});
export type HeardText = z.infer<typeof HeardText>;
