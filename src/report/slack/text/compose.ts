import type { KnownBlock } from '@slack/types';
import type { Message } from '../message.ts';
import type { Part } from './parts.ts';

/** `chat.update` refuses texts of more than 4,000 characters; some room is left for what Slack adds. */
const longestText = 3500;
const cutNote = '… (the rest is in the message)';

/** The text of all parts; where they are too long together, the longest say it in short, and in the end lines are cut. */
function textOf(parts: readonly Part[]): string {
  const texts = parts.map(({ text }) => text);
  const total = (): number => texts.reduce((sum, text) => sum + text.length + 1, 0);
  const byLength = parts.map((part, index) => ({ index, saves: part.text.length - part.short.length, short: part.short }));
  for (const { index, saves, short } of byLength.toSorted((a, b) => b.saves - a.saves || b.index - a.index)) {
    if (total() <= longestText || saves <= 0) break;
    texts[index] = short;
  }
  return cutAtLine(texts.join('\n'));
}

function cutAtLine(text: string): string {
  if (text.length <= longestText) return text;
  const room = text.slice(0, longestText - cutNote.length - 1);
  const end = room.lastIndexOf('\n');
  // within a line an entity or a token could be cut in two
  return `${end > 0 ? room.slice(0, end) : ''}\n${cutNote}`.trimStart();
}

/** A message of these parts. `plain`: the blocks in place of those that not everyone takes, where there are such. */
export const messageOf = (parts: readonly Part[], plain: KnownBlock[] | null = null): Message => ({
  text: textOf(parts),
  blocks: parts.map(({ block }) => block),
  plain,
});
