import type { Redis } from 'ioredis';
import { AUDIT_LUA, type ScriptReply } from '../audit/redis.ts';
import type { Change } from '../domain/change.ts';
import type { Keys } from './keys.ts';
import { LIFE_FIELD, orderText, scoresOf } from './lives.ts';
import { script } from './script.ts';

/**
 * One step: the order's life, its line in the audit, the count of moves, where it stands in the sorted sets, and that its run is open again. A
 * life that stands there word for word was written by a first try whose answer was lost.
 */
const MOVE = script(`
  ${AUDIT_LUA}
  local run, asks, open, expiring, moving, list, lost = unpack(KEYS)
  local id, field, order, old, new, live, created, changed, expires, moved = unpack(ARGV, 1, 10)
  local seq, previous, hash, line = unpack(ARGV, 11, 14)
  if redis.call('HEXISTS', run, 'base') == 0 then return {'missing'} end
  local stands = redis.call('HGET', run, field) or ''
  if stands == new then return {'same'} end
  if stands ~= old then return {'changed'} end
  local wrote = 'noted'
  if seq then
    local chain = audit_stands(list, lost, tonumber(seq), previous, hash)
    if chain[1] == 'ok' then redis.call('RPUSH', list, line) elseif chain[1] ~= 'written' then return chain end
    wrote = 'ok'
  end
  redis.call('HSET', run, field, new)
  redis.call('HINCRBY', run, 'revision', 1)
  if expires == '' then redis.call('ZREM', expiring, order) else redis.call('ZADD', expiring, expires, order) end
  if moved == '' then redis.call('ZREM', moving, order) else redis.call('ZADD', moving, moved, order) end
  redis.call('ZADD', open, created, id)
  redis.call('EXPIRE', run, live)
  redis.call('EXPIRE', asks, live)
  redis.call('PUBLISH', changed, id)
  return {wrote}
`);

/** An order's next life on its way into Redis. `old`: the text that it replaces, empty where there is none. `created`: when its run was. */
export interface LifeToWrite {
  run: string;
  created: number;
  change: Change;
  old: string;
  text: string;
  liveSeconds: number;
}

/**
 * Writes it. `ok`: it stands there, with its line; `noted`: it stands there, without one; `same`: it did before; `changed`: another stands there
 * now; `missing`: Redis does not know the run. Or what the audit says. `line`: what `AuditPen.write` gives, for the life and its line to be written together.
 */
export async function writeLife(
  redis: Redis,
  keys: Keys,
  audit: readonly string[],
  { run, created, change, old, text, liveSeconds }: LifeToWrite,
  line: readonly (string | number)[],
): Promise<ScriptReply> {
  const { expiring, moving } = scoresOf(change);
  const about = [run, `${LIFE_FIELD}${change.id}`, orderText(run, change.id), old, text, liveSeconds, created, keys.changed];
  const sets = [keys.run(run), keys.asks(run), keys.open, keys.expiring, keys.moving];
  return (await MOVE(redis, [...sets, ...audit], [...about, expiring ?? '', moving ?? '', ...line])) as ScriptReply;
}
