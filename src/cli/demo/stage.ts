import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SlackLookalike, type SlackOptions, startSlack } from '../../lab/slack/start-slack.ts';
import { type Child, startChild } from './child.ts';
import { type PrivateRedis, startPrivateRedis } from './redis.ts';

/** Where clusters come from: recorded runs (by cluster, `*` for all others), or a real one. */
export type Clusters =
  | { kind: 'recorded'; folder: string; bundles: Readonly<Record<string, string>>; times: number }
  | { kind: 'real'; environment: Readonly<Record<string, string>> };

export interface StageOptions {
  /** The text of `dns-medic.yaml`: clusters and policy. */
  config: string;
  clusters: Clusters;
  slack?: SlackOptions;
  /** A Redis that is there already; else a private one is started. */
  redisUrl?: string;
  /** More of the environment, for bot and worker. */
  env?: Readonly<Record<string, string>>;
}

/** Slack's look-alike, Redis, and the means to start bots and workers as processes of their own. */
export interface Stage {
  slack: SlackLookalike;
  startBot(env?: Readonly<Record<string, string>>): Promise<Child>;
  startWorker(env?: Readonly<Record<string, string>>): Promise<Child>;
  /** All processes that were started and run. */
  children(): Child[];
  close(): Promise<void>;
}

/** A program beside this file: compiled where this file is. */
const here = (file: string): string => fileURLToPath(new URL(`${file}${extname(import.meta.url)}`, import.meta.url));

/** Sets the stage; bots and workers are started by the caller. */
export async function setStage({ config, clusters, slack: slackOptions, redisUrl, env = {} }: StageOptions): Promise<Stage> {
  // first what may be missing: nothing is left behind then
  const redis: PrivateRedis | null = redisUrl === undefined ? await startPrivateRedis() : null;
  const folder = await mkdtemp(join(tmpdir(), 'dns-medic-'));
  const file = join(folder, 'dns-medic.yaml');
  await writeFile(file, config);
  const slack = await startSlack(slackOptions);
  const children: Child[] = [];
  const common = {
    REDIS_URL: redisUrl ?? redis?.url ?? '',
    ORDER_SECRET: randomBytes(32).toString('hex'),
    HEALTH_PORT: '0',
    HOME: folder,
    ...env,
  };
  const forBot = {
    ...common,
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.seed.app.botToken,
    SLACK_APP_TOKEN: slack.seed.app.appToken,
  };
  const start = async (
    name: string,
    script: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<Child> => {
    const child = await startChild({ name, script: here(script), args: [...args, '--config', file], env: environment });
    children.push(child);
    return child;
  };
  const workerArgs = (): readonly string[] =>
    clusters.kind === 'real'
      ? ['worker']
      : [
          '--bundles',
          clusters.folder,
          '--times',
          String(clusters.times),
          ...Object.entries(clusters.bundles).map((pair) => pair.join('=')),
        ];
  return {
    slack,
    startBot: (more = {}) => start('bot', '../main', ['bot'], { ...forBot, ...more }),
    startWorker: (more = {}) =>
      start('worker', clusters.kind === 'real' ? '../main' : './worker', workerArgs(), {
        ...common,
        ...(clusters.kind === 'real' ? clusters.environment : {}),
        ...more,
      }),
    children: () => children.filter((child) => child.running()),
    close: async () => {
      await Promise.all(children.map((child) => child.end()));
      await slack.close();
      await redis?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
