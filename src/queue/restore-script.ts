import type { Redis } from 'ioredis';
import { isOver, placeKey, type Progress } from '../domain/run.ts';
import { keptSeconds, openOf } from './ask-script.ts';
import type { Keys } from './keys.ts';
import { changesOf, LIFE_FIELD, orderText, revisionOf, scoresOf, type OrderScores } from './lives.ts';
import { questionOfRun } from './question.ts';
import { script } from './script.ts';
import { baseOf, placesOf, progressOf, revisionNumber, toldBy, type StoredRun } from './stored.ts';

/** Writes a whole run, unless it is there. What stands in its place and cannot be understood (`bad`) goes. Each list has its length before it. */
const RESTORE = script(`
  local run, asks, open, history, share, expiring, moving = unpack(KEYS)
  local id, bad, live, created, going, changed, tell, at, isListed = unpack(ARGV, 1, 9)
  local cursor = 10
  local function list()
    local from = cursor + 1
    cursor = from + tonumber(ARGV[cursor])
    return from, cursor - 1
  end
  local stands = redis.call('HGET', run, 'base')
  if stands and stands ~= bad then return 0 end
  redis.call('DEL', run, asks)
  local from, to = list()
  for i = from, to, 2 do redis.call('HSET', run, ARGV[i], ARGV[i + 1]) end
  from, to = list()
  for i = from, to do
    redis.call('HSET', run, 'place:' .. ARGV[i], '1')
    if at ~= '' then redis.call('SET', at .. ARGV[i], id, 'NX', 'EX', live) end
  end
  from, to = list()
  for i = from, to do redis.call('ZADD', asks, i, ARGV[i]) end
  for _, set in ipairs({expiring, moving}) do
    from, to = list()
    for i = from, to, 2 do redis.call('ZADD', set, ARGV[i], ARGV[i + 1]) end
  end
  redis.call('EXPIRE', run, live)
  redis.call('EXPIRE', asks, live)
  redis.call('ZADD', open, created, id)
  if isListed == '1' then
    redis.call('ZADD', history, created, id)
    redis.call('EXPIRE', history, live)
  end
  if going == '1' then redis.call('SET', share, id, 'NX', 'EX', live) end
  redis.call('PUBLISH', changed, tell)
  return 1
`);

const counted = (list: readonly (string | number)[]): (string | number)[] => [list.length, ...list];

/** The fields of a run's hash, each with its text. Those that are not there are left out. */
function fieldsOf(run: StoredRun, { state, attempt }: Progress, expiresAt: number): string[] {
  const { base, progress, result, outcome, proposals, cancel, lives } = run;
  const moves = Math.max(revisionNumber(run), ...Object.values(lives).map(revisionOf));
  const revision = moves === 0 ? null : `${moves}`;
  const own = { base, progress, state, attempt: `${attempt}`, expires: `${expiresAt}`, result, outcome, proposals, cancel, revision };
  const rows = [...Object.entries(own), ...Object.entries(lives).map(([id, text]) => [`${LIFE_FIELD}${id}`, text] as const)];
  return rows.flatMap(([field, text]) => (text === null ? [] : [field, text]));
}

/** Where the orders of a run stand in the sorted sets, each score with its order. */
function scores(id: string, run: StoredRun, set: keyof OrderScores): (string | number)[] {
  return changesOf(run).flatMap((change) => {
    const score = scoresOf(change)[set];
    return score === null ? [] : [score, orderText(id, change.id)];
  });
}

/** Writes a run back that Redis has lost. `bad`: the text that stands there and cannot be understood. False: it is there again already. */
export async function restoreRun(redis: Redis, keys: Keys, run: StoredRun, keepSeconds: number, bad = ''): Promise<boolean> {
  const base = baseOf(run);
  const progress = progressOf(run);
  if (base === null || progress === null) return false;
  const { id, cluster, createdAt, expiresAt, notBefore } = base;
  const over = isOver(progress.state);
  const live = over ? keepSeconds : keptSeconds(keepSeconds);
  const places = placesOf(run.asks).map((place) => placeKey(place));
  const at = base.kind === 'change' ? '' : keys.at('');
  const lists = [fieldsOf(run, progress, expiresAt), places, run.asks, scores(id, run, 'expiring'), scores(id, run, 'moving')];
  const history = keys.history(cluster);
  const restored = await RESTORE(
    redis,
    [keys.run(id), keys.asks(id), openOf(keys, base), history, keys.shared(questionOfRun(base)), keys.expiring, keys.moving],
    [id, bad, live, createdAt, over ? 0 : 1, keys.changed, toldBy(base), at, notBefore === undefined ? 1 : 0, ...lists.flatMap(counted)],
  );
  return restored === 1;
}

/** Each life is written unless it has changed since it was read. */
const RESTORE_LIVES = script(`
  local run, expiring, moving = unpack(KEYS)
  local id, changed, revision = unpack(ARGV, 1, 3)
  if redis.call('HEXISTS', run, 'base') == 0 then return end
  for i = 4, #ARGV, 6 do
    local field, read, text, order, expires, moved = unpack(ARGV, i, i + 5)
    if (redis.call('HGET', run, field) or '') == read then
      redis.call('HSET', run, field, text)
      redis.call(expires == '' and 'ZREM' or 'ZADD', expiring, unpack(expires == '' and {order} or {expires, order}))
      redis.call(moved == '' and 'ZREM' or 'ZADD', moving, unpack(moved == '' and {order} or {moved, order}))
    end
  end
  local stands = tonumber(redis.call('HGET', run, 'revision') or 0) or 0
  redis.call('HSET', run, 'revision', math.max(stands, tonumber(revision)) + 1)
  redis.call('PUBLISH', changed, id)
`);

/** Writes lives of orders back that are newer than what Redis has (`run`): one who wrote the run back did not know of their last moves. */
export async function restoreLives(redis: Redis, keys: Keys, id: string, run: StoredRun, newer: StoredRun['lives']): Promise<void> {
  const changes = changesOf({ proposals: run.proposals, lives: newer });
  const rows = Object.entries(newer).map(([order, text]) => {
    const change = changes.find((one) => one.id === order);
    const { expiring, moving } = change === undefined ? { expiring: null, moving: null } : scoresOf(change);
    return [`${LIFE_FIELD}${order}`, run.lives[order] ?? '', text, orderText(id, order), expiring ?? '', moving ?? ''];
  });
  const revision = Math.max(...Object.values(newer).map(revisionOf));
  await RESTORE_LIVES(redis, [keys.run(id), keys.expiring, keys.moving], [id, keys.changed, revision, ...rows.flat()]);
}

const RESTORE_ASKS = script(`
  local run, asks = unpack(KEYS)
  local id, changed, places = unpack(ARGV)
  if redis.call('HEXISTS', run, 'base') == 0 then return end
  for i = 4, 3 + tonumber(places) do redis.call('HSET', run, 'place:' .. ARGV[i], '1') end
  for i = 4 + tonumber(places), #ARGV do redis.call('ZADD', asks, 'NX', redis.call('ZCARD', asks), ARGV[i]) end
  redis.call('PUBLISH', changed, id)
`);

/** Adds asks again that a run has lost: one who wrote it back did not know them. */
export async function restoreAsks(redis: Redis, keys: Keys, id: string, asks: readonly string[]): Promise<void> {
  const places = placesOf(asks).map((place) => placeKey(place));
  await RESTORE_ASKS(redis, [keys.run(id), keys.asks(id)], [id, keys.changed, places.length, ...places, ...asks]);
}
