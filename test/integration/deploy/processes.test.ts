import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SlackLookalike, startSlack } from '../../../src/lab/slack/start-slack.ts';
import { objectsOf, type Thing } from '../../deploy/files.ts';
import { until } from '../check/lab/cluster.ts';
import { startRedis, type TestRedis } from '../redis.ts';
import { type FinalStage, finalStage } from './lab/final-stage.ts';
import { givenTo } from './lab/given.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const podOf = (who: string): Thing => objectsOf(`deploy/base/${who}/deployment.yaml`)[0]?.['spec'].template.spec as Thing;

describe('what deploy/ gives the image', () => {
  let stage: FinalStage;
  let redis: TestRedis;
  let slack: SlackLookalike;

  beforeAll(async () => {
    stage = finalStage();
    [redis, slack] = await Promise.all([startRedis(), startSlack({ rates: 'off' })]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([redis.stop(), slack.close()]);
    stage.remove();
  }, 60_000);

  test.each(['bot', 'worker'] as const)(
    'is all that the %s needs: it gets ready by the probes of its pod, and ends in the time that it is given',
    async (who) => {
      const { botToken, appToken } = slack.seed.app;
      const secrets = {
        '/var/run/dns-medic/slack/bot-token': `${botToken}\n`,
        '/var/run/dns-medic/slack/app-token': `${appToken}\n`,
        '/var/run/dns-medic/order/secret': `${'0123456789abcdef'.repeat(4)}\n`,
        '/var/run/dns-medic/redis/url': `${redis.url}\n`,
      };
      const given = givenTo(who, secrets, (settings) => settings.replace(/team: \w+/, 'team: T0LAB'));
      const port = await freePort();
      const container = podOf(who)['containers'][0] as Thing;
      let said = '';
      const args = ['dist/cli/main.js', ...(container['args'] as string[])];
      const env = { ...given.env, HEALTH_PORT: String(port), SLACK_API_URL: slack.apiUrl };
      const child = stage.start(args, env, (text) => (said += text));
      const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
      try {
        const answers = async ({ httpGet }: Thing): Promise<true | null> =>
          (await fetch(`http://127.0.0.1:${port}${httpGet.path}`)).status === 200 ? true : null;
        for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
          const answered = await until(probe, () => answers(container[probe] as Thing), 20_000).catch(() => null);
          expect([who, probe, answered, answered === null ? said : '']).toEqual([who, probe, true, '']);
        }
        const began = Date.now();
        child.kill('SIGTERM');
        expect([(await ended)[0], said]).toEqual([0, expect.not.stringContaining('"level":"error"')]);
        expect(Date.now() - began).toBeLessThan(podOf(who)['terminationGracePeriodSeconds'] * 1000);
        for (const secret of Object.values(secrets)) expect(said).not.toContain(secret.trim().replace('redis://', ''));
      } finally {
        child.kill('SIGKILL');
        given.remove();
      }
    },
    60_000,
  );
});
