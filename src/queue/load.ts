import type { Redis } from 'ioredis';
import type { Change } from '../domain/change.ts';
import { Progress, RunId, type RunRecord, type RunStep, type RunSummary } from '../domain/run.ts';
import type { Keys } from './keys.ts';
import { LIFE_FIELD, workOf } from './lives.ts';
import { read } from './read.ts';
import { script } from './script.ts';
import { recordOf, summaryOf, type StoredRun } from './stored.ts';

/** Called with the id of a run whose record is there and cannot be understood: it counts as missing. */
export type OnUnreadable = (run: string) => void;

/** A result can be large: it is not sent to one who knows the run as it is, or does not want it. */
const LOAD = script(`
  local run, wants = KEYS[1], ARGV[3]
  local base, progress, cancel, revision = unpack(redis.call('HMGET', run, 'base', 'progress', 'cancel', 'revision'))
  if not base then return {} end
  local known = ARGV[1] ~= '' and progress == ARGV[1]
  local results = {false, false, false}
  if not known then
    results = redis.call('HMGET', run, 'outcome', 'proposals')
    results[3] = wants == 'all' and redis.call('HGET', run, 'result')
  end
  local sameLives = known and (revision or '') == ARGV[2]
  local lives = {}
  if not sameLives then
    for _, field in ipairs(redis.call('HKEYS', run)) do
      if string.sub(field, 1, ${LIFE_FIELD.length}) == '${LIFE_FIELD}' then
        lives[#lives + 1] = string.sub(field, ${LIFE_FIELD.length + 1})
        lives[#lives + 1] = redis.call('HGET', run, field)
      end
    end
  end
  local asks = redis.call('ZRANGE', KEYS[2], 0, -1)
  return {base, progress, cancel, revision, known and '1' or '', sameLives and '1' or '', results[1], results[2], results[3], lives, asks}
`);

type Text = string | null | undefined;
type Loaded = [
  base?: Text,
  progress?: Text,
  cancel?: Text,
  revision?: Text,
  known?: Text,
  sameLives?: Text,
  ...results: [outcome: Text, proposals: Text, result: Text, lives: string[], asks: string[]] | [],
];

/** `all`: the result too; `orders`: everything but the result. */
export type Wanted = 'all' | 'orders';

/**
 * The parts of a run; null when it is not there. They are of one moment: a run that is over has had its last ask. `known`: the run as it was
 * read before; its result is taken from there when the run has not changed.
 */
export async function loadRun(
  redis: Redis,
  keys: Keys,
  id: string,
  known: StoredRun | null = null,
  wants: Wanted = 'all',
): Promise<StoredRun | null> {
  if (!RunId.safeParse(id).success) return null;
  const args = [known?.progress ?? '', known?.revision ?? '', wants];
  const reply = (await LOAD(redis, [keys.run(id), keys.asks(id)], args)) as Loaded;
  const [base, progress, cancel, revision, isKnown, sameLives, ...rest] = reply;
  if (typeof base !== 'string' || rest.length === 0) return null;
  const [outcome, proposals, result, lives, asks] = rest;
  const texts = { outcome: outcome ?? null, proposals: proposals ?? null, result: result ?? null };
  const own = isKnown === '1' && known !== null ? { outcome: known.outcome, proposals: known.proposals, result: known.result } : texts;
  const orders = { revision: revision ?? null, lives: sameLives === '1' && known !== null ? known.lives : byId(lives) };
  return { base, progress: progress ?? '', cancel: cancel ?? null, ...own, ...orders, asks };
}

/** Texts by the ids that stand before them. */
const byId = (rows: readonly string[]): Record<string, string> =>
  Object.fromEntries(rows.flatMap((id, index) => (index % 2 === 0 ? [[id, rows[index + 1] ?? '']] : [])));

/** The record of a run, with the steps of what is being done; null when it is not there, or cannot be understood. */
export async function loadRecord(redis: Redis, keys: Keys, id: string, onUnreadable: OnUnreadable): Promise<RunRecord | null> {
  const run = await loadRun(redis, keys, id);
  if (run === null) return null;
  const record = recordOf(run);
  if (record === null || record.id !== id) {
    onUnreadable(id);
    return null;
  }
  return withSteps(redis, keys, record);
}

/** The record with the steps of those of its orders that are being done or undone. */
async function withSteps(redis: Redis, keys: Keys, record: RunRecord): Promise<RunRecord> {
  if (record.changes === undefined || !record.changes.some((change) => workOf(change) !== null)) return record;
  const stepsOf = async (change: Change): Promise<Change & { steps?: RunStep[] }> => {
    const work = workOf(change);
    const progress = work === null ? null : read(Progress, await redis.hget(keys.run(work), 'progress'));
    return progress === null ? change : { ...change, steps: progress.steps };
  };
  return { ...record, changes: await Promise.all(record.changes.map(stepsOf)) };
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
