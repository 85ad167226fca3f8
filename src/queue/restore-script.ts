import type { Redis } from 'ioredis';
import { isOver, placeKey } from '../domain/run.ts';
import { keptSeconds } from './ask-script.ts';
import type { Keys } from './keys.ts';
import { questionOf } from './question.ts';
import { script } from './script.ts';
import { baseOf, placesOf, progressOf, type StoredRun } from './stored.ts';

/** Writes a whole run, unless it is there. What stands in its place and cannot be understood (`bad`) goes. */
const RESTORE = script(`
  local run, asks, open, history, share = unpack(KEYS)
  local id, bad, live, created, going, changed, at = unpack(ARGV)
  local base, progress, state, attempt, expires, result, outcome, cancel = unpack(ARGV, 8, 15)
  local stands = redis.call('HGET', run, 'base')
  if stands and stands ~= bad then return 0 end
  redis.call('DEL', run, asks)
  redis.call('HSET', run, 'base', base, 'progress', progress, 'state', state, 'attempt', attempt, 'expires', expires)
  if result ~= '' then redis.call('HSET', run, 'result', result, 'outcome', outcome) end
  if cancel ~= '' then redis.call('HSET', run, 'cancel', cancel) end
  local places = tonumber(ARGV[16])
  for i = 17, 16 + places do
    redis.call('HSET', run, 'place:' .. ARGV[i], '1')
    redis.call('SET', at .. ARGV[i], id, 'NX', 'EX', live)
  end
  for i = 17 + places, #ARGV do redis.call('ZADD', asks, i, ARGV[i]) end
  redis.call('EXPIRE', run, live)
  redis.call('EXPIRE', asks, live)
  redis.call('ZADD', open, created, id)
  redis.call('ZADD', history, created, id)
  redis.call('EXPIRE', history, live)
  if going == '1' then redis.call('SET', share, id, 'NX', 'EX', live) end
  redis.call('PUBLISH', changed, id)
  return 1
`);

/** Writes a run back that Redis has lost. `bad`: the text that stands there and cannot be understood. False: it is there again already. */
export async function restoreRun(redis: Redis, keys: Keys, run: StoredRun, keepSeconds: number, bad = ''): Promise<boolean> {
  const base = baseOf(run);
  const progress = progressOf(run);
  if (base === null || progress === null) return false;
  const { id, cluster, createdAt, expiresAt, kind, request } = base;
  const over = isOver(progress.state);
  const live = over ? keepSeconds : keptSeconds(keepSeconds);
  const places = placesOf(run.asks).map((place) => placeKey(place));
  const texts = [
    run.base,
    run.progress,
    progress.state,
    progress.attempt,
    expiresAt,
    run.result ?? '',
    run.outcome ?? '',
    run.cancel ?? '',
  ];
  const restored = await RESTORE(
    redis,
    [keys.run(id), keys.asks(id), keys.open, keys.history(cluster), keys.shared(questionOf(kind, request))],
    [id, bad, live, createdAt, over ? 0 : 1, keys.changed, keys.at(''), ...texts, places.length, ...places, ...run.asks],
  );
  return restored === 1;
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
