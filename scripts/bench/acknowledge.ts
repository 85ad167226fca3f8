import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../src/cli/demo/child.ts';
import type { Stage } from '../../src/cli/demo/stage.ts';
import { places, type Typed, typed } from './commands.ts';
import { bucketOf, metricsOf, samplesOf } from './metrics.ts';
import { atMost, type Figure, type Part, plainly } from './part.ts';
import { quantile } from './quantile.ts';
import { onStage, stageObstacle } from './workspace.ts';

const perSecond = 100;
const seconds = 30;
const dealtWithinMs = 60_000;

type Way = 'socket' | 'http';

/** When a command was typed, after when it was due, and what became of it. Milliseconds. */
interface Sent {
  lateMs: number;
  ackMs: number | null;
}

/** Types each command when its time has come, whatever became of those before. */
async function typeAll({ slack }: Stage, commands: readonly Typed[]): Promise<Sent[]> {
  const began = performance.now();
  const sent: Promise<Sent>[] = [];
  for (const [index, { user, channel, text }] of commands.entries()) {
    const due = began + (index * 1_000) / perSecond;
    while (performance.now() < due) await sleep(Math.max(1, Math.floor(due - performance.now())));
    const lateMs = performance.now() - due;
    sent.push(slack.command(user, channel, '/dns', text).then(({ ackMs }) => ({ lateMs, ackMs })));
  }
  return Promise.all(sent);
}

/** How many requests the bot has dealt with, by outcome. */
async function outcomesOf(bot: Child): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  for (const { labels, value } of samplesOf(await metricsOf(bot), 'dns_medic_slack_requests_total')) {
    const outcome = labels['outcome'] ?? '';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + value);
  }
  return outcomes;
}

const total = (outcomes: ReadonlyMap<string, number>): number => [...outcomes.values()].reduce((sum, value) => sum + value, 0);

/** Until the bot has dealt with so many, or the time for that is over; gives them by outcome, and the seconds that it took. */
async function dealtWith(bot: Child, count: number): Promise<{ outcomes: Map<string, number>; tookMs: number }> {
  for (const began = Date.now(); ; await sleep(200)) {
    const outcomes = await outcomesOf(bot);
    const tookMs = Date.now() - began;
    if (total(outcomes) >= count || tookMs > dealtWithinMs) return { outcomes, tookMs };
  }
}

async function startBot(stage: Stage, way: Way): Promise<Child> {
  if (way === 'socket') return stage.startBot();
  const bot = await stage.startBot({ SLACK_MODE: 'http', SLACK_SIGNING_SECRET: stage.slack.seed.app.signingSecret, HTTP_PORT: '0' });
  const port = bot
    .lines()
    .map((line) => /"port":(\d+).*the bot hears Slack/.exec(line)?.[1])
    .find((found) => found !== undefined);
  if (port === undefined) throw new Error('the bot does not say where it listens');
  stage.slack.deliverTo(`http://127.0.0.1:${port}/slack/events`);
  return bot;
}

async function measureWay(stage: Stage, way: Way): Promise<Figure[]> {
  const [bot] = await Promise.all([startBot(stage, way), stage.startWorker()]);
  const commands = typed(perSecond * seconds, 1);
  const sent = await typeAll(stage, commands);
  const acknowledged = sent.flatMap(({ ackMs }) => ackMs ?? []);
  const { outcomes, tookMs } = await dealtWith(bot, commands.length);
  const named = [...outcomes].toSorted((a, b) => b[1] - a[1]).map(([outcome, count]) => `${outcome} ${count}`);
  const title = way === 'socket' ? 'Socket Mode' : 'signed HTTP';
  const all = commands.length;
  const answered = total(outcomes);
  const own = bucketOf(await metricsOf(bot), 'dns_medic_slack_ack_seconds', { kind: 'command' }, 0.99) * 1_000;
  return [
    plainly(
      `${title}: ${all} commands, ${perSecond} a second; the driver was late by at most`,
      `${Math.max(...sent.map(({ lateMs }) => lateMs)).toFixed(1)} ms`,
    ),
    { what: `${title}: acknowledged`, measured: String(acknowledged.length), target: String(all), met: acknowledged.length === all },
    plainly(`${title}: acknowledgement p50`, `${quantile(acknowledged, 0.5).toFixed(1)} ms`),
    atMost(`${title}: acknowledgement p99`, quantile(acknowledged, 0.99), 50, 'ms'),
    plainly(`${title}: by the bot's own clock, p99 within`, `${own} ms`),
    plainly(`${title}: acknowledgement max`, `${Math.max(...acknowledged).toFixed(1)} ms`),
    { what: `${title}: dealt with, each once`, measured: String(answered), target: String(all), met: answered === all },
    plainly(`${title}: after the last one was typed, dealt with within`, `${(tookMs / 1_000).toFixed(1)} s`),
    plainly(`${title}: ${named.join(', ')}`, ''),
  ];
}

/** How fast commands are acknowledged, as Slack sees it, while they come at a steady rate. */
export const acknowledge: Part = {
  name: 'acknowledge',
  about: `${perSecond} commands a second for ${seconds} s, over both ways`,
  ofBot: true,
  measure: async () => {
    const obstacle = await stageObstacle();
    if (obstacle !== null) return obstacle;
    const figures: Figure[] = [];
    for (const way of ['socket', 'http'] as const)
      figures.push(...(await onStage({ ...places, times: 1, bundle: 'healthy' }, (stage) => measureWay(stage, way))));
    return figures;
  },
};
