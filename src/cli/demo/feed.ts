import { asChannel, createWorld, type Message } from '../../lab/slack/world/world.ts';
import type { Seed } from '../../lab/slack/world/seed.ts';
import { threadText } from '../../lab/slack/render/conversation.ts';
import { offersCancel, planOf, tasksOf } from './thread-state.ts';

/** A line to print. `quiet`: small print. */
export interface Line {
  text: string;
  quiet: boolean;
}

/** Tells what has changed in a conversation since it was last asked, as a person sees it happen. */
export interface Feed {
  next(messages: readonly Message[]): Line[];
}

/** A message alone, without its thread: its title and its lines. */
export type Reader = (message: Message, width: number) => string[];

const loud = (text: string): Line => ({ text, quiet: false });
const quiet = (text: string): Line => ({ text, quiet: true });

/** Reads a message as the look-alike shows it. */
export function readerOf(seed: Seed): Reader {
  const world = createWorld(seed);
  return (message, width) => {
    const place = asChannel({
      id: message.channel,
      name: '',
      kind: 'public',
      shared: false,
      pendingShared: false,
      archived: false,
      members: [],
    });
    place.messages.set(message.ts, message);
    return threadText(world, place, message.ts, width).trimEnd().split('\n');
  };
}

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

const mostNamed = 2;

function named(label: string, titles: readonly string[]): string[] {
  if (titles.length === 0) return [];
  const more = titles.length > mostNamed ? ` and ${titles.length - mostNamed} more` : '';
  return [`${label}: ${titles.slice(0, mostNamed).join(', ')}${more}`];
}

/** So wide that no first line is broken. */
const unbroken = 400;

/** A message in one line: how far a plan is, else its first line. */
export function gistOf(message: Message, read: Reader): string {
  const plan = planOf(message);
  if (plan === null) return read(message, unbroken)[1]?.trim() ?? '';
  const titles = (status: string): string[] =>
    tasksOf(plan)
      .filter((task) => task['status'] === status)
      .map((task) => String(task['title']));
  return [String(plan['title']), ...named('running', titles('in_progress')), ...named('failed', titles('error'))].join(' · ');
}

interface Known {
  edits: number;
  gist: string;
  /** It offers to end its run. */
  open: boolean;
}

/** Under which message the next reply is understood to stand, and in which conversation. */
interface Where {
  channel: string | null;
  thread: string | null;
  /** The last that was told was one line. */
  afterLine: boolean;
}

/** Where a message is, when that is not where the one before was. */
function whereabouts(seed: Seed, where: Where, message: Message, headOf: (ts: string) => string): Line[] {
  const lines: Line[] = [];
  if (where.channel !== message.channel) {
    const channel = seed.channels.find(({ id }) => id === message.channel);
    lines.push(quiet(''), quiet(channel?.kind === 'im' ? 'direct messages' : `#${channel?.name ?? message.channel}`));
  }
  if (message.threadTs !== null && (message.threadTs !== where.thread || where.channel !== message.channel))
    lines.push(quiet(''), quiet(`  in the thread of: ${headOf(message.threadTs)}`));
  Object.assign(where, { channel: message.channel, thread: message.threadTs ?? message.ts });
  return lines;
}

const sentAt = ({ ts }: Message): string => clock(Number(ts) * 1_000);
const editedAt = (message: Message): string => (message.editedAt === null ? sentAt(message) : clock(message.editedAt));

const marginOf = ({ threadTs }: Message): string => (threadTs === null ? '' : '    ');

/** A message as it is posted. */
const posted = (message: Message, [title = '', ...lines]: readonly string[]): Line[] => [
  quiet(''),
  quiet((message.threadTs === null ? '' : '  ↳ ') + title),
  ...lines.map((line) => loud(marginOf(message) + line)),
];

/** A message that was edited, as a whole. */
const rewritten = (message: Message, [, ...lines]: readonly string[]): Line[] => [
  quiet(''),
  quiet(`${marginOf(message)}✎ ${editedAt(message)}  the message of ${sentAt(message)} now:`),
  ...lines.map((line) => loud(marginOf(message) + line)),
];

/** A message that was edited, in a line. */
const touched = (message: Message, now: string): Line => quiet(`${marginOf(message)}✎ ${editedAt(message)}  ${now}`);

/** A feed of the conversations of a workspace, in so many columns. */
export function createFeed(seed: Seed, width: number): Feed {
  const read = readerOf(seed);
  const known = new Map<string, Known>();
  const where: Where = { channel: null, thread: null, afterLine: false };
  const keyOf = ({ channel, ts }: Pick<Message, 'channel' | 'ts'>): string => `${channel}/${ts}`;

  function told(message: Message): Line[] {
    const before = known.get(keyOf(message));
    if (before !== undefined && before.edits === message.edits) return [];
    const lines = read(message, message.threadTs === null ? width : width - 4);
    const now: Known = { edits: message.edits, gist: gistOf(message, read), open: offersCancel(message) };
    known.set(keyOf(message), now);
    // a card that has come to its end is worth to be read as a whole
    const atItsEnd = before !== undefined && before.open && !now.open && message.threadTs === null;
    if (before !== undefined && !atItsEnd && before.gist === now.gist) return [];
    const place = whereabouts(seed, where, message, (ts) => known.get(keyOf({ channel: message.channel, ts }))?.gist ?? ts);
    const { afterLine } = where;
    where.afterLine = before !== undefined && !atItsEnd;
    if (before === undefined) return [...place, ...posted(message, lines)];
    if (atItsEnd) return [...place, ...rewritten(message, lines)];
    return [...place, ...(afterLine ? [] : [quiet('')]), touched(message, now.gist)];
  }

  return { next: (messages) => messages.toSorted((a, b) => (a.ts < b.ts ? -1 : 1)).flatMap(told) };
}
