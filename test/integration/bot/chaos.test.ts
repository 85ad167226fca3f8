import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stage, setStage } from '../../../src/cli/demo/stage.ts';
import { labSeed, type Seed } from '../../../src/lab/slack/start-slack.ts';
import { openBook } from '../../../src/queue/book.ts';
import { connectRedis, endRedis } from '../../../src/queue/connect.ts';
import { startRedis, type TestRedis } from '../redis.ts';
import { makeTrouble, randomFrom, type Scene } from './chaos/troubles.ts';
import { standing, Witness } from './chaos/witness.ts';

const seed = Number(process.env['CHAOS_SEED'] ?? '1');
const commands = Number(process.env['CHAOS_COMMANDS'] ?? '200');
const everyMs = 400;
const clusters = ['prod-a', 'prod-b', 'stage-a', 'stage-b', 'dev'];
const bundles = {
  'prod-a': 'corefile-forward-unreachable',
  'prod-b': 'coredns-colocated',
  'stage-b': 'two-faults-at-once',
  '*': 'healthy',
};
const channels = Array.from({ length: 20 }, (_, index) => `C0CHAOS${index}`);

const config = [
  'clusters:',
  ...clusters.map((name) => `  ${name}: {}`),
  'policy:',
  '  team: T0LAB',
  '  rules:',
  '    - {clusters: ["*"], groups: [S0SRE], channels: [any], may: [check, doctor, read, cancel]}',
].join('\n');

function workspace(): Seed {
  const lab = labSeed();
  const [incidents] = lab.channels;
  if (incidents === undefined) throw new Error('the look-alike has no channels');
  return { ...lab, channels: [...lab.channels, ...channels.map((id) => ({ ...incidents, id, name: id.toLowerCase() }))] };
}

/** Ten times Slack's limits, and the bots told so: the same rules, in a tenth of the time. */
const rates = { channelEvery: 100, channelBurst: 3, perMinute: { 'chat.postMessage': 3_000, 'chat.update': 500 } };
const env = { SLACK_POSTS_PER_MINUTE: '540', SLACK_EDITS_PER_MINUTE: '460' };

/** A command as it was typed, and what Slack said to it. */
interface Typed {
  name: string;
  channel: string;
  at: number;
  acked: boolean;
}

async function typeAll(scene: Scene): Promise<Typed[]> {
  const typed: Promise<Typed>[] = [];
  for (let index = 0; index < commands; index += 1) {
    const cluster = clusters[Math.floor(scene.random() * clusters.length)] ?? 'dev';
    const channel = channels[index % channels.length] ?? '';
    // every fifth asks what the one before it asked: they may share a run
    const name = `q${index % 5 === 4 ? index - 1 : index}.example.com`;
    const text = `check ${index % 5 === 4 ? 'dev' : index % 5 === 3 ? 'dev' : cluster} name=${name}`;
    const at = Date.now();
    const user = index % 2 === 0 ? 'U0ANA' : 'U0BEN';
    typed.push(scene.stage.slack.command(user, channel, '/dns', text).then(({ acked }) => ({ name, channel, at, acked })));
    await sleep(everyMs);
  }
  return Promise.all(typed);
}

describe(`two bots and two workers, ${commands} commands, and one trouble after another (seed ${seed})`, () => {
  let redis: TestRedis;
  let stage: Stage;
  const ends: (() => Promise<unknown> | void)[] = [];
  beforeAll(async () => {
    redis = await startRedis({ persist: true });
    stage = await setStage({
      config,
      clusters: { kind: 'recorded', folder: fileURLToPath(new URL('../../bundles', import.meta.url)), bundles, times: 0.1 },
      slack: { seed: workspace(), rates, randomSeed: seed },
      redisUrl: redis.url,
      env,
    });
  });
  afterAll(async () => {
    for (const end of ends) await end();
    await stage?.close();
    await redis?.stop();
  });

  test(
    'no command is lost, no message stands twice, every thread says the last of its run',
    async () => {
      const [bots, workers] = await Promise.all([
        Promise.all([stage.startBot(), stage.startBot()]),
        Promise.all([stage.startWorker(), stage.startWorker()]),
      ]);
      const scene: Scene = { stage, redis, bots, workers, random: randomFrom(seed) };
      const connection = connectRedis(redis.url, 'producer', () => undefined);
      const book = openBook({ redis: connection, prefix: 'dns-medic', onError: () => undefined });
      ends.push(
        () => book.close(),
        () => endRedis(connection),
      );
      const witness = new Witness(book, stage.slack, channels);
      const over = new AbortController();
      const watching = (async () => {
        while (!over.signal.aborted) {
          await witness.look();
          await sleep(1_500);
        }
      })();
      const calm = new AbortController();
      const making = makeTrouble(scene, calm.signal);
      const typed = await typeAll(scene);
      calm.abort();
      const made = await making;
      stage.slack.behave();

      const patience = Date.now() + 120_000;
      while (witness.problems().length > 0 && Date.now() < patience) await sleep(1_000);
      over.abort();
      await watching;
      const answeredOtherwise = ({ channel, at }: Typed): boolean =>
        ['U0ANA', 'U0BEN'].some((user) =>
          stage.slack.ephemerals(channel, user).some(({ ts }) => Number(ts) * 1_000 > at && Number(ts) * 1_000 < at + 20_000),
        );
      const asked = new Map([...witness.records.values()].map((record) => [record.request.names[0], record]));
      // a card says what was asked, also that of a run which Redis forgot when all was said
      const cards = standing(stage.slack, channels).map(({ text }) => text);
      const stands = ({ name }: Typed): boolean => asked.has(name) || cards.some((text) => text.includes(name));
      const lost = typed.filter((command) => command.acked && !stands(command) && !answeredOtherwise(command));
      const runsPerName = Map.groupBy(witness.records.values(), ({ request }) => request.names[0] ?? '');
      const summary = {
        made,
        acked: typed.filter(({ acked }) => acked).length,
        runs: witness.records.size,
        lost,
        problems: witness.problems(),
      };
      if (process.env['CHAOS_SHOW'] !== undefined) {
        process.stderr.write(`${JSON.stringify(summary, null, 1)}\n`);
        for (const child of [...bots, ...workers])
          process.stderr.write(
            `${child.name}\n${child
              .lines()
              .filter((line) => !line.includes('"info"'))
              .join('\n')}\n`,
          );
      }
      expect(summary.problems).toEqual([]);
      expect(lost).toEqual([]);
      expect([...runsPerName].filter(([, runs]) => runs.length > 2).map(([name]) => name)).toEqual([]);
      expect(summary.runs).toBeGreaterThan(commands / 2);
      // what is delivered thrice is acknowledged thrice; a socket that drops may take an acknowledgement with it
      expect(stage.slack.remarks().filter((remark) => !remark.includes('an acknowledgement too late, or twice'))).toEqual([]);
    },
    commands * everyMs + 300_000,
  );
});
