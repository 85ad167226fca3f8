import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Failure, UsageError } from '../../../src/base/failure.ts';
import { labSeed } from '../../../src/lab/slack/start-slack.ts';
import { openScene, POLICY, type Scene } from './scene.ts';

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.end();
  scene = undefined;
});

const INCIDENTS = 'C0INCIDENTS';
const SECRET = labSeed().app.signingSecret;
const now = (): number => Math.floor(Date.now() / 1000);

interface Posted {
  body?: string;
  at?: number | string;
  secret?: string;
  headers?: Record<string, string>;
  path?: string;
}

/** Posts to the bot as Slack does, or as somebody who would like to be it. */
async function post(
  { door }: Scene,
  { body = '', at = now(), secret = SECRET, headers = {}, path = '/slack/events' }: Posted,
): Promise<number> {
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
  const answer = await fetch(`http://127.0.0.1:${door.port()}${path}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': signature,
      ...headers,
    },
  });
  await answer.text();
  return answer.status;
}

const command = (text: string, trigger = '1.2.abc'): string =>
  new URLSearchParams({
    command: '/dns',
    text,
    user_id: 'U0ANA',
    team_id: 'T0LAB',
    channel_id: INCIDENTS,
    trigger_id: trigger,
    response_url: 'http://127.0.0.1:9/gone',
  }).toString();

describe('by HTTP', () => {
  test('a request of Slack is taken once, and not when it is sent again', async () => {
    scene = await openScene({ mode: 'http' });
    const sent = { body: command('check cluster-a') };
    expect(await post(scene, sent)).toBe(200);
    expect(await post(scene, sent)).toBe(200);
    await scene.dealt(2);
    expect(scene.seen.map(({ outcome }) => outcome).toSorted()).toEqual(['duplicate', 'started']);
    expect(scene.desk.asks).toHaveLength(1);
  });

  test.each([
    ['signed with another secret', { secret: 'another secret' }, 401],
    ['six minutes old', { at: now() - 360 }, 401],
    ['of six minutes from now', { at: now() + 360 }, 401],
    ['of no time', { at: 'tomorrow' }, 401],
    ['of four minutes from now', { at: now() + 240 }, 200],
    ['without a signature', { headers: { 'x-slack-signature': '' } }, 401],
    ['to another address', { path: '/' }, 404],
    ['to an address that is none', { path: '//' }, 404],
    ['that is too large', { body: 'x'.repeat(2 * 1024 * 1024) }, 413],
    ['that is no command', { body: 'payload={' }, 400],
  ])('a request %s is answered as it should', async (_what, change, status) => {
    scene = await openScene({ mode: 'http' });
    expect(await post(scene, { body: command('check cluster-a'), ...change })).toBe(status);
    await sleep(50);
    expect(scene.desk.asks).toHaveLength(status === 200 ? 1 : 0);
  });

  test('an unsigned check of the certificate is answered, and brings nothing in', async () => {
    scene = await openScene({ mode: 'http' });
    const answer = await fetch(`http://127.0.0.1:${scene.door.port()}/slack/events`, {
      method: 'POST',
      body: `ssl_check=1&${command('check cluster-a')}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(200);
    await sleep(50);
    expect(scene.desk.asks).toEqual([]);
  });

  test('a port that is taken is an error at the start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    scene = await openScene({ mode: 'http' });
    const other = openScene({ mode: 'http', port });
    await expect(other).rejects.toThrow('EADDRINUSE');
    taken.close();
  });

  test('it is over when the bot has stopped', async () => {
    scene = await openScene({ mode: 'http' });
    const port = scene.door.port() ?? 0;
    expect(scene.door.connected()).toBe(true);
    await scene.door.stop();
    expect(scene.door.connected()).toBe(false);
    const refused = await new Promise((resolve) => connect(port, '127.0.0.1').once('error', resolve));
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('by Socket Mode', () => {
  test('sockets that are dropped are opened again, and nothing is lost that comes after', async () => {
    scene = await openScene();
    const { slack, door } = scene;
    await slack.until(() => slack.socketCount() === 2);
    for (let round = 1; round <= 3; round += 1) {
      slack.dropSockets();
      await slack.until(() => slack.socketCount() === 0);
      await slack.until(() => slack.socketCount() === 2 && door.connected());
      expect(await slack.command('U0ANA', INCIDENTS, '/dns', 'help')).toMatchObject({ acked: true });
    }
    expect(door.connected()).toBe(true);
  });

  test('sockets are renewed as Slack asks, and Slack is hardly ever without one', async () => {
    scene = await openScene({ lab: { timing: { refreshWarning: 50 } } });
    const { slack, door } = scene;
    slack.refreshSockets();
    const end = Date.now() + 2_500;
    let unreached = 0;
    while (Date.now() < end) {
      const { acked } = await slack.command('U0ANA', INCIDENTS, '/dns', 'help');
      if (!acked) unreached += 1;
      await sleep(50);
    }
    expect(unreached).toBeLessThanOrEqual(5);
    expect(slack.socketCount()).toBe(2);
    expect(door.connected()).toBe(true);
  });

  test('a Slack that gives no addresses for a while is asked again until it does', async () => {
    scene = await openScene();
    const { slack, door } = scene;
    slack.misbehave({ faults: [{ do: 'error', method: 'apps.connections.open', times: 5 }] });
    slack.dropSockets();
    await slack.until(() => !door.connected());
    await slack.until(() => slack.socketCount() === 2 && door.connected());
    expect(await slack.command('U0ANA', INCIDENTS, '/dns', 'help')).toMatchObject({ acked: true });
  });

  test('a connection that is refused meanwhile does not end the process', async () => {
    scene = await openScene();
    const { slack, door } = scene;
    slack.misbehave({ faults: [{ do: 'reset', method: 'apps.connections.open' }] });
    slack.dropSockets();
    await slack.until(() => !door.connected());
    await sleep(500);
    slack.behave();
    await slack.until(() => door.connected());
    expect(scene.lines.join('\n')).toContain('could not be opened');
  });

  test('it is over when the bot has stopped, and what is under way is finished', async () => {
    scene = await openScene();
    const { slack, door } = scene;
    slack.misbehave({ latencyMs: 300 });
    await slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a');
    expect(scene.seen).toEqual([]);
    await door.stop();
    expect(scene.seen).toMatchObject([{ outcome: 'started' }]);
    expect(door.connected()).toBe(false);
    await slack.until(() => slack.socketCount() === 0);
    await sleep(300);
    expect(slack.socketCount()).toBe(0);
  });
});

describe('a bot is not started', () => {
  test.each([
    ['with a token that Slack refuses', { token: 'xoxb-wrong' }, UsageError, 'SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)'],
    ['with an app token that Slack refuses', { appToken: 'xapp-wrong' }, UsageError, 'SLACK_APP_TOKEN: Slack refuses it (invalid_auth)'],
    [
      'with the policy of another workspace',
      { policy: { ...POLICY, team: 'T0ELSE' } },
      UsageError,
      'policy.team: "T0ELSE": the bot is in another workspace: expected T0LAB',
    ],
    ['where Slack cannot be reached', { apiUrl: 'http://127.0.0.1:9/api/' }, Failure, 'Slack cannot be reached'],
  ])('%s', async (_what, options, kind, message) => {
    const opening = openScene(options);
    await expect(opening).rejects.toThrow(kind);
    await expect(opening).rejects.toThrow(message);
  });

  test('and without a policy nobody may do anything', async () => {
    scene = await openScene({ policy: null });
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a');
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('Refused');
  });
});
