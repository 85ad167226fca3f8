import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { begin, beginUndo, expire, finish, finishUndo, refuse } from '../../../../src/access/changes/life.ts';
import { planDigest } from '../../../../src/access/changes/digest.ts';
import { termsOf } from '../../../../src/access/changes/terms.ts';
import { checks } from '../../../../src/checks/registry.ts';
import type { Policy } from '../../../../src/domain/access.ts';
import { Bundle } from '../../../../src/domain/report.ts';
import { RunOrder, type RunResult, type SignedOrder } from '../../../../src/domain/run.ts';
import { reportOn } from '../../../../src/flows/report.ts';
import { startSlack, type SlackLookalike } from '../../../../src/lab/slack/start-slack.ts';
import type { Message } from '../../../../src/lab/slack/world/world.ts';
import { openBook } from '../../../../src/queue/book.ts';
import { openChanges } from '../../../../src/queue/changes.ts';
import { connectRedis, endRedis } from '../../../../src/queue/connect.ts';
import { openDesk, type RunDesk } from '../../../../src/queue/desk.ts';
import type { RunHooks } from '../../../../src/queue/work-parts.ts';
import { startWorkers } from '../../../../src/queue/worker.ts';
import { sealedProposals } from '../../../../src/queue/lives.ts';
import { threadOf } from '../../../../src/report/slack/thread.ts';
import { fill, sentence } from '../../../../src/report/words.ts';
import { openSlack } from '../../../../src/slack/app.ts';
import { handOf } from '../../../../src/slack/thread/hand.ts';
import { createKeeper } from '../../../../src/slack/thread/keeper.ts';
import { plan, result } from '../../../access/changes/orders.ts';
import { startRedis } from '../../redis.ts';

const bundle = Bundle.parse(
  JSON.parse(readFileSync(new URL('../../../bundles/corefile-forward-unreachable.json', import.meta.url), 'utf8')),
);
const report = reportOn(bundle, checks, { fill, sentence });
const unsigned = (order: RunOrder): SignedOrder => ({ order: JSON.stringify(order), signature: '0'.repeat(64) });
const unsealed = { make: () => '0'.repeat(64), holds: () => true };
const quiet = (): void => undefined;

export const CHANNEL = 'C0INCIDENTS';
export const CHANGE = '0123456789abcdef0123456789abcdef';

/** On call (Ana, Ben) may do everything. */
export const POLICY: Policy = {
  team: 'T0LAB',
  rules: [
    {
      clusters: ['cluster-a'],
      users: [],
      groups: ['S0SRE'],
      channels: ['any'],
      may: ['check', 'read', 'cancel', 'request', 'approve'],
    },
  ],
};

/** Redis, Slack, a bot, and a worker that finds a fault, proposes to restart CoreDNS, and says that it did. */
export interface OrdersScene {
  slack: SlackLookalike;
  desk: RunDesk;
  /** The bot ends, and another one begins that remembers nothing. */
  restart(): Promise<void>;
  /** A check is asked for; gives its run. */
  check(): Promise<string>;
  /** The message with this button, as soon as it stands in the thread. */
  button(action: string): Promise<Message>;
  /** Presses it, and sends the window that opens, if any. */
  press(user: string, action: string): Promise<void>;
  /** What stands in the thread. */
  text(): string;
  /** Work on orders waits until it is let go. */
  hold(): () => void;
  /** How often an order was carried out, as `apply` or `undo`. */
  carried: string[];
  close(): Promise<void>;
}

