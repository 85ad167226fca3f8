import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../src/cli/demo/child.ts';
import type { Stage } from '../../src/cli/demo/stage.ts';
import { askAll } from './ask-all.ts';
import { atMost, type Figure, type Part, plainly } from './part.ts';
import { forgetPeak, memoryOf, type ProcessMemory } from './process-memory.ts';
import { channelIds, clusterNames, onStage, stageObstacle } from './workspace.ts';

const atOnce = 50;
const waves = 10;
const idleMs = 15_000;
/** More than this between the runs before and the runs after is growth: the collector of garbage leaves as much lying about. */
const growthAllowed = 1.1;

const most = { bot: 120, worker: 200 } as const;

/** What both processes had in memory at one moment. */
type Both = Record<keyof typeof most, ProcessMemory>;

const both = (bot: Child, worker: Child): Both => ({ bot: memoryOf(bot.pid), worker: memoryOf(worker.pid) });

async function idle(bot: Child, worker: Child): Promise<Both> {
  await sleep(idleMs);
  return both(bot, worker);
}

interface Course {
  started: Both;
  /** While the first runs went on, and after. */
  firstWave: Both;
  afterFirst: Both;
  /** After two waves, when all code has run often enough to be compiled. */
  afterSecond: Both;
  afterAll: Both;
}

async function course(stage: Stage): Promise<Course> {
  const [bot, worker] = await Promise.all([stage.startBot(), stage.startWorker()]);
  const wave = () => askAll(stage, clusterNames(atOnce), channelIds(atOnce));
  const started = await idle(bot, worker);
  [bot, worker].forEach(({ pid }) => forgetPeak(pid));
  await wave();
  const firstWave = both(bot, worker);
  const afterFirst = await idle(bot, worker);
  await wave();
  const afterSecond = await idle(bot, worker);
  for (let count = 2; count < waves; count++) await wave();
  return { started, firstWave, afterFirst, afterSecond, afterAll: await idle(bot, worker) };
}

function figuresOf(who: keyof typeof most, { started, firstWave, afterFirst, afterSecond, afterAll }: Course): Figure[] {
  const now = (memory: Both): string => `${memory[who].now.toFixed(0)} MB`;
  const growth = afterAll[who].now / afterSecond[who].now;
  const runs = atOnce * waves;
  return [
    plainly(`${who}: started, nothing to do`, now(started)),
    atMost(`${who}: most at ${atOnce} runs at once`, firstWave[who].peak, most[who], 'MB', 0),
    plainly(`${who}: ${idleMs / 1_000} s after them`, now(afterFirst)),
    plainly(`${who}: after ${atOnce * 2} runs`, now(afterSecond)),
    {
      what: `${who}: after ${runs} runs`,
      measured: now(afterAll),
      target: `${(afterSecond[who].now * growthAllowed).toFixed(0)} MB`,
      met: growth <= growthAllowed,
    },
    plainly(`${who}: most in all of them`, `${afterAll[who].peak.toFixed(0)} MB`),
  ];
}

/** Memory of bot and worker while recorded clusters are checked, each in the time that it took then. Slack's rates are off: else the 500 runs take half an hour. */
export const memory: Part = {
  name: 'memory',
  about: `resident memory, ${atOnce} runs at once, ${atOnce * waves} in all`,
  ofBot: true,
  measure: async () => {
    const obstacle = await stageObstacle();
    if (obstacle !== null) return obstacle;
    const env = { SLACK_POSTS_PER_MINUTE: '6000', SLACK_EDITS_PER_MINUTE: '6000' };
    const scenery = {
      clusters: atOnce,
      channels: atOnce,
      times: 1,
      bundle: 'corefile-forward-unreachable',
      env,
      slack: { rates: 'off' as const },
    };
    const measured = await onStage(scenery, course);
    return [...figuresOf('bot', measured), ...figuresOf('worker', measured)];
  },
};
