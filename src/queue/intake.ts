import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { HeardText } from '../domain/heard.ts';
import { answered } from './answered.ts';
import { script } from './script.ts';

/** What was heard and not yet dealt with. Every call rejects with a `Failure` within two seconds when Redis cannot be reached. */
export interface Intake {
  /** Notes what was heard; false: it was noted before. */
  note(key: string, heard: HeardText): Promise<boolean>;
  /** It has been dealt with. */
  done(key: string): Promise<void>;
  /** What was noted some time ago, by a bot that has died since, it seems. Each is given to one who asks, again after the same time. */
  left(): Promise<{ key: string; heard: HeardText }[]>;
}

export interface IntakeOptions {
  redis: Redis;
  prefix: string;
  /** A bot that has not dealt with it for so long is taken for dead; 15 s unless said. */
  afterMs?: number;
}

/** What nobody dealt with for so long is not wanted any more. */
const FORGOTTEN_MS = 600_000;
const MOST = 50;

const NOTE = script(`
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
  redis.call('ZADD', KEYS[2], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
  return 1
`);

const DONE = script(`
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
`);

const LEFT = script(`
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local left = {}
  for _, field in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[1], 'LIMIT', 0, ARGV[2])) do
    local text = redis.call('HGET', KEYS[1], field)
    if text then
      redis.call('ZADD', KEYS[2], now, field)
      left[#left + 1] = {field, text}
    else
      redis.call('ZREM', KEYS[2], field)
    end
  end
  return left
`);

const fieldOf = (key: string): string => createHash('sha256').update(key, 'utf8').digest('hex');

function heardIn(text: string): HeardText | null {
  try {
    return HeardText.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Opens the intake. `key` in what is left stands for the key that was noted: only `done` takes it. */
export function openIntake({ redis, prefix, afterMs = 15_000 }: IntakeOptions): Intake {
  const keys = [`${prefix}:intake`, `${prefix}:intake:at`];
  const forget = (field: string): Promise<unknown> => answered(redis, () => DONE(redis, keys, [field]));
  const isField = (key: string): boolean => /^[0-9a-f]{64}$/.test(key);
  return {
    note: async (key, heard) => (await answered(redis, () => NOTE(redis, keys, [fieldOf(key), JSON.stringify(heard), FORGOTTEN_MS]))) === 1,
    done: async (key) => void (await forget(isField(key) ? key : fieldOf(key))),
    left: async () => {
      const rows = (await answered(redis, () => LEFT(redis, keys, [afterMs, MOST]))) as [string, string][];
      const read = rows.map(([key, text]) => ({ key, heard: heardIn(text) }));
      await Promise.all(read.flatMap(({ key, heard }) => (heard === null ? [forget(key)] : [])));
      return read.flatMap(({ key, heard }) => (heard === null ? [] : [{ key, heard }]));
    },
  };
}
