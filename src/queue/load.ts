import type { Redis } from 'ioredis';
import { RunId, type RunRecord, type RunSummary } from '../domain/run.ts';
import type { Keys } from './keys.ts';
import { script } from './script.ts';
import { recordOf, summaryOf, type StoredRun } from './stored.ts';

/** Called with the id of a run whose record is there and cannot be understood: it counts as missing. */
export type OnUnreadable = (run: string) => void;

/** A result can be large: it is not sent to one who knows the run as it is. */
const LOAD = script(`
  local base, progress, cancel = unpack(redis.call('HMGET', KEYS[1], 'base', 'progress', 'cancel'))
  if not base then return {} end
  local known = ARGV[1] ~= '' and progress == ARGV[1]
  local result = known and {false, false} or redis.call('HMGET', KEYS[1], 'result', 'outcome')
  return {base, progress, cancel, known and '1' or '', result[1], result[2], redis.call('ZRANGE', KEYS[2], 0, -1)}
`);

type Loaded = [base?: string, progress?: string | null, cancel?: string | null, known?: string, ...results: unknown[]];

/**
 * The parts of a run; null when it is not there. They are of one moment: a run that is over has had its last ask. `known`: the run as it was
 * read before; its result is taken from there when the run has not changed.
 */
export async function loadRun(redis: Redis, keys: Keys, id: string, known: StoredRun | null = null): Promise<StoredRun | null> {
  if (!RunId.safeParse(id).success) return null;
  const reply = (await LOAD(redis, [keys.run(id), keys.asks(id)], [known?.progress ?? ''])) as Loaded;
  const [base, progress, cancel, same, ...rest] = reply;
  if (typeof base !== 'string') return null;
  const [result, outcome, asks] = rest as [string | null, string | null, string[]];
  const texts = same === '1' && known !== null ? { result: known.result, outcome: known.outcome } : { result, outcome };
  return { base, progress: progress ?? '', cancel: cancel ?? null, ...texts, asks };
}

/** The record of a run; null when it is not there, or cannot be understood. */
export async function loadRecord(redis: Redis, keys: Keys, id: string, onUnreadable: OnUnreadable): Promise<RunRecord | null> {
  const run = await loadRun(redis, keys, id);
  if (run === null) return null;
  const record = recordOf(run);
  if (record === null || record.id !== id) {
    onUnreadable(id);
    return null;
  }
  return record;
}

/** What lists show of these runs, in their order, and which of them are not there. */
export async function loadSummaries(
  redis: Redis,
  keys: Keys,
  ids: readonly string[],
): Promise<{ summaries: RunSummary[]; gone: string[] }> {
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hmget(keys.run(id), 'base', 'progress', 'outcome');
  const replies = await pipeline.exec();
  const rows = ids.map((id, index) => ({ id, texts: textsOf(replies?.[index]) }));
  return {
    summaries: rows.flatMap(({ texts: [base, progress, outcome] }) => {
      const summary = base ? summaryOf({ base, progress: progress ?? '', outcome: outcome ?? null }) : null;
      return summary === null ? [] : [summary];
    }),
    gone: rows.filter(({ texts: [base] }) => !base).map(({ id }) => id),
  };
}

/** The reply of a pipeline; an error is thrown. */
function textsOf([error, texts]: [error: Error | null, reply: unknown] = [null, []]): (string | null)[] {
  if (error) throw error;
  return texts as (string | null)[];
}
