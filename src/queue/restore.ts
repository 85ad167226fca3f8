import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { isOver, placeKey, RunId, type RunRecord } from '../domain/run.ts';
import { answered, plainError } from './answered.ts';
import { postedOrLost } from './book.ts';
import { WEEK_SECONDS } from './ask-script.ts';
import { openJobs } from './jobs.ts';
import { keysOf, type Keys } from './keys.ts';
import { newerLives } from './lives.ts';
import { loadRun } from './load.ts';
import { openMemory, type Memory } from './memory.ts';
import { mend } from './mend.ts';
import { PostedNote } from './posted.ts';
import { restoreAsks, restoreLives } from './restore-script.ts';
import { listen } from './signals.ts';
import { read } from './read.ts';
import { placesOf, recordOf, type StoredRun } from './stored.ts';
import { tend, type GuardParts } from './tend.ts';

/** What a bot guards, and how patient it is. */
export interface GuardOptions {
  /** Of the kind `producer`; it stays the caller's. */
  redis: Redis;
  prefix: string;
  /** That of the book. */
  memory?: Memory;
  /** How long a run is kept after its end, in seconds; 7 days unless said. */
  keepSeconds?: number;
  /** A run that seems to be nobody's is left alone for so long: its worker may be about to say that it has it. */
  graceMs?: number;
  now?: () => number;
  onUnreadable?: (run: string) => void;
  onError: (error: Error) => void;
}

/** Keeps open runs from being lost. */
export interface Guard {
  /** For `openDesk`: a run is remembered from its first moment. */
  remember(run: StoredRun): void;
  /**
   * Looks after all open runs; to be called every few seconds. Runs that Redis has lost are written back, with their messages; jobs that are
   * missing are added again; what nobody will ever do is ended. Gives the ids of the runs where it did something.
   */
  check(): Promise<string[]>;
  close(): Promise<void>;
}

/** The first 2000 runs are looked at, so many at a time. */
const LAST_OPEN = '1999';
const AT_ONCE = 20;
/** Not a person waits for it. */
const PATIENCE_MS = 30_000;

/** Guards the open runs of all bots: those that this one made, and those that it has seen in Redis. */
export function keepSafe(options: GuardOptions): Guard {
  const parts = partsOf(options);
  const { redis, keys, memory, jobs } = parts;
  const noted = (text: string) => {
    const note = read(PostedNote, text);
    if (note !== null) memory.learned(note.run, note.place, { [note.slot]: note.message });
  };
  const signals = listen(redis, { [keys.wrote]: noted }, options.onError);
  let checking: Promise<string[]> | null = null;
  return {
    remember: (run) => memory.remember(run),
    check: () => {
      checking ??= patiently(parts).finally(() => {
        checking = null;
      });
      return checking;
    },
    close: async () => {
      signals.close();
      await checking?.catch(() => undefined);
      await jobs.close();
    },
  };
}

/** A Redis that is away is not waited for as long as one that is slow. */
async function patiently(parts: GuardParts): Promise<string[]> {
  await answered(parts.redis, async () => undefined);
  return answered(parts.redis, () => checkAll(parts), PATIENCE_MS);
}

function partsOf(options: GuardOptions): GuardParts {
  const { redis, prefix, memory = openMemory(), keepSeconds = WEEK_SECONDS, graceMs = 10_000, now = Date.now } = options;
  const { onUnreadable = () => undefined, onError } = options;
  const jobs = openJobs({ redis, prefix, onError });
  const about = { keepSeconds, graceMs, now, onUnreadable, onError, token: `guard-${randomUUID()}` };
  return { redis, keys: keysOf(prefix), memory, jobs, ...about, since: new Map<string, number>() };
}

async function checkAll(parts: GuardParts): Promise<string[]> {
  const { redis, keys, memory, since } = parts;
  const sets = await Promise.all([redis.zrange(keys.works, 0, LAST_OPEN), redis.zrange(keys.open, 0, LAST_OPEN)]);
  const open = sets.flat().filter((id) => RunId.safeParse(id).success);
  const all = [...new Set([...open, ...memory.runs()])];
  const changed: string[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const ids = all.slice(from, from + AT_ONCE);
    const done = await Promise.all(ids.map((id) => checkOne(parts, id)));
    changed.push(...ids.filter((_id, index) => done[index]));
  }
  for (const id of since.keys()) if (!all.includes(id)) since.delete(id);
  return changed;
}

/** One run in trouble keeps nobody from looking after the others. */
async function checkOne(parts: GuardParts, id: string): Promise<boolean> {
  try {
    return await lookAfter(parts, id);
  } catch (error) {
    parts.onError(plainError(error));
    return false;
  }
}

async function lookAfter(parts: GuardParts, id: string): Promise<boolean> {
  const { redis, keys, memory, onUnreadable } = parts;
  const run = await loadRun(redis, keys, id, memory.find(id)?.run);
  const record = run && recordOf(run);
  if (run === null || record === null) {
    if (run !== null) onUnreadable(id);
    return mend(parts, id, run?.base ?? '');
  }
  if (!(await isOpen(parts, record))) {
    memory.forget(id);
    return false;
  }
  const whole = await withLostLives(parts, id, await withLostAsks(parts, id, run));
  memory.remember(whole);
  await learnMessages(parts, keys, id, whole);
  return (await tend(parts, record, whole)) || whole !== run;
}

/** A run that carries out an order has no threads of its own that would keep it open once it is over. */
async function isOpen({ redis, keys }: GuardParts, { id, kind, progress }: RunRecord): Promise<boolean> {
  if (kind !== 'change') return (await redis.zscore(keys.open, id)) !== null;
  if (isOver(progress.state)) await redis.zrem(keys.works, id);
  return !isOver(progress.state) && (await redis.zscore(keys.works, id)) !== null;
}

/** The run with the last moves of its orders: one who wrote it back may not have known them. */
async function withLostLives({ redis, keys, memory }: GuardParts, id: string, run: StoredRun): Promise<StoredRun> {
  const newer = newerLives(memory.find(id)?.run?.lives ?? {}, run.lives);
  if (Object.keys(newer).length === 0) return run;
  await restoreLives(redis, keys, id, run, newer);
  return { ...run, lives: { ...run.lives, ...newer } };
}

/** The run with all its asks: a worker that wrote it back may have missed the last of them. */
async function withLostAsks({ redis, keys, memory }: GuardParts, id: string, run: StoredRun): Promise<StoredRun> {
  const lost = (memory.find(id)?.run?.asks ?? []).filter((ask) => !run.asks.includes(ask));
  if (lost.length === 0) return run;
  await restoreAsks(redis, keys, id, lost);
  return { ...run, asks: [...run.asks, ...lost] };
}

/** What was posted is remembered; what Redis has lost of it is written back. */
async function learnMessages({ redis, memory, keepSeconds }: GuardParts, keys: Keys, id: string, run: StoredRun): Promise<void> {
  for (const place of placesOf(run.asks)) await postedOrLost({ redis, keys, memory, keepSeconds }, id, placeKey(place));
}
