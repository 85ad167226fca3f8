import type { World } from '../world/world.ts';

const EMOJI: Readonly<Record<string, string>> = {
  white_check_mark: '✅',
  heavy_check_mark: '✔',
  x: '❌',
  warning: '⚠',
  rotating_light: '🚨',
  hourglass_flowing_sand: '⏳',
  hourglass: '⌛',
  red_circle: '🔴',
  large_orange_circle: '🟠',
  large_yellow_circle: '🟡',
  large_green_circle: '🟢',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  information_source: 'ℹ',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  question: '❓',
  mag: '🔍',
  wave: '👋',
  black_square_for_stop: '⏹',
};

/** `:name:` as the emoji, where it is a usual one. */
export function withEmoji(words: string): string {
  return words.replace(/:([a-z0-9_+-]+):/g, (all, name: string) => EMOJI[name] ?? all);
}

/**
 * Slack's markup as a person reads it: mentions and times by their names, links with where they lead, and marks of bold text taken off. The
 * tokens are found in the text as it came, and entities become letters after that, as Slack does: what was escaped can be no token.
 */
export function readMrkdwn(world: World, words: string): string {
  const tokens = words.replace(/<([^<>]+)>/g, (_all, token: string) => readToken(world, token));
  const plain = tokens.replace(/(^|[\s(])([*~])(\S(?:[^*~\n]*\S)?)\2(?=$|[\s.,;:!?)])/gm, '$1$3');
  return withEmoji(letters(plain));
}

/** Entities as the letters that they stand for. */
export const letters = (words: string): string => words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

function readToken(world: World, token: string): string {
  const [what, label] = split(token, '|');
  if (what.startsWith('@')) return userName(world, what.slice(1), label);
  if (what.startsWith('#')) return channelName(world, what.slice(1), label);
  if (what.startsWith('!date^')) return label ?? what;
  if (what.startsWith('!subteam^')) return groupName(world, what.slice('!subteam^'.length), label);
  if (what.startsWith('!')) return `@${what.slice(1)} (everyone is called)`;
  return label === undefined || label === what ? what : `${label} (${what})`;
}

function split(token: string, mark: string): [string, string | undefined] {
  const at = token.indexOf(mark);
  return at === -1 ? [token, undefined] : [token.slice(0, at), token.slice(at + 1)];
}

export function userName(world: World, id: string, label?: string): string {
  return `@${world.users.get(id)?.name ?? label ?? id}`;
}

export function channelName(world: World, id: string, label?: string): string {
  return `#${world.channels.get(id)?.name ?? (label === undefined || label === '' ? id : label)}`;
}

export function groupName(world: World, id: string, label?: string): string {
  return `@${world.groups.get(id)?.handle ?? label?.replace(/^@/, '') ?? id}`;
}
