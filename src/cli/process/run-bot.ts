import { cipherOf } from '../../access/cipher.ts';
import { sealOf } from '../../access/seal.ts';
import { signOrder } from '../../access/sign.ts';
import type { BotSettings } from '../../config/environment.ts';
import type { Config } from '../../config/load.ts';
import { openBook, type RunBook } from '../../queue/book.ts';
import { type CaptureFiles, openCaptureFiles } from '../../queue/capture-files.ts';
import { connectRedis, endRedis } from '../../queue/connect.ts';
import { openDepth } from '../../queue/depth.ts';
import { openDesk, type RunDesk } from '../../queue/desk.ts';
import { type Intake, openIntake } from '../../queue/intake.ts';
import { openMemory } from '../../queue/memory.ts';
import { type Guard, keepSafe } from '../../queue/restore.ts';
import { threadOf } from '../../report/slack/thread.ts';
import { openSlack, type SlackDoor } from '../../slack/app.ts';
import { handOf } from '../../slack/thread/hand.ts';
import { CARD } from '../../slack/thread/steps.ts';
import { createKeeper } from '../../slack/thread/keeper.ts';
import type { Policy } from '../../domain/access.ts';
import { newRunId } from '../run-id.ts';
import { filesInto, orderJudges, remedyKinds, termsBy } from './bot-orders.ts';
import { countRequests, regularly, seldom, untilReachable, workersKnown, writeHooks } from './bot-hooks.ts';
import { policyOf, servedClusters } from './served.ts';
import type { Running, Surroundings } from './running.ts';

/** All that the bot has in Redis. */
interface Office {
  desk: RunDesk;
  book: RunBook;
  guard: Guard;
  intake: Intake;
  captures: CaptureFiles;
  depth: ReturnType<typeof openDepth>;
  connected: () => boolean;
  onError: (error: unknown) => void;
}

function openOffice(
  { redisUrl, prefix, keepSeconds, orderSecrets }: BotSettings,
  clusters: readonly string[],
  { log, life }: Surroundings,
): Office {
  const onError = seldom(log, 'trouble with Redis');
  const redis = connectRedis(redisUrl, 'producer', onError);
  const onUnreadable = (run: string): void => log.error({ run }, 'the record of a run cannot be understood');
  const common = { redis, prefix, keepSeconds, onError, onUnreadable };
  const memory = openMemory();
  const guard = keepSafe({ ...common, memory });
  const book = openBook({ ...common, memory });
  const depth = openDepth({ ...common, clusters });
  const sign: Parameters<typeof openDesk>[0]['sign'] = (order) => signOrder(orderSecrets, order);
  const desk = openDesk({
    ...common,
    memory,
    clusters,
    sign,
    seal: sealOf(orderSecrets),
    newId: newRunId,
    remember: (run) => guard.remember(run),
  });
  life.started({
    name: 'redis',
    stop: async () => {
      await Promise.allSettled([desk.close(), book.close(), guard.close(), depth.close()]);
      endRedis(redis);
    },
  });
  const captures = openCaptureFiles({ redis, prefix, cipher: cipherOf(orderSecrets) });
  const connected = (): boolean => redis.status === 'ready';
  return { desk, book, guard, intake: openIntake(common), captures, depth, onError, connected };
}

/** Keeps the threads of all open runs true, and the runs themselves safe from a Redis that forgets. */
async function keepThreads(
  settings: BotSettings,
  policy: Policy,
  office: Office,
  door: SlackDoor,
  { log, life, metrics }: Surroundings,
): Promise<void> {
  const { desk, book, guard, onError } = office;
  const terms = termsBy(() => policy);
  const workers = workersKnown(() => desk.clusters());
  await workers.look().catch(onError);
  const ending = new AbortController();
  const looking = Promise.all([
    regularly(ending.signal, () => guard.check(), onError),
    regularly(ending.signal, () => workers.look(), onError),
    regularly(ending.signal, () => door.pickUp(), onError),
    regularly(ending.signal, () => desk.tend(orderJudges), onError),
  ]);
  const keeper = createKeeper({
    book,
    hand: handOf(door.client),
    messages: (record, place) => threadOf(record, place, { workers: workers.of(record.cluster), now: Date.now(), terms }),
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
}

/** Starts the bot's part of a process: it hears people in Slack, puts runs into the queues, and keeps threads true. */
export async function runBot(settings: BotSettings, config: Config, around: Surroundings): Promise<Running> {
  const { log, life, metrics } = around;
  const { botToken: token, apiUrl, mode, command } = settings;
  const policy = policyOf(config);
  const clusters = servedClusters(config, null).map(({ name }) => name);
  const office = openOffice(settings, clusters, around);
  const { desk, intake, book, captures } = office;
  const cardOf = async (run: string, channel: string): Promise<string | null> => (await book.posted(run, channel))[CARD]?.ts ?? null;
  const forPeople = { remedies: remedyKinds, onFile: filesInto((entry) => desk.audit(entry)), onRequest: countRequests(metrics) };
  const options = { token, apiUrl, mode, command, clusters, policy, desk, intake, captures, cardOf, log, ...forPeople };
  const door = await untilReachable(
    log,
    () => life.stopping(),
    () => openSlack(options),
  );
  await keepThreads(settings, policy, office, door, around);
  await untilReachable(
    log,
    () => life.stopping(),
    () => door.start(),
  );
  life.started({ name: 'slack', stop: () => door.stop() });
  log.info({ port: door.port(), team: door.team, clusters: clusters.join(',') }, 'the bot hears Slack');
  const trouble = (): string | null => (office.connected() ? null : 'Redis does not answer');
  return { depths: () => office.depth.read(), ready: () => trouble() ?? (door.connected() ? null : 'Slack is not connected') };
}
