import { afterEach, describe, expect, test } from '@jest/globals';
import { openScene, type Scene } from './scene.ts';

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.end();
  scene = undefined;
});

const INCIDENTS = 'C0INCIDENTS';

describe.each(['socket', 'http'] as const)('a slash command by %s', (mode) => {
  test('is acknowledged with nothing, and starts one run in the channel', async () => {
    scene = await openScene({ mode });
    const acted = await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a pod=shop/cart name=api.example.com quick');
    expect(acted).toMatchObject({ acked: true, attempts: 1, response: null, failed: null, shown: null });
    const [request] = await scene.dealt(1);
    expect(request).toEqual({ kind: 'command', outcome: 'started', ackMs: expect.any(Number) });
    expect(scene.desk.asks).toEqual([
      {
        kind: 'check',
        request: {
          cluster: 'cluster-a',
          pod: 'shop/cart',
          node: null,
          names: ['api.example.com'],
          quick: true,
          probePods: true,
          ephemeral: false,
          timeoutMs: 90_000,
        },
        person: { user: 'U0ANA', team: 'T0LAB', isBot: false, isDeleted: false, isGuest: false, isStranger: false, groups: ['S0SRE'] },
        channel: { id: INCIDENTS, kind: 'public', isShared: false },
        place: { channel: INCIDENTS, thread: null },
      },
    ]);
    expect(scene.slack.ephemerals(INCIDENTS, 'U0ANA')).toEqual([]);
    expect(scene.slack.messages(INCIDENTS)).toEqual([]);
    expect(scene.slack.remarks()).toEqual([]);
  });

  test('that is delivered three times runs once', async () => {
    scene = await openScene({ mode });
    scene.slack.misbehave({ duplicates: 2 });
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a');
    await scene.dealt(3);
    expect(scene.seen.map(({ outcome }) => outcome).toSorted()).toEqual(['duplicate', 'duplicate', 'started']);
    expect(scene.desk.asks).toHaveLength(1);
    expect(scene.slack.ephemerals(INCIDENTS, 'U0ANA')).toEqual([]);
  });

  test('of somebody who may not is refused to them alone, and says who may', async () => {
    scene = await openScene({ mode });
    await scene.slack.command('U0CAT', INCIDENTS, '/dns', 'check cluster-a');
    const text = await scene.told(INCIDENTS, 'U0CAT');
    expect(text).toContain('Refused');
    expect(text).toContain('<!subteam^S0SRE>');
    await scene.dealt(1);
    expect(scene.seen).toMatchObject([{ outcome: 'refused' }]);
    expect(scene.desk.asks).toEqual([]);
    expect(scene.slack.messages(INCIDENTS)).toEqual([]);
  });
});

