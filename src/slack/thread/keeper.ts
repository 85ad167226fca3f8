import { setTimeout as sleep } from 'node:timers/promises';
import { type Place, type RunRecord } from '../../domain/run.ts';
import type { ThreadMessage } from '../../report/slack/message.ts';
import type { ThreadBook } from './book.ts';
import type { Hand } from './hand.ts';
import { createPace, type PerMinute } from './pace.ts';
import type { WriteHooks } from './place.ts';
import { type HeldRun, holdRun, type RunWork } from './run-keeper.ts';

export interface KeeperOptions {
  book: ThreadBook;
  hand: Hand;
  messages: (record: RunRecord, place: Place) => ThreadMessage[];
  hooks: WriteHooks & {
    /** The book could not be read or written; it is tried again. */
    onTrouble(error: unknown): void;
  };
  perMinute: PerMinute;
  now?: () => number;
  /** How often all open runs are looked at, besides those that say they have changed. */
  everyMs?: number;
}

/** Keeps the threads of all open runs true. */
export interface Keeper {
  start(): void;
  /** Ends what is being written, and lets go of all runs, so that another bot goes on with them. */
  stop(): Promise<void>;
  /** How many runs this bot holds. */
  held(): number;
}

const restMs = 3_000;

/** A worker takes most runs within this: the first card then says that it runs, and needs no edit to say so. */
const soonMs = 300;

/** Interim edits are rarer the more runs are worked on at once: all of them share fifty edits a minute. */
const restFor = (runs: number): number => restMs * Math.max(1, runs / 2);

/**
 * The keeper: takes each open run that no other bot holds, compares what its threads say with what they should, and writes the difference. What
 * stands where is durable, so after a crash it goes on where it was.
 */
export function createKeeper(options: KeeperOptions): Keeper {
  const { book, hooks, hand, messages, now = Date.now, everyMs = 1_000 } = options;
  const held = new Map<string, HeldRun | null>();
  const keeping = new Set<Promise<void>>();
  const stopped = new AbortController();
  const shared = {
    book,
    hand,
    hooks,
    messages,
    now,
    pace: createPace(book, options.perMinute, now),
    rich: { refused: false },
    signal: stopped.signal,
  };

  const settledIn = async (run: string): Promise<RunRecord | null> => {
    const record = await book.load(run);
    if (record === null || record.progress.state !== 'queued' || now() - record.createdAt > soonMs) return record;
    await sleep(soonMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    return book.load(run);
  };
  const keep = async (run: string): Promise<void> => {
    const lease = await book.lease(run);
    if (lease === null) return;
    const record = await settledIn(run).catch(async (error: unknown) => {
      // a lease that is kept by nobody would hold the thread up until it ends by itself
      await lease.release().catch(() => undefined);
      throw error;
    });
    if (record === null) return lease.release();
    const work: RunWork = { ...shared, run, restMs: () => restFor([...held.values()].filter((one) => one?.busy()).length) };
    const hold = holdRun(work, record, lease);
    held.set(run, hold);
    const said = await hold.done;
    if (said !== null) await book.settle(run, said);
  };
  const begin = (run: string): void => {
    if (stopped.signal.aborted) return;
    if (held.has(run)) return held.get(run)?.wake();
    held.set(run, null);
    const kept = keep(run)
      .catch((error: unknown) => hooks.onTrouble(error))
      .finally(() => {
        held.delete(run);
        keeping.delete(kept);
      });
    keeping.add(kept);
  };
  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const open = await book.open().catch((error: unknown) => (hooks.onTrouble(error), []));
      open.forEach((run) => !held.has(run) && begin(run));
      await sleep(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };
  let unsubscribe = (): void => undefined;
  return {
    start: () => {
      unsubscribe = book.onChange(begin);
      keeping.add(watch());
    },
    stop: async () => {
      stopped.abort();
      unsubscribe();
      await Promise.all(keeping);
    },
    held: () => held.size,
  };
}
