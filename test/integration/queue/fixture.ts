import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { AskedRun, Ask } from '../../../src/queue/ask.ts';
import { openBook, type RunBook } from '../../../src/queue/book.ts';
import { connectRedis, endRedis, type ConnectionKind } from '../../../src/queue/connect.ts';
import { openDesk, type DeskOptions, type RunDesk } from '../../../src/queue/desk.ts';
import type { Seal } from '../../../src/queue/lives.ts';
import { openMemory } from '../../../src/queue/memory.ts';
import { keepSafe, type Guard, type GuardOptions } from '../../../src/queue/restore.ts';
import { startWorkers, type OrderContext, type RunHooks, type WorkerOptions, type Workers } from '../../../src/queue/worker.ts';
import type { CheckRequest } from '../../../src/domain/request.ts';
import { RunOrder, type RunRecord, type RunResult, type SignedOrder } from '../../../src/domain/run.ts';

export const PREFIX = 'test';
const SECRET = 'a secret of the tests';

export const newId = (): string => randomBytes(5).toString('hex');

const mac = (text: string, secret: string): Buffer => createHmac('sha256', secret).update(text).digest();

/** Signs as the bot does, only simpler. */
export function sign(order: RunOrder, secret = SECRET): SignedOrder {
  const text = JSON.stringify(order);
  return { order: text, signature: mac(text, secret).toString('hex') };
}

/** Seals as bot and worker do, only simpler. */
export const seal: Seal = {
  make: (text) => mac(text, SECRET).toString('hex'),
  holds: (text, given) => mac(text, SECRET).toString('hex') === given,
};

/** An order that must not be carried out. */
export class Refused extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`the order is ${reason}`);
    this.reason = reason;
  }
}

/** Verifies as the worker does, only simpler. */
export function verify({ order: text, signature }: SignedOrder, { run, cluster, begun }: OrderContext): RunOrder {
  if (!timingSafeEqual(mac(text, SECRET), Buffer.from(signature, 'hex'))) throw new Refused('forged');
  const order = RunOrder.parse(JSON.parse(text));
  if (order.run !== run) throw new Refused('other-run');
  if (order.request.cluster !== cluster) throw new Refused('other-cluster');
  if (begun === null && Date.now() > order.expiresAt) throw new Refused('expired');
  return order;
}

export const request = (cluster: string, more: Partial<CheckRequest> = {}): CheckRequest => ({
  cluster,
  pod: null,
  node: null,
  names: [],
  quick: false,
  probePods: true,
  ephemeral: true,
  timeoutMs: 60_000,
  ...more,
});

export const person = (user: string): Ask['person'] => ({
  user,
  team: 'T1',
  isBot: false,
  isDeleted: false,
  isGuest: false,
  isStranger: false,
  groups: [],
});

/** An ask by a user in a channel, outside of threads unless said. */
export const ask = (
  cluster: string,
  more: Partial<CheckRequest> & { user?: string; channel?: string; thread?: string | null } = {},
): Ask => {
  const { user = 'U1', channel = 'C1', thread = null, ...asked } = more;
  return {
    kind: 'check',
    request: request(cluster, asked),
    person: person(user),
    channel: { id: channel, kind: 'public', isShared: false },
    place: { channel, thread },
  };
};

/** A result with a verdict, and readings of so many bytes. */
export const result = (run: string, cluster: string, bytes = 10): RunResult => ({
  kind: 'check',
  report: {
    schema: 'dns-medic/report/v1',
    run: { id: run, cluster, startedAt: '2026-11-23T01:02:03.004Z', durationMs: 5, request: {} },
    verdict: { status: 'healthy', cause: null, causes: [], sentence: 'All is well.' },
    findings: [],
    checks: [],
    readings: [],
    cost: { apiRequests: 1, bytes: 1 },
  },
  readings: { corefile: { id: 'corefile', status: 'ok', data: 'x'.repeat(bytes), durationMs: 1 } },
});

