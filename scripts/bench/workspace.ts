import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Stage } from '../../src/cli/demo/stage.ts';
import { labSeed, type Seed, type SlackOptions } from '../../src/lab/slack/start-slack.ts';
import { run } from '../e2e/cluster.ts';
import { builtStage } from './built.ts';
import type { Obstacle } from './part.ts';

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`);

/** Names of so many clusters, as they stand in the configuration. */
export const clusterNames = (count: number): string[] => numbered('cluster-', count);
/** Ids of channels that the bot is in. */
export const channelIds = (count: number): string[] => numbered('C0BENCH', count);
/** Ids of people on call, who may do everything, and of others, who may not. */
export const onCall = numbered('U0ONCALL', 30);
export const others = numbered('U0OTHER', 5);

/** The workspace of the look-alike with more people and channels. */
function seedOf(channels: number): Seed {
  const seed = labSeed();
  const person = (id: string): Seed['users'][number] => ({
    id,
    name: id.toLowerCase(),
    realName: id,
    kind: 'member',
    team: seed.team.id,
    timeZone: 'Europe/Berlin',
    locale: 'en-GB',
  });
  const more = channelIds(channels).map((id) => ({
    id,
    name: id.toLowerCase(),
    kind: 'public' as const,
    shared: false,
    pendingShared: false,
    archived: false,
    members: [...onCall, ...others, seed.app.botUser],
  }));
  return {
    ...seed,
    users: [...seed.users, ...[...onCall, ...others].map(person)],
    groups: seed.groups.map((group) => (group.id === 'S0SRE' ? { ...group, users: onCall } : group)),
    channels: [...seed.channels, ...more],
  };
}

const configOf = (clusters: number): string =>
  [
    'clusters:',
    ...clusterNames(clusters).map((name) => `  ${name}: {}`),
    'policy:',
    '  team: T0LAB',
    '  rules:',
    '    - {clusters: ["*"], groups: [S0SRE], channels: [any], may: [check, doctor, read, cancel]}',
    '',
  ].join('\n');

/** What the stage is set for. `times`: how long the recorded runs take, as a multiple of what they took. */
export interface Scenery {
  clusters: number;
  channels: number;
  times: number;
  bundle: string;
  slack?: SlackOptions;
  env?: Readonly<Record<string, string>>;
}

/** Slack's look-alike and Redis, with recorded clusters; bot and worker, as compiled for the image, are started by the caller. */
async function setScenery({ clusters, channels, times, bundle, slack = {}, env = {} }: Scenery): Promise<Stage> {
  const { setStage } = await builtStage();
  return setStage({
    config: configOf(clusters),
    clusters: { kind: 'recorded', folder: fileURLToPath(new URL('../../test/bundles', import.meta.url)), bundles: { '*': bundle }, times },
    slack: { ...slack, seed: seedOf(channels) },
    // as in the image, where nothing that was compiled once can be kept
    env: { NODE_ENV: 'production', NODE_COMPILE_CACHE: '', ...env },
  });
}

/** What the deployment of a process tells Node; '' for nothing. */
function nodeOptions(process: 'bot' | 'worker'): string {
  const deployment = parse(readFileSync(new URL(`../../deploy/base/${process}/deployment.yaml`, import.meta.url), 'utf8')) as {
    spec: { template: { spec: { containers: { env: { name: string; value?: string }[] }[] } } };
  };
  const { containers } = deployment.spec.template.spec;
  return containers.flatMap(({ env }) => env).find(({ name }) => name === 'NODE_OPTIONS')?.value ?? '';
}

const asDeployed = (stage: Stage): Stage => ({
  ...stage,
  startBot: (env = {}) => stage.startBot({ NODE_OPTIONS: nodeOptions('bot'), ...env }),
  startWorker: (env = {}) => stage.startWorker({ NODE_OPTIONS: nodeOptions('worker'), ...env }),
});

/** Measures with a stage that is closed afterwards. */
export async function onStage<T>(scenery: Scenery, measure: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = asDeployed(await setScenery(scenery));
  try {
    return await measure(stage);
  } finally {
    await stage.close();
  }
}

/** Why bot and worker cannot be started here; null: they can. */
export async function stageObstacle(): Promise<Obstacle | null> {
  if (process.platform !== 'linux') return { obstacle: 'memory and starts are read from /proc, which only Linux has' };
  const { status } = await run('redis-server', ['--version'], { timeoutMs: 5_000 });
  return status === 0 ? null : { obstacle: 'redis-server is not installed: on Debian, apt-get install redis-server' };
}
