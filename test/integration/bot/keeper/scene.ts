import { readFileSync } from 'node:fs';
import { checks } from '../../../../src/checks/registry.ts';
import { Bundle } from '../../../../src/domain/report.ts';
import { RunOrder, type RunRecord, type RunResult, type SignedOrder } from '../../../../src/domain/run.ts';
import { reportOn } from '../../../../src/flows/report.ts';
import { type SlackLookalike, type SlackOptions, startSlack } from '../../../../src/lab/slack/start-slack.ts';
import { openBook, type RunBook } from '../../../../src/queue/book.ts';
import { connectRedis, endRedis } from '../../../../src/queue/connect.ts';
import { openDesk, type RunDesk } from '../../../../src/queue/desk.ts';
import { startWorkers } from '../../../../src/queue/worker.ts';
import { threadOf } from '../../../../src/report/slack/thread.ts';
import { fill, sentence } from '../../../../src/report/words.ts';
import { threadClient } from '../../../../src/slack/thread/client.ts';
import { handOf } from '../../../../src/slack/thread/hand.ts';
import { createKeeper, type Keeper } from '../../../../src/slack/thread/keeper.ts';
import { startRedis, type TestRedis } from '../../redis.ts';

const bundle = Bundle.parse(
  JSON.parse(readFileSync(new URL('../../../bundles/corefile-forward-unreachable.json', import.meta.url), 'utf8')),
);
const broken: RunResult = { kind: 'check', report: reportOn(bundle, checks, { fill, sentence }), readings: bundle.readings };

/** What a keeper told of itself. */
export interface Told {
  writes: string[];
  invalid: string[];
  maybeTwice: string[];
}

/** Redis, Slack, a worker that finds the same fault each time, and keepers as the test wants them. */
export interface Scene {
  slack: SlackLookalike;
  redis: TestRedis;
  desk: RunDesk;
  book: RunBook;
  startKeeper(): Keeper & { told: Told };
  /** Asks for a check in a place, and lets its run end when `let go` is called, or at once. */
  ask(place: { channel: string; thread: string | null }, name?: string): Promise<RunRecord>;
  hold(): () => void;
  close(): Promise<void>;
}

const person = { user: 'U0ANA', team: 'T0LAB', isBot: false, isDeleted: false, isGuest: false, isStranger: false, groups: [] };
const request = { cluster: 'cluster-a', pod: null, node: null, quick: false, probePods: true, ephemeral: false, timeoutMs: 1_000 };
const unsigned = (order: RunOrder): SignedOrder => ({ order: JSON.stringify(order), signature: '0'.repeat(64) });
const unsealed = { make: () => '0'.repeat(64), holds: () => true };
let ids = 0;

export async function setScene(options: SlackOptions = {}): Promise<Scene> {
  const redis = await startRedis();
  const slack = await startSlack(options);
  const quiet = (): void => undefined;
  const connection = connectRedis(redis.url, 'producer', quiet);
  const common = { redis: connection, prefix: 'test', onError: quiet };
  const book = openBook(common);
  const newId = (): string => (ids += 1).toString(16).padStart(10, '0');
  const desk = openDesk({ ...common, clusters: ['cluster-a'], sign: unsigned, seal: unsealed, newId });
  let gate = Promise.resolve();
  const workers = await startWorkers({
    url: redis.url,
    prefix: 'test',
    clusters: ['cluster-a'],
    concurrency: 20,
    globalConcurrency: 20,
    verify: (signed) => RunOrder.parse(JSON.parse(signed.order)),
    perform: async (_order, hooks) => {
      const onStep: typeof hooks.onStep = (step) => hooks.onStep(step);
      onStep({ id: 'nodes', title: 'Reading the nodes', state: 'running', reason: null, durationMs: null });
      await gate;
      onStep({ id: 'nodes', title: 'Reading the nodes', state: 'ok', reason: null, durationMs: 5 });
      return broken;
    },
    onRefused: quiet,
    onEnd: quiet,
    log: quiet,
  });
  const keepers: Keeper[] = [];
  return {
    slack,
    redis,
    desk,
    book,
    startKeeper: () => {
      const told: Told = { writes: [], invalid: [], maybeTwice: [] };
      const keeper = createKeeper({
        // a book of its own: it remembers nothing of what others wrote
        book: openBook(common),
        hand: handOf(threadClient(slack.seed.app.botToken, slack.apiUrl)),
        messages: (record, place) => threadOf(record, place, { workers: 1, now: 0 }),
        perMinute: { posts: 6_000, edits: 6_000 },
        hooks: {
          onWrite: ({ method, outcome, error }) => told.writes.push(`${method} ${outcome} ${error ?? ''}`.trim()),
          onInvalid: (slot) => told.invalid.push(slot),
          onMaybeTwice: (_run, slot) => told.maybeTwice.push(slot),
          onTrouble: quiet,
        },
      });
      keeper.start();
      keepers.push(keeper);
      return { ...keeper, told };
    },
    ask: async (place, name = `${newId()}.example.com`) => {
      const channel = { id: place.channel, kind: 'public', isShared: false } as const;
      return (await desk.ask({ kind: 'check', request: { ...request, names: [name] }, person, channel, place })).record;
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return () => {
        gate = Promise.resolve();
        resolve();
      };
    },
    close: async () => {
      await Promise.all(keepers.map((keeper) => keeper.stop()));
      await workers.close(1_000);
      await Promise.all([desk.close(), book.close()]);
      endRedis(connection);
      await slack.close();
      await redis.stop();
    },
  };
}
