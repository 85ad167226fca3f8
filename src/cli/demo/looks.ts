import { Failure } from '../../base/failure.ts';
import { isObject } from '../../lab/slack/methods/arguments.ts';
import { elementsOf } from '../../lab/slack/people/elements.ts';
import type { SlackLookalike } from '../../lab/slack/start-slack.ts';
import type { Message } from '../../lab/slack/world/world.ts';
import type { Child } from './child.ts';
import { gistOf, readerOf } from './feed.ts';
import { nameOf, type Persona } from './persona.ts';
import type { Terminal } from './terminal.ts';

/** What an actor has before them. */
export interface Props {
  slack: SlackLookalike;
  children: () => Child[];
  terminal: Terminal;
}

const longestWait = 5_000;

/** What the bot wrote into a channel, threads apart. */
export const heads = (slack: SlackLookalike, channel: string): Message[] =>
  slack.messages(channel).filter(({ threadTs, user }) => threadTs === null && user === slack.seed.app.botUser);

/** Waits a little for what is about to come. */
export const soon = <T>(slack: SlackLookalike, look: () => T | null): Promise<T | null> => slack.until(look, longestWait).catch(() => null);

const plainLabel = (element: unknown): string =>
  isObject(element) && isObject(element['text']) ? String(element['text']['text']).toLowerCase() : '';

/** The newest button with this label that the person sees there. */
export function button(slack: SlackLookalike, { user, channel }: Persona, label: string): { ts: string; action: string } | null {
  const seen = [...slack.messages(channel), ...slack.ephemerals(channel, user)].toSorted((a, b) => (a.ts < b.ts ? 1 : -1));
  for (const { ts, blocks } of seen) {
    const found = elementsOf(blocks ?? []).find(({ element }) => plainLabel(element) === label.toLowerCase());
    if (found !== undefined) return { ts, action: String(found.element['action_id']) };
  }
  return null;
}

/** The form that a command without words opens. It is shown, and put away again. */
export async function form(slack: SlackLookalike, { user }: Persona): Promise<string[]> {
  const view = await soon(slack, () => slack.modal(user));
  if (view === null) return [];
  // it is opened at once, and filled a moment later
  await soon(slack, () => slack.modal(user)?.['hash'] !== view['hash'] || null);
  const shown = slack.modalText(user).trimEnd().split('\n');
  await slack.closeModal(user, String(view['id']));
  return ['', ...shown.map((line) => `  ${line}`), '', '(a form; this terminal cannot fill it in, and has closed it)'];
}

/** The Home tab, as it is after somebody went there. */
export async function home({ slack }: Props, { user }: Persona): Promise<string[]> {
  const before = slack.calls('views.publish').length;
  await slack.openHome(user);
  await soon(slack, () => (slack.calls('views.publish').length > before ? true : null));
  const text = slack.homeText(user);
  return text === ''
    ? ['(nothing is shown there)']
    : [
        '',
        `Home of @${nameOf(slack, user)}`,
        '',
        ...text
          .trimEnd()
          .split('\n')
          .map((line) => `  ${line}`),
      ];
}

const clock = ({ ts }: Message): string => new Date(Number(ts) * 1_000).toISOString().slice(11, 19);

/** The threads of a channel, a line each. */
export function threads({ slack }: Props, { channel }: Persona): string[] {
  const read = readerOf(slack.seed);
  const lines = heads(slack, channel).map(
    (head, at) => `${at + 1}  ${clock(head)}  ${gistOf(head, read)}  (${slack.replies(channel, head.ts).length} replies)`,
  );
  return lines.length === 0 ? ['there are no threads yet'] : lines;
}

/** A thread as it stands; they are counted from one. */
export function thread({ slack, terminal }: Props, { channel }: Persona, number: number): string[] {
  const head = heads(slack, channel)[number - 1];
  if (head === undefined) throw new Failure('missing', `there is no thread ${number}; "threads" lists them`);
  return ['', ...slack.threadText(channel, head.ts, terminal.width).trimEnd().split('\n')];
}

const mostLines = 8;
/** The last lines of bot and worker. */
export const logs = ({ children }: Props): string[] =>
  children().flatMap((child) => [
    `${child.name}:`,
    ...child
      .lines()
      .slice(-mostLines)
      .map((line) => `  ${line}`),
  ]);