export async function setOrders(): Promise<OrdersScene> {
  const redis = await startRedis();
  const slack = await startSlack({ rates: 'off' });
  const { seed } = slack;
  const connection = connectRedis(redis.url, 'producer', quiet);
  const common = { redis: connection, prefix: 'test', onError: quiet };
  let ids = 0;
  const newId = (): string => (ids += 1).toString(16).padStart(10, '0');
  const changes = openChanges({ ...common, seal: unsealed });
  const carried: string[] = [];
  let gate = Promise.resolve();

  const proposal = (run: string): Extract<RunResult, { kind: 'check' }> => {
    const planned = plan({ madeAt: Date.now() });
    const proposed = [{ id: CHANGE, plan: planned, digest: planDigest(planned) }];
    return { kind: 'check', report, readings: bundle.readings, proposals: sealedProposals(unsealed, run, proposed) };
  };
  const carryOut = async ({ run, change, request }: RunOrder, { onStep }: RunHooks): Promise<RunResult> => {
    if (change === undefined) throw new Error('an order without a change');
    const act = { cluster: request.cluster, run: change.of, now: Date.now() };
    carried.push(change.act);
    await changes.move(change.of, change.change, (now) =>
      change.act === 'apply' ? begin(now, POLICY, run, act) : beginUndo(now, run, act),
    );
    onStep({ id: 'pod', title: 'Restarting a pod', state: 'running', reason: null, durationMs: null });
    await gate;
    const came = result({ says: change.act === 'apply' ? 'CoreDNS was restarted.' : 'It was put back.' });
    await changes.move(change.of, change.change, (now) =>
      change.act === 'apply' ? finish(now, came, null, act) : finishUndo(now, came, act),
    );
    return { kind: 'change', result: came };
  };
  const workers = await startWorkers({
    url: redis.url,
    prefix: 'test',
    clusters: ['cluster-a'],
    verify: (signed) => RunOrder.parse(JSON.parse(signed.order)),
    perform: (order, hooks) => (order.kind === 'change' ? carryOut(order, hooks) : Promise.resolve(proposal(order.run))),
    onRefused: quiet,
    onEnd: quiet,
    log: quiet,
  });

  const startBot = async () => {
    const book = openBook(common);
    const desk = openDesk({ ...common, clusters: ['cluster-a'], sign: unsigned, seal: unsealed, newId });
    const door = await openSlack({
      token: seed.app.botToken,
      apiUrl: slack.apiUrl,
      mode: { kind: 'socket', appToken: seed.app.appToken, connections: 1 },
      command: '/dns',
      clusters: ['cluster-a'],
      policy: () => POLICY,
      desk,
      log: { info: quiet, warn: quiet, error: quiet },
      onRequest: quiet,
    });
    await door.start();
    const terms = (cluster: string, { remedy, risk }: { remedy: string; risk: 'safe' | 'disruptive' }) =>
      termsOf(POLICY, { cluster, remedy, risk }, Date.now());
    const keeper = createKeeper({
      book,
      hand: handOf(door.client),
      messages: (record, place) => threadOf(record, place, { workers: 1, now: Date.now(), terms }),
      perMinute: { posts: 6_000, edits: 6_000 },
      hooks: { onWrite: quiet, onInvalid: quiet, onMaybeTwice: quiet, onTrouble: quiet },
    });
    keeper.start();
    const stop = async (): Promise<void> => {
      await door.stop();
      await keeper.stop();
      await Promise.all([desk.close(), book.close()]);
    };
    return { desk, stop };
  };
  let bot = await startBot();

  const find = (action: string): Message | undefined =>
    slack.messages(CHANNEL).find(({ blocks }) => JSON.stringify(blocks ?? []).includes(`"action_id":"${action}"`));
  const button = (action: string): Promise<Message> => slack.until(() => find(action));
  const openWindow = (user: string): string | null => {
    const view = slack.modal(user);
    return view?.['submit'] ? String(view['id']) : null;
  };
  return {
    slack,
    get desk() {
      return bot.desk;
    },
    carried,
    restart: async () => {
      await bot.stop();
      bot = await startBot();
    },
    check: async () => {
      await slack.command('U0ANA', CHANNEL, '/dns', 'check cluster-a');
      const { ts } = await button('dns_review');
      expect(ts).not.toBe('');
      return '0000000001';
    },
    button,
    press: async (user, action) => {
      const { ts } = await button(action);
      await slack.click(user, CHANNEL, ts, action);
      const view = await slack.until(() => openWindow(user));
      await slack.submit(user, view, {});
      await slack.until(() => openWindow(user) === null && !slack.modalText(user).includes('Loading'));
    },
    text: () =>
      slack
        .messages(CHANNEL)
        .map(({ text }) => text)
        .join('\n'),
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return () => {
        gate = Promise.resolve();
        resolve();
      };
    },
    close: async () => {
      await bot.stop();
      await workers.close(1_000);
      endRedis(connection);
      await slack.close();
      await redis.stop();
    },
  };
}

/** How orders are moved by the clock. */
export const JUDGES: Parameters<RunDesk['tend']>[0] = { expire, left: (change, _work, act) => refuse(change, 'it was left', act) };
