import type { Redis } from 'ioredis';
import { Failure } from '../base/failure.ts';
import type { AuditEntry, AuditLine } from '../domain/audit.ts';
import { headOf, NOTHING_BEFORE, restartEntry, sealed, type AuditHead } from './chain.ts';
import { lineIn, verifyPages, type AuditLog } from './log.ts';

/** List: the lines, each a text of JSON. */
export const auditKey = (prefix: string): string => `${prefix}:audit`;
/** Number of the highest line that is known to be lost. */
const lostKey = (prefix: string): string => `${prefix}:audit:lost`;

/**
 * For a script that writes a line together with something else. `audit_stands(list, lost, seq, previous, hash)` gives `{'ok'}` where the line
 * may come next, `{'written'}` where it stands there already (the answer to a first try was lost), else what stands at the end, and whether the
 * line that the writer thought to be last is still in the chain.
 */
export const AUDIT_LUA = `
  local function audit_at(list, index)
    local text = redis.call('LINDEX', list, index)
    if not text then return nil end
    local read, line = pcall(cjson.decode, text)
    if not read or type(line) ~= 'table' or type(line.seq) ~= 'number' or type(line.hash) ~= 'string' then return {seq = -1, hash = ''} end
    return line
  end
  local function audit_stands(list, lost, seq, previous, hash)
    local last = audit_at(list, -1) or {seq = 0, hash = '${NOTHING_BEFORE}'}
    if last.seq == -1 then return {'unreadable'} end
    if last.seq == seq - 1 and last.hash == previous then return {'ok'} end
    local first = audit_at(list, 0) or {seq = 1}
    local function is_there(number, expected)
      local line = number >= first.seq and audit_at(list, number - first.seq)
      return line and line.hash == expected
    end
    if is_there(seq, hash) then return {'written'} end
    local kept = seq == 1 or is_there(seq - 1, previous) or (tonumber(redis.call('GET', lost)) or 0) >= seq - 1
    return {'head', tostring(last.seq), last.hash, kept and '1' or ''}
  end
`;

const APPEND = `
  ${AUDIT_LUA}
  local stands = audit_stands(KEYS[1], KEYS[2], tonumber(ARGV[1]), ARGV[2], ARGV[3])
  if stands[1] ~= 'ok' then return stands end
  redis.call('RPUSH', KEYS[1], ARGV[4])
  if ARGV[5] ~= '' then redis.call('SET', KEYS[2], ARGV[5]) end
  return stands
`;

/** What `audit_stands` says, or a script of somebody else's. */
export type ScriptReply = readonly [is: string, ...rest: (string | null)[]];

/** Writes lines by scripts, each after the one that it knows to be last. */
export interface AuditPen {
  keys: readonly [list: string, lost: string];
  /**
   * Makes the line for an entry and lets `write` write it, again with another line as long as the script says (by what `audit_stands` gave)
   * that it does not come next. Gives the first other reply. Where the chain was lost since this pen last wrote, a line says so first.
   */
  write(entry: AuditEntry, write: (line: AuditLine, args: readonly (string | number)[]) => Promise<ScriptReply>): Promise<ScriptReply>;
}

/** So many others may write in between. */
const TRIES = 200;
const LOST = 'the store had lost what was written before, or it was changed there';

/** A pen for the chain under a prefix. */
export function openPen(redis: Redis, prefix: string): AuditPen {
  const keys = [auditKey(prefix), lostKey(prefix)] as const;
  let known: AuditHead | null = null;
  const argsOf = ({ seq, previous, hash, ...rest }: AuditLine) => [seq, previous, hash, JSON.stringify({ ...rest, seq, previous, hash })];
  const restart = async (lost: AuditHead, at: number): Promise<void> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const line = sealed(known, restartEntry(lost, LOST, at));
      const reply = (await redis.eval(APPEND, 2, ...keys, ...argsOf(line), lost.seq)) as ScriptReply;
      known = reply[0] === 'head' ? standing(reply) : headOf(line);
      if (reply[0] !== 'head') return;
    }
  };
  return {
    keys,
    write: async (entry, write) => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const line = sealed(known, entry);
        const reply = await write(line, argsOf(line));
        if (reply[0] === 'unreadable')
          throw new Failure('error', `the last line of the audit cannot be read: look at ${keys[0]} in Redis; renamed, a new chain begins`);
        if (reply[0] !== 'head') {
          if (reply[0] === 'ok') known = headOf(line);
          return reply;
        }
        const lost = reply[3] === '1' ? null : known;
        known = standing(reply);
        if (lost !== null) await restart(lost, entry.at);
      }
      throw new Failure('error', 'the audit is written to by too many at once: try again');
    },
  };
}

function standing([, seq, hash]: ScriptReply): AuditHead | null {
  return Number(seq) === 0 ? null : { seq: Number(seq), hash: hash ?? '' };
}

/** The chain in Redis, shared by all bots and workers. `pen`: that of whoever writes lines together with something else in this process. */
export function openAudit({ redis, prefix, pen = openPen(redis, prefix) }: { redis: Redis; prefix: string; pen?: AuditPen }): AuditLog {
  const [list] = pen.keys;
  const texts = (from: number, limit: number): Promise<string[]> => redis.lrange(list, from, from + limit - 1);
  const first = async (): Promise<number> => {
    const [text] = await texts(0, 1);
    return text === undefined ? 1 : lineIn(text).seq;
  };
  return {
    append: async (entry) => {
      let written: AuditLine | null = null;
      const reply = await pen.write(entry, async (line, args) => {
        written = line;
        return (await redis.eval(APPEND, 2, ...pen.keys, ...args, '')) as ScriptReply;
      });
      if (written === null || (reply[0] !== 'ok' && reply[0] !== 'written')) throw new Failure('error', 'the audit could not be written');
      return written;
    },
    head: async () => {
      const text = await redis.lindex(list, -1);
      return text === null ? null : headOf(lineIn(text));
    },
    read: async (fromSeq, limit) => {
      const from = Math.max(0, fromSeq - (await first()));
      return (await texts(from, Math.max(1, limit))).map(lineIn);
    },
    verify: (known = null) => verifyPages(texts, known),
  };
}