/** What the tests open, closed in the end in the opposite order. */
export interface Opened {
  redis: Redis;
  desk(more?: Partial<DeskOptions>): RunDesk;
  /** Book and guard of a bot, which share a memory; and its desk, which tells the guard. */
  bot(more?: Partial<GuardOptions> & Partial<Pick<DeskOptions, 'orderSeconds' | 'clusters'>>): {
    desk: RunDesk;
    book: RunBook;
    guard: Guard;
  };
  workers(more: Partial<WorkerOptions>): Promise<Workers & { refused: Refusal[]; ended: RunRecord[]; logged: string[] }>;
  /** Is done in the end. */
  closing(close: () => unknown): void;
  close(): Promise<void>;
}

export interface Refusal {
  reason: string;
  run: string;
  cluster: string;
}

export const CLUSTER = 'arn:aws:eks:eu-west-1:123456789012:cluster/prod a';

/** Opens desks, bots and workers at a Redis. Workers are patient for tenths of what they are in earnest. */
export function openAt(url: string): Opened {
  const closers: (() => Promise<unknown> | void)[] = [];
  const connection = (kind: ConnectionKind = 'producer'): Redis => {
    const redis = connectRedis(url, kind, () => undefined);
    closers.push(() => endRedis(redis));
    return redis;
  };
  const deskAt = (redis: Redis, more: Partial<DeskOptions>): RunDesk => {
    const desk = openDesk({
      redis,
      prefix: PREFIX,
      clusters: [CLUSTER],
      sign: (order) => sign(order),
      seal,
      newId,
      onError: () => undefined,
      ...more,
    });
    closers.push(() => desk.close());
    return desk;
  };
  return {
    redis: connection('blocking'),
    desk: (more = {}) => deskAt(connection(), more),
    bot: ({ orderSeconds = 600, clusters = [CLUSTER], ...more } = {}) => {
      const redis = connection();
      const memory = openMemory();
      const about = { redis, prefix: PREFIX, memory, onError: () => undefined };
      const guard = keepSafe({ graceMs: 1000, ...about, ...more });
      const book = openBook(about);
      closers.push(
        () => guard.close(),
        () => book.close(),
      );
      return { desk: deskAt(redis, { memory, remember: (run) => guard.remember(run), orderSeconds, clusters }), book, guard };
    },
    workers: async (more) => {
      const heard = { refused: [] as Refusal[], ended: [] as RunRecord[], logged: [] as string[] };
      const workers = await startWorkers({
        url,
        prefix: PREFIX,
        clusters: [CLUSTER],
        verify,
        perform: async (order) => result(order.run, order.request.cluster),
        onRefused: (reason, run, cluster) => void heard.refused.push({ reason, run, cluster }),
        onEnd: (record) => void heard.ended.push(record),
        log: (_level, message) => void heard.logged.push(message),
        lockMs: 2000,
        stalledMs: 500,
        patienceMs: 500,
        ...more,
      });
      closers.push(() => workers.close(0));
      return { ...workers, ...heard };
    },
    closing: (close) => void closers.push(async () => close()),
    close: async () => {
      for (const close of closers.toReversed()) await close();
    },
  };
}

/** Waits until something is so; what was seen last is in the error. */
export async function until<T>(what: () => Promise<T> | T, is: (value: T) => boolean, ms = 15_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await what();
    if (is(value)) return value;
    if (Date.now() > end) throw new Error(`it did not come to that within ${ms} ms; last seen: ${JSON.stringify(value)}`);
    await pause(20);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the run stands so. */
export const stands = (desk: RunDesk, run: string, state: RunRecord['progress']['state'], ms?: number): Promise<RunRecord> =>
  until(
    () => desk.find(run),
    (record) => record?.progress.state === state,
    ms,
  ) as Promise<RunRecord>;

/** A run that goes on until it is told to end: `hold.end()` lets all end that have begun, and those to come. */
export function holding() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const begun: string[] = [];
  const aborted: string[] = [];
  const perform = async (order: RunOrder, { signal }: Pick<RunHooks, 'signal'>): Promise<RunResult> => {
    begun.push(order.run);
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => {
        aborted.push(order.run);
        reject(signal.reason as Error);
      });
      void ended.then(resolve);
    });
    return result(order.run, order.request.cluster);
  };
  return { perform, begun, aborted, end: () => end() };
}

export type { AskedRun };
