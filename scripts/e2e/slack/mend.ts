import { setTimeout as sleep } from 'node:timers/promises';
import { ana, ben, type Bot, channel } from './bot.ts';
import { leftovers } from './complaints.ts';
import type { Message } from './messages.ts';
import { untilFinal } from './stories.ts';

/** A fault and the remedy that must mend it. */
export interface Mend {
  fault: string;
  remedy: string;
  pod?: string;
  /** A remedy that no finding proposes is asked for by name. */
  command?: string;
  /** A check finds the cluster healthy first, so that its Corefile is known to work. */
  seenHealthy?: boolean;
  /** Another remedy, for what is left. */
  afterwards?: string;
  /** What it must end with, where this cluster cannot show that it is mended: it does not enforce policies. Else: fixed. */
  ends?: RegExp;
}

/** What came of it: how long from the last approval until the end message, and what that says first. */
export interface Mended {
  found: string;
  wrong: string[];
  /** Of the people and the bot. */
  asked: number;
  mended: number;
}

const ORDER = /^change-(\d+)$/;
const endsWithinMs = 420_000;
const windowWithinMs = 10_000;

const buttonsOf = ({ blocks }: Message): { action_id?: string; value?: string }[] =>
  ((blocks ?? []) as { elements?: { action_id?: string; value?: string }[] }[]).flatMap(({ elements = [] }) => elements);

export const has = (message: Message | undefined, action: string): boolean =>
  message !== undefined && buttonsOf(message).some(({ action_id: id }) => id === action);

/** The card of the order that this remedy was planned for. */
function cardOf(bot: Bot, run: string, remedy: string): { slot: string; message: Message } {
  for (const [slot, message] of bot.thread(run)) {
    if (ORDER.test(slot) && message.text.includes(remedy)) return { slot, message };
  }
  const slots = [...bot.thread(run)]
    .filter(([slot]) => slot.startsWith('change'))
    .map(([slot, { text }]) => `${slot}: ${text.slice(0, 300)}`);
  throw new Error(`no order of ${remedy} is proposed: ${slots.join(' | ') || 'nothing is'}`);
}

/** Presses a button that opens a window, fills the window in, and sends it. Gives when it was sent, and what the window says then. */
export async function inWindow(bot: Bot, user: string, message: Message, action: string): Promise<{ sentAt: number; said: string }> {
  const { slack } = bot.stage;
  await slack.click(user, channel, message.ts, action);
  const view = await slack
    .until(() => {
      const open = slack.modal(user);
      return open !== null && typeof open['submit'] === 'object' && open['submit'] !== null ? open : null;
    }, windowWithinMs)
    .catch(() => null);
  if (view === null)
    throw new Error(`${action}: no window to send: ${slack.modalText(user) || slack.ephemerals(channel, user).at(-1)?.text || 'nothing'}`);
  const values = { reason: 'e2e: this fault was injected', typed_name: 'cluster-a', typedName: 'cluster-a' };
  const sentAt = Date.now();
  const { errors } = await slack.submit(user, String(view['id']), values);
  if (errors !== null) throw new Error(`${action}: ${JSON.stringify(errors)}`);
  await sleep(300);
  return { sentAt, said: slack.modalText(user) };
}

export async function closeWindows(bot: Bot, user: string): Promise<void> {
  for (let open = bot.stage.slack.modal(user); open !== null; open = bot.stage.slack.modal(user)) {
    await bot.stage.slack.closeModal(user, String(open['id']));
  }
}

/** Ana asks, and Ben approves where two are asked. `pressedAt`: when the last of them sent the window. */
export async function order(bot: Bot, run: string, remedy: string): Promise<{ slot: string; pressedAt: number }> {
  const { slot, message } = cardOf(bot, run, remedy);
  const { sentAt, said } = await inWindow(bot, ana, message, 'dns_review');
  await closeWindows(bot, ana);
  const waiting = await bot.stage.slack
    .until(() => {
      const wait = bot.thread(run).get(`${slot}-wait`);
      if (wait !== undefined && has(wait, 'dns_approve')) return wait;
      const card = bot.thread(run).get(slot);
      return has(card, 'dns_review') || /waits for approval/i.test(card?.text ?? '') ? null : 'not';
    }, 15_000)
    .catch(() => null);
  if (waiting === null) throw new Error(`nothing came of the request: ${said}`);
  if (waiting === 'not') return { slot, pressedAt: sentAt };
  const answer = await inWindow(bot, ben, waiting, 'dns_approve');
  await bot.stage.slack
    .until(() => !has(bot.thread(run).get(`${slot}-wait`), 'dns_approve'), 15_000)
    .catch(() => Promise.reject(new Error(`nothing came of the approval: ${answer.said} ${bot.stage.slack.modalText(ben)}`)));
  await closeWindows(bot, ben);
  return { slot, pressedAt: answer.sentAt };
}

/** The message that an order ends with. */
export async function untilEnd(bot: Bot, run: string, slot: string): Promise<Message> {
  return bot.stage.slack
    .until(() => bot.thread(run).get(`${slot}-end`), endsWithinMs)
    .catch(() => {
      throw new Error(`no end after ${endsWithinMs / 1_000} s: ${bot.text(run, slot).slice(0, 400)}\n${bot.lastWords()}`);
    });
}

const firstLine = (text: string): string => text.split('\n').slice(0, 2).join(' / ').slice(0, 160);

/** What the window says after it was sent replaces only what the bot itself has put there: no newer view can be lost. */
export const expectedRemark = /views\.update: without hash/;

/** A fault that is there already: checked, ordered by two people, done, and proved. */
export async function mendStory(bot: Bot, { remedy, pod, command, ends = /fixed/i }: Mend): Promise<Mended> {
  const run = await bot.startRun(command ?? `check cluster-a${pod === undefined ? '' : ` pod=${pod}`}`);
  await untilFinal(bot, run);
  await bot.stage.slack.until(() => [...bot.thread(run).keys()].some((slot) => slot.startsWith('change')), 15_000).catch(() => null);
  const began = Date.now();
  const { slot, pressedAt } = await order(bot, run, remedy);
  const end = await untilEnd(bot, run, slot);
  const mended = (Date.now() - pressedAt) / 1_000;
  return {
    found: firstLine(end.text),
    wrong: [
      ...(ends.test(end.text) ? [] : [`it does not say ${ends.source}: ${end.text.slice(0, 500)}`]),
      ...(await leftovers(bot, run)).filter((left) => !expectedRemark.test(left)),
    ],
    asked: (pressedAt - began) / 1_000,
    mended,
  };
}
