import type { Redis } from 'ioredis';
import { Failure } from '../base/failure.ts';
import type { Keys } from './keys.ts';
import { newerLives } from './lives.ts';
import { loadRun, type Wanted } from './load.ts';
import type { Memory } from './memory.ts';
import { restoreLives, restoreRun } from './restore-script.ts';
import { progressOf, type StoredRun } from './stored.ts';

/** What reading a run with its orders needs. */
export interface WholeParts {
  redis: Redis;
  keys: Keys;
  memory: Memory;
  keepSeconds: number;
}

/**
 * A run with its orders as they were last moved; null when it is not there. What Redis has lost of the orders that this process knows is written
 * back first: what was done once must not look as if it were still to be done. Rejects with a `Failure` where it cannot be written back whole.
 */
export async function wholeRun(parts: WholeParts, id: string, wants: Wanted = 'all'): Promise<StoredRun | null> {
  const { redis, keys, memory } = parts;
  const known = memory.find(id)?.run ?? null;
  // A result that is remembered no more is not taken for none.
  const stored = await loadRun(redis, keys, id, wants === 'all' && known?.result === null ? null : known, wants);
  const ours = known?.lives ?? {};
  if (stored === null) return known !== null && Object.keys(ours).length > 0 ? writtenBack(parts, id, known, wants) : null;
  const newer = newerLives(ours, stored.lives);
  if (Object.keys(newer).length === 0) return stored;
  await restoreLives(redis, keys, id, stored, newer);
  return loadRun(redis, keys, id, null, wants);
}

async function writtenBack({ redis, keys, keepSeconds }: WholeParts, id: string, known: StoredRun, wants: Wanted) {
  if (known.result === null && progressOf(known)?.state === 'done') {
    throw new Failure('error', 'Redis has lost the run, and is waiting for its bot to write it back: try again');
  }
  await restoreRun(redis, keys, known, keepSeconds);
  return loadRun(redis, keys, id, null, wants);
}
