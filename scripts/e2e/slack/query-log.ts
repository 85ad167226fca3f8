import { setTimeout as sleep } from 'node:timers/promises';
import { startPrivateRedis } from '../../../src/cli/demo/redis.ts';
import type { TestCluster } from '../cluster.ts';
import { type Row, say } from '../row.ts';
import { Bot } from './bot.ts';
import { order, untilEnd } from './mend.ts';
import { untilFinal } from './stories.ts';

/** What happens to the bot, its worker and Redis while queries are logged. */
interface Trouble {
  name: string;
  strike: (bot: Bot, loseRedis: () => Promise<void>) => Promise<void>;
}

const bots = (bot: Bot) => bot.stage.children().filter(({ name }) => name === 'bot');

const troubles: readonly Trouble[] = [
  { name: 'nothing', strike: () => Promise.resolve() },
  {
    name: 'worker killed, another one started',
    strike: async (bot) => {
      await bot.worker.end('SIGKILL');
      bot.worker = await bot.stage.startWorker();
    },
  },
  { name: 'bot killed', strike: async (bot) => void (await Promise.all(bots(bot).map((one) => one.end('SIGKILL')))) },
  {
    name: 'bot killed and Redis gone for ever',
    strike: async (bot, loseRedis) => {
      await Promise.all(bots(bot).map((one) => one.end('SIGKILL')));
      await loseRedis();
    },
  },
];

/** From the end of its minute: the delayed job, or the sweep and its grace, and three minutes for a reload. */
const offWithinMs = 150_000;

async function standing(cluster: TestCluster): Promise<{ text: string; marked: boolean }> {
  const done = await cluster.kubectl('-n', 'kube-system', 'get', 'configmap', 'coredns', '-o', 'json');
  const { data, metadata } = JSON.parse(done.stdout) as {
    data: Record<string, string>;
    metadata: { annotations?: Record<string, string> };
  };
  return { text: data['Corefile'] ?? '', marked: metadata.annotations?.['dns-medic/query-log'] !== undefined };
}

async function story(cluster: TestCluster, { name, strike }: Trouble): Promise<Row> {
  const began = Date.now();
  const shown = { fault: `query log: ${name}`, expected: 'off again, byte for byte' };
  const redis = await startPrivateRedis();
  const bot = await Bot.start(cluster, redis.url);
  let lost = false;
  const loseRedis = async (): Promise<void> => {
    lost = true;
    await redis.stop();
  };
  try {
    const before = await standing(cluster);
    const run = await bot.startRun('remedy cluster-a enable-query-log minutes=1 classes=all');
    await untilFinal(bot, run);
    await bot.stage.slack.until(() => bot.thread(run).has('change-0'), 15_000);
    const { slot } = await order(bot, run, 'enable-query-log');
    const said = (await untilEnd(bot, run, slot)).text.split('\n').slice(0, 2).join(' / ');
    const during = await standing(cluster);
    if (!during.marked || during.text === before.text) throw new Error(`it is not on: ${said}`);
    // somebody must ask for something, or there is nothing to sum up
    for (let asked = 0; asked < 5; asked += 1) await cluster.kubectl('-n', 'shop', 'exec', 'deploy/cart', '--', 'nslookup', 'amazon.com');
    await strike(bot, loseRedis);
    const struck = Date.now();
    for (let now = during; now.marked || now.text !== before.text; now = await standing(cluster)) {
      if (Date.now() - struck > offWithinMs)
        return say({ ...shown, found: said, seconds: (Date.now() - began) / 1_000, wrong: ['it is still on'] });
      await sleep(1_000);
    }
    const off = (Date.now() - struck) / 1_000;
    const summed =
      name === 'nothing' || name.startsWith('worker')
        ? await bot.stage.slack
            .until(() => bot.thread(run).get(`${slot}-undone`), 120_000)
            .then(
              ({ text }) => (/\d+ quer/.test(text) && text.includes('amazon.com') ? [] : [`no sum: ${text.slice(0, 300)}`]),
              () => ['the thread does not say that it ended'],
            )
        : [];
    return say({ ...shown, found: `off ${off.toFixed(0)} s after`, seconds: (Date.now() - began) / 1_000, wrong: summed });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return say({ ...shown, found: '-', seconds: (Date.now() - began) / 1_000, wrong: [`${why}\n${bot.lastWords()}`] });
  } finally {
    await bot.stage.close();
    if (!lost) await redis.stop();
    await cluster.fault?.('off');
  }
}

/** The query log for a minute, and its end whatever happens meanwhile. */
export async function tryQueryLog(cluster: TestCluster): Promise<Row[]> {
  const rows: Row[] = [];
  for (const trouble of cluster.fault === null ? [] : troubles) rows.push(await story(cluster, trouble));
  return rows;
}
