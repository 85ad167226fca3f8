import type { SlackLookalike } from '../../../src/lab/slack/start-slack.ts';

export type Message = ReturnType<SlackLookalike['messages']>[number];

/** The key that our messages carry, `RUN/PLACE/SLOT`: no two may have the same. Null: the message is none of a run. */
export function keyOf({ metadata }: Pick<Message, 'metadata'>): string | null {
  const payload = metadata?.['event_payload'] as Record<string, unknown> | undefined;
  return typeof payload?.['key'] === 'string' ? payload['key'] : null;
}

/** Which message of a run this is: `card`, `plan`, `verdict`, ... */
export const slotOf = (message: Pick<Message, 'metadata'>): string | null => keyOf(message)?.split('/').at(-1) ?? null;

/** Keys that more than one message carries. */
export function repeatedKeys(messages: readonly Pick<Message, 'metadata'>[]): string[] {
  const keys = messages.flatMap((message) => keyOf(message) ?? []);
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
}

/** Whether a text has this word: a code or name that is only the beginning of a longer one does not count. */
export const names = (text: string, word: string): boolean => text.split(/[^\w-]+/).includes(word);
