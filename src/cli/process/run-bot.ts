import { setInterval, setTimeout as sleep } from 'node:timers/promises';
import { signOrder } from '../../access/sign.ts';
import { Failure } from '../../base/failure.ts';
import type { BotSettings } from '../../config/environment.ts';
import type { Config } from '../../config/load.ts';
import type { ClusterState } from '../../domain/run.ts';
import { openBook } from '../../queue/book.ts';
import { connectRedis, endRedis } from '../../queue/connect.ts';
import { openDepth } from '../../queue/depth.ts';
import { openDesk, type RunDesk } from '../../queue/desk.ts';
import { openMemory } from '../../queue/memory.ts';
import { keepSafe } from '../../queue/restore.ts';
import { threadOf } from '../../report/slack/thread.ts';
import { openSlack, type SlackDoor } from '../../slack/app.ts';
import type { RequestSeen } from '../../slack/counter.ts';
import { handOf } from '../../slack/thread/hand.ts';
import { createKeeper } from '../../slack/thread/keeper.ts';
import type { WriteHooks } from '../../slack/thread/place.ts';
import { errorText, type Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { newRunId } from '../engine.ts';
import { policyOf, servedClusters } from './run-worker.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Running, Surroundings } from './running.ts';

const lookEveryMs = 5_000;

/** Says the same trouble once in a while, not each second of an hour. */
function seldom(log: Log, message: string): (error: unknown) => void {
  let last = 0;
  return (error) => {
    if (Date.now() - last < 10_000) return;
    last = Date.now();
    log.warn({ error: errorText(error) }, message);
  };
}

const onRequest =
  (metrics: Metrics) =>
  ({ kind, outcome, ackMs }: RequestSeen): void => {
    metrics.requests.inc({ kind, outcome });
    if (ackMs !== null) metrics.ack.observe({ kind }, ackMs / 1_000);
  };

const writeHooks = (metrics: Metrics, log: Log): WriteHooks => ({
  onWrite: ({ method, outcome, error }) => metrics.slackCalls.inc({ method, outcome, error: error ?? '' }),
  onInvalid: (slot, problems) => {
    metrics.invalidMessages.inc();
    log.error({ slot, problems: problems.slice(0, 3).join('; ') }, 'a message of ours breaks a limit of Slack and is said shorter');
  },
  onMaybeTwice: (run, slot, why) => {
    metrics.maybeTwice.inc();
    log.warn({ run, slot, why }, 'a message is sent again though it may stand there: the bot lacks a history scope');
  },
});

/** Does something every few seconds until the signal fires; what it rejects with is told. */
async function regularly(signal: AbortSignal, work: () => Promise<unknown>, onError: (error: unknown) => void): Promise<void> {
  const ticks = setInterval(lookEveryMs, undefined, { signal });
  try {
    for await (const _ of ticks) await work().catch(onError);
  } catch {
    // the signal has fired
  }
}

const mostSeconds = 15;

/** Tries again while Slack cannot be reached: threads of runs that go on wait, and nothing is lost. */
async function untilReachable(log: Log, life: Lifecycle, open: () => Promise<SlackDoor>): Promise<SlackDoor> {
  for (let seconds = 1; ; seconds = Math.min(mostSeconds, seconds * 2)) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof Failure) || life.stopping()) throw error;
      log.warn({ error: errorText(error), seconds }, 'trying again');
      await sleep(seconds * 1_000);
    }
  }
}

/** How many workers serve a cluster, as it was a moment ago; null where that is not known. */
function workersKnown(desk: Pick<RunDesk, 'clusters'>) {
  let states: readonly ClusterState[] = [];
  return {
    look: async () => {
      states = await desk.clusters();
    },
    of: (cluster: string): number | null => states.find((state) => state.cluster === cluster)?.workers ?? null,
  };
}

/** Starts the bot's part of a process: it hears people in Slack, puts runs into the queues, and keeps threads true. */
export async function runBot(settings: BotSettings, config: Config, { log, life, metrics }: Surroundings): Promise<Running> {
  const clusters = servedClusters(config, null).map(({ name }) => name);
  const policy = policyOf(config);
  const onError = seldom(log, 'trouble with Redis');
  const redis = connectRedis(settings.redisUrl, 'producer', onError);
  life.started({ name: 'redis', stop: async () => endRedis(redis) });
  const memory = openMemory();
  const { prefix, keepSeconds } = settings;
  const common = {
    redis,
    prefix,
    keepSeconds,
    onError,
    onUnreadable: (run: string) => log.error({ run }, 'the record of a run cannot be understood'),
  };
  const guard = keepSafe({ ...common, memory });
  const book = openBook({ ...common, memory });
  const depth = openDepth({ redis, prefix, clusters, onError });
  const sign: Parameters<typeof openDesk>[0]['sign'] = (order) => signOrder(settings.orderSecrets, order);
  const desk = openDesk({ ...common, clusters, sign, newId: newRunId, remember: (run) => guard.remember(run) });
  life.started({
    name: 'desk',
    stop: async () => void (await Promise.allSettled([desk.close(), book.close(), guard.close(), depth.close()])),
  });

  const door = await untilReachable(log, life, () =>
    openSlack({
      token: settings.botToken,
      apiUrl: settings.apiUrl,
      mode: settings.mode,
      command: settings.command,
      clusters,
      policy,
      desk,
      log,
      onRequest: onRequest(metrics),
    }),
  );
  const workers = workersKnown(desk);
  const ending = new AbortController();
  const looking = Promise.all([regularly(ending.signal, () => guard.check(), onError), regularly(ending.signal, workers.look, onError)]);
  await workers.look().catch(onError);
  const keeper = createKeeper({
    book,
    hand: handOf(door.client),
    messages: (record, place) => threadOf(record, place, { workers: workers.of(record.cluster), now: Date.now() }),
    perMinute: { posts: settings.postsPerMinute, edits: settings.editsPerMinute },
    hooks: { ...writeHooks(metrics, log), onTrouble: onError },
  });
  keeper.start();
  life.started({
    name: 'threads',
    stop: async () => {
      ending.abort();
      await Promise.all([keeper.stop(), looking]);
    },
  });
  await door.start();
  life.started({ name: 'slack', stop: () => door.stop() });
  log.info({ port: door.port(), team: door.team, clusters: clusters.join(',') }, 'the bot hears Slack');
  return {
    depths: () => depth.read(),
    ready: () => {
      if (redis.status !== 'ready') return 'Redis does not answer';
      return door.connected() ? null : 'Slack is not connected';
    },
  };
}
