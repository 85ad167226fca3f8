import { isObject } from '../methods/arguments.ts';
import type { Channel, Json, Message, StoredView, World } from '../world/world.ts';
import { blockLines } from './blocks.ts';
import { elementText, textOf } from './elements.ts';
import { indent, wrap } from './lines.ts';
import { channelName, readMrkdwn, userName } from './mrkdwn.ts';

/** Columns of a rendering where nothing else is asked for. */
export const WIDTH = 100;

/** A conversation as a person reads it: messages with their threads under them, and what only one user sees, marked. */
export function conversationText(world: World, channel: Channel, width = WIDTH): string {
  const here = channel.kind === 'im' ? `direct messages with ${userName(world, channel.members[0] ?? '')}` : channelName(world, channel.id);
  const heads = inOrder(channel, (each) => each.threadTs === null || each.broadcast);
  const parts = heads.map((head) => [...messageLines(world, head, width), ...threadLines(world, channel, head, width - 4)].join('\n'));
  return `${[`${here}${channel.archived ? ' (archived)' : ''}`, ...parts].join('\n\n')}\n`;
}

/** One thread: its head, and what was replied. */
export function threadText(world: World, channel: Channel, ts: string, width = WIDTH): string {
  const head = channel.messages.get(ts);
  if (head === undefined) return 'there is no such message\n';
  return `${[...messageLines(world, head, width), ...threadLines(world, channel, head, width - 4)].join('\n')}\n`;
}

function threadLines(world: World, channel: Channel, head: Message, width: number): string[] {
  if (head.threadTs !== null) return [];
  const all = inOrder(channel, (each) => each.threadTs === head.ts);
  const status = channel.statuses.get(head.ts);
  const lines = all.flatMap((reply) => ['', ...indent(messageLines(world, reply, width), '    ', '  ↳ ')]);
  return status === undefined ? lines : [...lines, '', `  ↳ ${world.app.name} ${status}`];
}

function inOrder(channel: Channel, which: (message: Message) => boolean): Message[] {
  return [...channel.messages.values(), ...channel.ephemerals].filter(which).toSorted((a, b) => (a.ts < b.ts ? -1 : 1));
}

function messageLines(world: World, message: Message, width: number): string[] {
  const by =
    message.user === world.app.botUser ? world.app.name : message.user === 'USLACKBOT' ? 'Slackbot' : userName(world, message.user);
  const marks = [
    message.edits === 0 ? null : message.edits === 1 ? 'edited' : `edited ${message.edits} times`,
    message.broadcast ? 'also in the channel' : null,
    message.onlyFor === null ? null : `only visible to ${userName(world, message.onlyFor)}`,
  ].filter((mark) => mark !== null);
  const title = `${clock(message.ts)}  ${by}${marks.map((mark) => `  (${mark})`).join('')}`;
  return [title, ...indent(bodyLines(world, message, width - 2), '  ')];
}

/** Blocks, where there are some, stand in place of the text. */
function bodyLines(world: World, message: Message, width: number): string[] {
  const words = message.text === '' ? [] : wrap(readMrkdwn(world, message.text), width);
  const body = message.blocks === null ? words : blockLines(world, message.blocks, width);
  const files = message.files.map(({ name, size }) => `[file: ${name}, ${size} bytes]`);
  const reactions = message.reactions.map(({ name, users }) => `:${name}: ${users.length}`).join('  ');
  return [...body, ...files, ...(reactions === '' ? [] : [reactions])];
}

/** `10:42:07`, UTC. */
const clock = (ts: string): string => new Date(Number(ts) * 1_000).toISOString().slice(11, 19);

/** A modal or Home tab as its user sees it. */
export function viewText(world: World, { view }: StoredView, width = WIDTH): string {
  const blocks = Array.isArray(view['blocks']) ? (view['blocks'] as Json[]) : [];
  const title = isObject(view['title']) ? [textOf(world, view['title']), ''] : [];
  const buttons = [view['close'], view['submit']].filter((text) => text !== undefined && text !== null);
  const foot = buttons.map((text) => elementText(world, { type: 'button', text })).join('  ');
  return `${[...title, ...blockLines(world, blocks, width), ...(foot === '' ? [] : ['', foot])].join('\n')}\n`;
}