describe('a slash command', () => {
  test.each([
    ['deploy everything', 'usage', 'deploy'],
    ['check', 'usage', 'Which cluster?'],
    ['check clustr-a', 'usage', '/dns check cluster-a'],
    ['check cluster-a capture=soon', 'usage', 'capture=30s'],
    ['check cluster-a capture=30s', 'refused', 'asking for a change of cluster-a'],
    ['check @channel', 'usage', 'channel'],
    ['\u0007\u202Echeck\u0000', 'usage', 'Which cluster?'],
    ['help', 'answered', 'You may check: cluster-a'],
    ['clusters', 'answered', 'cluster-b'],
    ['history cluster-a', 'answered', 'No run of'],
    ['status', 'answered', 'No run was asked for here'],
    ['status 0123456789', 'answered', 'There is no run'],
    ['cancel 0123456789', 'answered', 'There is no run'],
  ])('%j is %s with %j', async (text, outcome, says) => {
    scene = await openScene();
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', text, { raw: true });
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain(says);
    await scene.dealt(1);
    expect(scene.seen).toMatchObject([{ outcome }]);
    expect(scene.desk.asks).toEqual([]);
    expect(scene.slack.remarks()).toEqual([]);
  });

  test('of 4,000 characters, or of more, is answered', async () => {
    scene = await openScene();
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'x'.repeat(4_000));
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('xxx');
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', `check ${'<!channel> '.repeat(2_000)}`, { raw: true });
    expect(await scene.told(INCIDENTS, 'U0ANA', 1)).toContain('too long');
    expect(scene.slack.remarks()).toEqual([]);
  });

  test('suggests no cluster that the person has nothing to do with', async () => {
    scene = await openScene();
    await scene.slack.command('U0CAT', INCIDENTS, '/dns', 'check secret-d');
    expect(await scene.told(INCIDENTS, 'U0CAT')).not.toContain('secret-c');
    await scene.slack.command('U0CAT', INCIDENTS, '/dns', 'clusters');
    expect(await scene.told(INCIDENTS, 'U0CAT', 1)).not.toMatch(/secret-c|cluster-b/);
  });

  test('asked again joins the run of the channel, and elsewhere gets its thread too', async () => {
    scene = await openScene();
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a');
    await scene.dealt(1);
    await scene.slack.command('U0BEN', INCIDENTS, '/dns', 'cluster-a');
    expect(await scene.told(INCIDENTS, 'U0BEN')).toContain('answered here already');
    await scene.slack.command('U0BEN', 'C0WAR', '/dns', 'check cluster-a');
    expect(await scene.told('C0WAR', 'U0BEN')).toContain('The same was asked a moment ago');
    expect(scene.desk.runs.size).toBe(1);
  });

  test.each(['C0GENERAL', 'C0SECRET'])('where the bot is no member (%s) starts nothing, and says how to invite it', async (channel) => {
    scene = await openScene();
    await scene.slack.command('U0ANA', channel, '/dns', 'check cluster-a');
    expect(await scene.told(channel, 'U0ANA')).toContain('/invite <@U0MEDIC>');
    await scene.dealt(1);
    expect(scene.seen).toMatchObject([{ outcome: 'not-in-channel' }]);
    expect(scene.desk.asks).toEqual([]);
  });

  test('shows and ends the newest run of the channel, or the one that is named', async () => {
    scene = await openScene();
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a');
    await scene.dealt(1);
    await scene.slack.command('U0CAT', INCIDENTS, '/dns', 'status');
    expect(await scene.told(INCIDENTS, 'U0CAT')).toContain('queued');
    await scene.slack.command('U0BEN', INCIDENTS, '/dns', 'cancel');
    expect(await scene.told(INCIDENTS, 'U0BEN')).toContain("somebody else's run");
    await scene.slack.command('U0ANA', 'C0WAR', '/dns', 'cancel 0000000001');
    expect(await scene.told('C0WAR', 'U0ANA')).toContain('is cancelled');
    expect(scene.desk.runs.get('0000000001')?.progress).toMatchObject({ state: 'cancelled', cancelledBy: 'U0ANA' });
  });

  test.each(['dead', 'hung'] as const)('is answered soon when Redis is %s', async (state) => {
    scene = await openScene();
    scene.desk.state = state;
    const began = Date.now();
    expect(await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a')).toMatchObject({ acked: true, attempts: 1 });
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('Redis');
    expect(Date.now() - began).toBeLessThan(3_500);
    await scene.dealt(1);
    expect(scene.seen).toMatchObject([{ outcome: 'redis-down' }]);
  });

  test('is answered by another way when Slack refuses the first, and with plain words when it refuses the blocks', async () => {
    scene = await openScene({ lab: { blocksRefused: ['rich_text', 'section'] } });
    scene.slack.misbehave({ faults: [{ do: 'error', method: 'response_url' }] });
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'help');
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('You may check');
    expect(scene.slack.ephemerals(INCIDENTS, 'U0ANA').at(-1)?.blocks).toBeNull();
  });

  test('is refused when Slack does not say who asks, and the person is told to try again', async () => {
    scene = await openScene();
    scene.slack.misbehave({ faults: [{ do: 'throttle', method: 'users.info', retryAfterSeconds: 30 }] });
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a');
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('did not say who you are');
    expect(scene.desk.asks).toEqual([]);
  });
});

test('Slack is not asked who the bot is more than once, and people and channels once a minute', async () => {
  scene = await openScene();
  for (let count = 0; count < 5; count += 1) await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'clusters');
  await scene.dealt(5);
  const count = (method: string): number => scene?.slack.calls(method).length ?? 0;
  expect(['auth.test', 'users.info', 'conversations.info', 'usergroups.users.list'].map(count)).toEqual([1, 1, 1, 1]);
});

test('the log holds no token, trigger, response_url or text of a person', async () => {
  scene = await openScene();
  scene.slack.misbehave({
    faults: [
      { do: 'error', method: 'response_url' },
      { do: 'error', method: 'chat.*' },
      { do: 'reset', method: 'users.info' },
    ],
  });
  const { triggerId, responseUrl } = await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a name=private.example');
  await scene.dealt(1);
  const log = scene.lines.join('\n');
  expect(scene.seen).toMatchObject([{ outcome: 'untold' }]);
  expect(log).toContain('a person could not be told');
  for (const secret of [triggerId, responseUrl, 'xoxb-', 'xapp-', 'private.example', '/response/']) expect(log).not.toContain(secret);
});
