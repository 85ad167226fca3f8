import type { Stage } from '../../src/cli/demo/stage.ts';
import { askAll } from './ask-all.ts';
import { type Figure, type Part, plainly } from './part.ts';
import { memoryOf } from './process-memory.ts';
import { quantile } from './quantile.ts';
import type { Seen } from './watch-threads.ts';
import { channelIds, clusterNames, onStage, stageObstacle } from './workspace.ts';

const runs = 50;
const alone = 5;
const bundle = 'corefile-forward-unreachable';

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

function timesOf(title: string, seen: readonly Seen[]): Figure[] {
  const of = (what: keyof Seen, said: string): Figure => {
    const values = seen.flatMap((run) => run[what] ?? []);
    return plainly(`${title}: ${said}, p50 and p95`, `${seconds(quantile(values, 0.5))}  ${seconds(quantile(values, 0.95))}`);
  };
  return [of('card', 'card posted'), of('verdict', 'verdict on the card'), of('thread', 'thread final')];
}

/** How often Slack was written to, and how often it said that this was too fast. */
function callsOf(title: string, { slack }: Stage): Figure[] {
  const count = (method: string): number => slack.calls(method).filter(({ status }) => status === 200).length;
  const refused = slack.calls().filter(({ status }) => status === 429).length;
  return [plainly(`${title}: messages, edits, refused as too fast`, `${count('chat.postMessage')}  ${count('chat.update')}  ${refused}`)];
}

/** One run after another, each in a channel and for a cluster of its own. */
async function oneByOne(stage: Stage): Promise<Seen[]> {
  const seen: Seen[] = [];
  const channels = channelIds(alone);
  for (const [index, cluster] of clusterNames(alone).entries())
    seen.push(...(await askAll(stage, [cluster], channels.slice(index, index + 1))));
  return seen;
}

async function measureAlone(): Promise<Figure[]> {
  return onStage({ clusters: alone, channels: alone, times: 0, bundle }, async (stage) => {
    await Promise.all([stage.startBot(), stage.startWorker()]);
    return timesOf(`1 run (${alone} times)`, await oneByOne(stage));
  });
}

async function measureMany(channels: number): Promise<Figure[]> {
  return onStage({ clusters: runs, channels, times: 0, bundle }, async (stage) => {
    const [bot, worker] = await Promise.all([stage.startBot(), stage.startWorker()]);
    const title = `${runs} at once, ${channels} channels`;
    const seen = await askAll(stage, clusterNames(runs), channelIds(channels));
    const peaks = [bot, worker].map(({ pid }) => `${memoryOf(pid).peak.toFixed(0)} MB`);
    return [...timesOf(title, seen), ...callsOf(title, stage), plainly(`${title}: most memory of bot and worker`, peaks.join('  '))];
  });
}

/** From the command to what stands in Slack, at Slack's rate limits, with clusters that answer at once: what is left is ours and Slack's. */
export const threads: Part = {
  name: 'threads',
  about: 'command to thread, clusters that take no time, rates of Slack',
  ofBot: true,
  measure: async () => (await stageObstacle()) ?? [...(await measureAlone()), ...(await measureMany(runs)), ...(await measureMany(10))],
};
