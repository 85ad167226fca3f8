import { asText, isObject } from '../methods/arguments.ts';
import type { Json, World } from '../world/world.ts';
import { indent, wrap } from './lines.ts';
import { channelName, groupName, userName, withEmoji } from './mrkdwn.ts';

/** The parts of a rich text as lines. */
export function richTextLines(world: World, elements: unknown, width: number): string[] {
  return objects(elements).flatMap((part) => {
    if (part['type'] === 'rich_text_list') return listLines(world, part, width);
    const words = inline(world, part['elements']);
    if (part['type'] === 'rich_text_preformatted') return boxed(words);
    if (part['type'] === 'rich_text_quote') return indent(wrap(words, width - 2), '> ');
    return wrap(words.replace(/\n$/, ''), width);
  });
}

/** What was not to be touched stands as it is, however long. */
export function boxed(words: string): string[] {
  return ['┌', ...indent(words.replace(/\n$/, '').split('\n'), '│ '), '└'];
}

function listLines(world: World, list: Json, width: number): string[] {
  const margin = '  '.repeat(Number(list['indent'] ?? 0));
  return objects(list['elements']).flatMap((item, index) => {
    const mark = list['style'] === 'ordered' ? `${index + 1}. ` : '• ';
    const lines = wrap(inline(world, item['elements']), width - margin.length - mark.length);
    return indent(lines, margin + ' '.repeat(mark.length), margin + mark);
  });
}

/** The text of inline parts, all in one. */
export function inline(world: World, elements: unknown): string {
  return objects(elements)
    .map((part) => (INLINE[asText(part['type'])] ?? unknown)(part, world))
    .join('');
}

const unknown = (part: Json): string => `[${asText(part['type'])}]`;

const INLINE: Readonly<Record<string, (part: Json, world: World) => string>> = {
  text: ({ text }) => asText(text),
  link: ({ text, url }) => (text === undefined || text === url ? asText(url) : `${asText(text)} (${asText(url)})`),
  user: (part, world) => userName(world, asText(part['user_id'])),
  usergroup: (part, world) => groupName(world, asText(part['usergroup_id'])),
  channel: (part, world) => channelName(world, asText(part['channel_id'])),
  broadcast: ({ range }) => `@${asText(range)} (everyone is called)`,
  emoji: ({ name }) => withEmoji(`:${asText(name)}:`),
  date: ({ fallback, timestamp }) => (fallback === undefined ? new Date(Number(timestamp) * 1_000).toISOString() : asText(fallback)),
  color: ({ value }) => asText(value),
};

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
