import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Stage, setStage } from '../../../src/cli/demo/stage.ts';
import { standing } from './chaos/witness.ts';

const config = [
  'clusters:',
  '  cluster-a: {}',
  'policy:',
  '  team: T0LAB',
  '  rules:',
  '    - {clusters: ["*"], groups: [S0SRE], channels: [any], may: [check, doctor, read, cancel]}',
].join('\n');

const channel = 'C0INCIDENTS';
let stage: Stage;
beforeEach(async () => {
  stage = await setStage({
    config,
    clusters: {
      kind: 'recorded',
      folder: fileURLToPath(new URL('../../bundles', import.meta.url)),
      bundles: { '*': 'corefile-forward-unreachable' },
      times: 0.5,
    },
  });
});
afterEach(() => stage.close());

const slots = (): string[] => standing(stage.slack, [channel]).map(({ key }) => key.split('/').at(-1) ?? '');
const whole = ['card', 'plan', 'cause-0', 'verdict'];
const final = (ms: number): Promise<boolean> => stage.slack.until(() => slots().includes('verdict'), ms);
const type = (text: string): ReturnType<Stage['slack']['command']> => stage.slack.command('U0ANA', channel, '/dns', text);
const get = async (port: number, path: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, text: await response.text() };
};

describe('bot and worker as processes', () => {
  test('say that they are well, and count what they did', async () => {
    const [bot, worker] = await Promise.all([stage.startBot(), stage.startWorker()]);
    await type('check cluster-a');
    await final(30_000);
    for (const { healthPort } of [bot, worker]) {
      expect(await get(healthPort, '/healthz')).toEqual({ status: 200, text: 'ok\n' });
      expect(await get(healthPort, '/readyz')).toEqual({ status: 200, text: 'ok\n' });
    }
    expect((await get(bot.healthPort, '/metrics')).text).toContain('dns_medic_slack_requests_total{kind="command",outcome="started"} 1');
    expect((await get(bot.healthPort, '/metrics')).text).toContain('dns_medic_workers{cluster="cluster-a"} 1');
    expect((await get(worker.healthPort, '/metrics')).text).toContain(
      'dns_medic_runs_total{cluster="cluster-a",kind="check",state="done",verdict="broken"} 1',
    );
    const logs = [...bot.lines(), ...worker.lines()].join('\n');
    for (const secret of [stage.slack.seed.app.botToken, stage.slack.seed.app.appToken, '/response/']) expect(logs).not.toContain(secret);
  });

  test('stop in order on SIGTERM, and the next ones go on with what was under way', async () => {
    const [bot, worker] = await Promise.all([stage.startBot(), stage.startWorker({ STOP_SECONDS: '0' })]);
    await type('check cluster-a');
    await stage.slack.until(() => slots().includes('plan'));
    expect(await Promise.all([bot.end(), worker.end()])).toEqual([0, 0]);
    await Promise.all([stage.startBot(), stage.startWorker()]);
    await final(40_000);
    expect(slots()).toEqual(whole);
  });

  test('a worker that is killed is followed by another, and the thread says so while it goes on', async () => {
    const [, worker] = await Promise.all([stage.startBot(), stage.startWorker()]);
    await type('check cluster-a');
    await stage.slack.until(() => slots().includes('plan'));
    await worker.end('SIGKILL');
    await stage.startWorker();
    await final(60_000);
    expect(slots()).toEqual(whole);
  });

  test('a command that a killed bot had acknowledged is answered by the next one', async () => {
    const bot = await stage.startBot();
    await stage.startWorker();
    // the bot asks Slack who this is, and dies before it is told
    stage.slack.misbehave({ faults: [{ do: 'hang', method: 'users.info', ms: 10_000 }] });
    expect((await type('check cluster-a')).acked).toBe(true);
    await stage.slack.until(() => stage.slack.calls('conversations.info').length > 0);
    await sleep(300);
    await bot.end('SIGKILL');
    stage.slack.behave();
    await stage.startBot();
    await final(45_000);
    expect(slots()).toEqual(whole);
  });

  test('without a worker the card says so, and the run begins as soon as one is there', async () => {
    await stage.startBot();
    await type('check cluster-a');
    await stage.slack.until(() => /no worker/i.test(standing(stage.slack, [channel])[0]?.text ?? ''), 20_000);
    await stage.startWorker();
    await final(40_000);
    expect(slots()).toEqual(whole);
  });

  test('a run is cancelled by its button, and says by whom', async () => {
    await Promise.all([stage.startBot(), stage.startWorker()]);
    await type('check cluster-a');
    const card = await stage.slack.until(() => (slots().includes('plan') ? standing(stage.slack, [channel])[0] : null));
    await stage.slack.click('U0BEN', channel, card.ts, 'dns_cancel');
    await final(30_000);
    const texts = standing(stage.slack, [channel]).map(({ text }) => text);
    expect(texts[0]).toMatch(/cancelled/i);
    expect(texts.at(-1)).toContain('<@U0BEN>');
  });

  test('a run that an intruder put into the queue is refused and counted', async () => {
    const [, worker] = await Promise.all([stage.startBot(), stage.startWorker({ ORDER_SECRET: 'f'.repeat(64) })]);
    await type('check cluster-a');
    await final(30_000);
    expect((await get(worker.healthPort, '/metrics')).text).toContain('dns_medic_orders_refused_total{reason="forged"} 1');
    expect(standing(stage.slack, [channel])[0]?.text).not.toContain('broken');
  });
});

test('a process that lacks settings says all that it lacks, and does not start', async () => {
  await expect(stage.startBot({ ORDER_SECRET: 'short', SLACK_BOT_TOKEN: '' })).rejects.toThrow(
    /status 64[^]*ORDER_SECRET[^]*SLACK_BOT_TOKEN/,
  );
});
