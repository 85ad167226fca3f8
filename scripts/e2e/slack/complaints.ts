import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../../../src/domain/report.ts';
import type { Bot } from './bot.ts';
import { type Message, names, repeatedKeys } from './messages.ts';

const statusWords: Readonly<Record<Report['verdict']['status'], string>> = {
  broken: 'DNS broken',
  degraded: 'DNS degraded',
  healthy: 'DNS healthy',
  unknown: 'DNS: could not tell',
};

/** The status that a message says; null: none. */
export const statusIn = (text: string): string | null => Object.entries(statusWords).find(([, words]) => text.includes(words))?.[0] ?? null;

/** What of a thread is not as the report says: nothing when all is. */
export function differences(thread: ReadonlyMap<string, Pick<Message, 'text'>>, { verdict }: Pick<Report, 'verdict'>): string[] {
  const [card, last] = ['card', 'verdict'].map((slot) => thread.get(slot)?.text ?? '') as [string, string];
  const causes = [...thread.keys()].filter((slot) => /^cause-\d+$/.test(slot));
  return [
    ...[
      ['card', card],
      ['verdict', last],
    ].flatMap(([slot, text = '']) =>
      statusIn(text) === verdict.status ? [] : [`${slot} says ${statusIn(text)}, the terminal ${verdict.status}`],
    ),
    ...(verdict.cause === null || names(card, verdict.cause) ? [] : [`the card does not name ${verdict.cause}`]),
    ...verdict.causes.filter((code) => !names(last, code)).map((code) => `the verdict does not name ${code}`),
    ...(causes.length === Math.min(6, verdict.causes.length)
      ? []
      : [`messages about causes: ${causes.length}, causes: ${verdict.causes.length}`]),
  ];
}

const goneWithinMs = 20_000;
/** What would be said twice would be said within this time. */
const settlesMs = 1_500;

async function podsLeft(bot: Bot, run: string): Promise<string[]> {
  for (const began = Date.now(); ; await sleep(500)) {
    const pods = await bot.probePods(run);
    if (pods.length === 0 || Date.now() - began > goneWithinMs) return pods;
  }
}

/** What a run must not leave behind, however it ended: probe pods, messages that stand twice, what Slack would frown upon. */
export async function leftovers(bot: Bot, run: string): Promise<string[]> {
  const [pods] = await Promise.all([podsLeft(bot, run), sleep(settlesMs)]);
  return [
    ...pods.map((pod) => `left: ${pod}`),
    ...repeatedKeys(bot.messages()).map((key) => `twice: ${key}`),
    ...bot.newRemarks().map((remark) => `Slack remarks: ${remark}`),
  ];
}
