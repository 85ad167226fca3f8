import type { Redis } from 'ioredis';
import { PostedMessage, RunId, type RunRecord } from '../domain/run.ts';
import { answered } from './answered.ts';
import { WEEK_SECONDS } from './ask-script.ts';
import { keysOf, type Keys } from './keys.ts';
import { LEASE_MS, takeLease, type HeldLease } from './lease.ts';
import { LIFE_FIELD } from './lives.ts';
import { loadRecord } from './load.ts';
import { newest, openMemory, type Memory } from './memory.ts';
import { reservePlace } from './pace.ts';
import { loadPosted, rewritePosted, writePosted, type Messages } from './posted.ts';
import { script } from './script.ts';
import { listen, type Signals } from './signals.ts';

/** Where threads are kept. */
export interface BookOptions {
  /** Of the kind `producer`; it stays the caller's. */
  redis: Redis;
  prefix: string;
  /** How long a run is kept after its end, in seconds; 7 days unless said. */
  keepSeconds?: number;
  /** That of the guard, so that messages which Redis loses are written back by both. */
  memory?: Memory;
  leaseMs?: number;
  onUnreadable?: (run: string) => void;
  onError: (error: Error) => void;
}

/** What is known of threads, shared by all bots. Every call rejects with a `Failure` when Redis cannot be reached. */
export interface RunBook {
  /** Ids of the runs whose threads may not say the last of them yet, oldest first. */
  open(): Promise<string[]>;
  load(run: string): Promise<RunRecord | null>;
  /**
   * The run's threads say the last of it, as it was loaded with this `revision` (left out: whatever it is). A run that goes on stays open, for
   * somebody may have joined it; so does one with an order that is moving, or was moved since.
   */
  settle(run: string, revision?: number): Promise<void>;
  lease(run: string): Promise<HeldLease | null>;
  posted(run: string, place: string): Promise<Messages>;
  write(run: string, place: string, slot: string, message: PostedMessage): Promise<void>;
  reserve(kind: string, everyMs: number, burst: number): Promise<number>;
  onChange(listener: (run: string) => void): () => void;
  close(): Promise<void>;
}

const SETTLE = script(`
  local run, id = KEYS[1], ARGV[1]
  local base, state, revision = unpack(redis.call('HMGET', run, 'base', 'state', 'revision'))
  if base and (state == 'queued' or state == 'running') then return 0 end
  if base and ARGV[2] ~= '' and (revision or '0') ~= ARGV[2] then return 0 end
  for _, field in ipairs(redis.call('HKEYS', run)) do
    local order = string.sub(field, 1, ${LIFE_FIELD.length}) == '${LIFE_FIELD}' and string.sub(field, ${LIFE_FIELD.length + 1})
    if order and redis.call('ZSCORE', KEYS[3], id .. '.' .. order) then return 0 end
  end
  return redis.call('ZREM', KEYS[2], ARGV[1])
`);

/** The first 2000 runs are looked at; more are not open at a time. */
const LAST_OPEN = '1999';

/** Opens the book. It listens to Redis from the first `onChange` on; `close` leaves the caller's connection open. */
export function openBook(options: BookOptions): RunBook {
  const { redis, prefix, keepSeconds = WEEK_SECONDS, memory = openMemory(), leaseMs = LEASE_MS } = options;
  const { onUnreadable = () => undefined, onError } = options;
  const keys = keysOf(prefix);
  const ears = listeners(redis, keys, onError);
  return {
    open: async () => {
      const ids = await answered(redis, () => redis.zrange(keys.open, 0, LAST_OPEN));
      return ids.filter((id) => RunId.safeParse(id).success);
    },
    load: (run) => answered(redis, () => loadRecord(redis, keys, run, onUnreadable)),
    settle: async (run, revision) => {
      const settled = await answered(redis, () => SETTLE(redis, [keys.run(run), keys.open, keys.moving], [run, revision ?? '']));
      if (settled === 1) memory.forget(run);
    },
    lease: (run) => takeLease(redis, keys.lease(run), leaseMs),
    posted: (run, place) => answered(redis, () => postedOrLost({ redis, keys, memory, keepSeconds }, run, place)),
    write: async (run, place, slot, message) => {
      // What stands in Slack is remembered whether Redis hears of it or not; what is about to be sent is not sent unless Redis knows.
      if (message.state !== 'posting') memory.wrote(run, place, slot, message);
      await answered(redis, () => writePosted(redis, keys, { run, place, slot, message, keepSeconds }));
      memory.wrote(run, place, slot, message);
    },
    reserve: (kind, everyMs, burst) => answered(redis, () => reservePlace(redis, keys, kind, everyMs, burst)),
    onChange: ears.add,
    close: async () => ears.close(),
  };
}

/** What `postedOrLost` needs. */
export interface PostedParts {
  redis: Redis;
  keys: Keys;
  memory: Memory;
  keepSeconds: number;
}

/** The messages of a place. Those that this bot remembers better than Redis (which lost them, or a write) are written back: nothing is posted twice. */
export async function postedOrLost({ redis, keys, memory, keepSeconds }: PostedParts, run: string, place: string): Promise<Messages> {
  const stored = await loadPosted(redis, keys, run, place);
  const messages = newest(memory.posted(run, place), stored);
  const lost = Object.fromEntries(Object.entries(messages).filter(([slot, message]) => stored[slot] !== message));
  await rewritePosted(redis, keys.posted(run, place), lost, keepSeconds);
  memory.learned(run, place, stored);
  return messages;
}

function listeners(redis: Redis, keys: Keys, onError: (error: Error) => void) {
  const all = new Set<(run: string) => void>();
  let signals: Signals | null = null;
  const tell = (run: string) => {
    for (const listener of all) listener(run);
  };
  return {
    add: (listener: (run: string) => void) => {
      all.add(listener);
      signals ??= listen(redis, { [keys.changed]: tell }, onError);
      return () => void all.delete(listener);
    },
    close: () => {
      all.clear();
      signals?.close();
    },
  };
}
