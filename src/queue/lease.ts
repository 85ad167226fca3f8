import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { answered } from './answered.ts';
import { script } from './script.ts';

/** The holder of a lease that has died loses it after so long. Milliseconds. */
export const LEASE_MS = 15_000;

const TAKE = script(`
  if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
  return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0
`);

const RENEW = script(`
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);

const RELEASE = script(`
  if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`);

/** The right to something that one process has at a time. */
export interface HeldLease {
  /** False when it was lost. */
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

/** The lease on a key, or null while another has it. */
export async function takeLease(redis: Redis, key: string, ms: number = LEASE_MS): Promise<HeldLease | null> {
  const token = randomUUID();
  if ((await answered(redis, () => TAKE(redis, [key], [token, ms]))) !== 1) return null;
  return {
    renew: async () => (await answered(redis, () => RENEW(redis, [key], [token, ms]))) === 1,
    release: async () => {
      await answered(redis, () => RELEASE(redis, [key], [token]));
    },
  };
}
