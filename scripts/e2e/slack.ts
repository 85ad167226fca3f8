import type { TestCluster } from './cluster.ts';
import { alarms, complaints, type Expectation } from './compare.ts';
import { type Row, say } from './row.ts';
import { Bot } from './slack/bot.ts';
import { cancelStory, checkStory, doctorStory, killedStory, type Outcome } from './slack/stories.ts';

/** Faults of different verdicts that are quickly there and quickly gone. While the last one is there, a check takes longest. */
const faults = ['coredns-colocated', 'netpol-egress-denies-dns', 'corefile-forward-unreachable'] as const;
const slow = 'corefile-forward-unreachable';

/** What was tried in Slack, and what could not be. */
export interface InSlack {
  rows: Row[];
  skipped: number;
}

async function tell(name: string, expected: string, story: () => Promise<Outcome>): Promise<Row> {
  const began = Date.now();
  const outcome = await story().catch((error: unknown) => ({
    found: '-',
    wrong: [error instanceof Error ? error.message : String(error)],
  }));
  return say({ fault: `in Slack: ${name}`, expected, seconds: (Date.now() - began) / 1_000, ...outcome });
}

/** While a fault is there: what the thread says, and, where a check takes long enough, one that is cancelled and one whose worker is killed. */
async function whileFaulty(bot: Bot, fault: string, expected: Expectation): Promise<Row[]> {
  const rows = [await tell(fault, expected.cause.join(), () => checkStory(bot, expected.pod, (report) => complaints(report, expected)))];
  if (fault !== slow) return rows;
  rows.push(await tell('cancelled by somebody else', 'cancelled', () => cancelStory(bot)));
  rows.push(await tell('worker killed in the middle', expected.cause.join(), () => killedStory(bot, expected.status[0] ?? '')));
  return rows;
}

async function tryFault(bot: Bot, fault: string, expected: Expectation): Promise<Row[]> {
  const on = await bot.cluster.fault?.('on', fault);
  try {
    if (on?.status === 0) return await whileFaulty(bot, fault, expected);
    return [await tell(fault, expected.cause.join(), () => Promise.reject(new Error(`not injected: ${on?.stderr.slice(-200) ?? ''}`)))];
  } finally {
    await bot.cluster.fault?.('off', fault);
  }
}

/**
 * The whole way in Slack: bot, worker, Redis and Slack's look-alike around the real cluster. What a thread says is compared with what the terminal
 * says at the same moment.
 */
export async function trySlack(cluster: TestCluster, expectations: Readonly<Record<string, Expectation>>): Promise<InSlack> {
  const bot = await Bot.start(cluster);
  try {
    const rows = [
      await tell('healthy', 'healthy', () => checkStory(bot, undefined, alarms)),
      await tell('doctor', 'the rights that the terminal says', () => doctorStory(bot)),
    ];
    for (const fault of cluster.fault === null ? [] : faults) {
      const expected = expectations[fault];
      if (expected === undefined) throw new Error(`no fault named ${fault} is expected`);
      rows.push(...(await tryFault(bot, fault, expected)));
    }
    const skipped = cluster.fault === null ? [...faults, 'cancelled by somebody else', 'worker killed in the middle'] : [];
    for (const name of skipped) process.stdout.write(`skip in Slack: ${name}: faults cannot be injected into this cluster\n`);
    return { rows, skipped: skipped.length };
  } finally {
    await bot.stage.close();
  }
}
