import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../../../src/cli/demo/child.ts';
import type { Stage } from '../../../../src/cli/demo/stage.ts';
import type { TestRedis } from '../../redis.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What troubles are made with. */
export interface Scene {
  stage: Stage;
  redis: TestRedis;
  bots: Child[];
  workers: Child[];
  random: () => number;
  /** When a bot was last killed, in milliseconds since 1970. */
  killedAt?: number;
}

/** So long after a bot was killed the others may not know all that it knew. */
const knownAfterMs = 22_000;

type Trouble = (scene: Scene) => Promise<void>;

async function killOne(list: Child[], start: () => Promise<Child>, random: () => number): Promise<void> {
  const at = Math.floor(random() * list.length);
  await list[at]?.end('SIGKILL');
  await sleep(300);
  list[at] = await start();
}

const slackTrouble =
  (trouble: Parameters<Stage['slack']['misbehave']>[0], ms: number): Trouble =>
  async ({ stage }) => {
    stage.slack.misbehave(trouble);
    await sleep(ms);
    stage.slack.behave();
  };

/** What happens, by name. Each takes as long as it takes, and leaves all as it was, but for what was lost. */
export const troubles: Readonly<Record<string, Trouble>> = {
  'a bot is killed': async (scene) => {
    scene.killedAt = Date.now();
    await killOne(scene.bots, () => scene.stage.startBot(), scene.random);
  },
  'a worker is killed': ({ stage, workers, random }) => killOne(workers, () => stage.startWorker(), random),
  'a worker is stopped in order': async ({ stage, workers }) => {
    await workers.shift()?.end('SIGTERM');
    workers.push(await stage.startWorker());
  },
  'Redis restarts': ({ redis }) => redis.restart(),
  'Redis hangs': async ({ redis }) => {
    redis.freeze();
    await sleep(2_500);
    redis.thaw();
  },
  'Redis comes back empty': async ({ redis, killedAt = 0 }) => {
    // what only a bot knew that has just been killed is gone with Redis: the others need some time to learn of it
    await sleep(Math.max(6_000, killedAt + knownAfterMs - Date.now()));
    await redis.wipe();
    await sleep(6_000);
  },
  'Slack answers 500': slackTrouble({ faults: [{ do: 'error', method: 'chat.*', status: 500 }] }, 2_000),
  'Slack throttles': slackTrouble({ faults: [{ do: 'throttle', method: 'chat.*', retryAfterSeconds: 2, probability: 0.7 }] }, 2_000),
  'answers of Slack are lost': slackTrouble({ faults: [{ do: 'lose', method: 'chat.*', probability: 0.5 }] }, 3_000),
  'connections to Slack are reset': slackTrouble({ faults: [{ do: 'reset', method: 'chat.*', probability: 0.5 }] }, 2_000),
  'Slack is slow': slackTrouble({ latencyMs: [200, 1_500] }, 3_000),
  'sockets drop': slackTrouble({ dropSocketsEveryMs: 700 }, 2_500),
  'Slack delivers thrice': slackTrouble({ duplicates: 2 }, 4_000),
};

/** Makes one trouble after another until told to stop; gives their names in order. */
export async function makeTrouble(scene: Scene, signal: AbortSignal): Promise<string[]> {
  const names = Object.keys(troubles);
  const made: string[] = [];
  while (!signal.aborted) {
    // each kind once before any comes again
    const left = names.filter((name) => made.filter((one) => one === name).length <= Math.floor(made.length / names.length));
    const name = left[Math.floor(scene.random() * left.length)] ?? names[0] ?? '';
    made.push(name);
    await troubles[name]?.(scene);
    await sleep(200 + scene.random() * 800);
  }
  return made;
}
