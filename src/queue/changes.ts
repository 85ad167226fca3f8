import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { openAudit, openPen, type AuditPen, type ScriptReply } from '../audit/redis.ts';
import { Failure } from '../base/failure.ts';
import type { AuditEntry, AuditLine } from '../domain/audit.ts';
import type { Change, Move, Stays } from '../domain/change.ts';
import type { RunRecord } from '../domain/run.ts';
import { answered } from './answered.ts';
import { keptSeconds, WEEK_SECONDS } from './ask-script.ts';
import { keysOf } from './keys.ts';
import { isGenuine, isProposedByUs, lifeText, type Seal } from './lives.ts';
import { openMemory, type Memory } from './memory.ts';
import { writeLife } from './move-script.ts';
import { recordOf, revisionNumber, type StoredRun } from './stored.ts';
import { wholeRun, type WholeParts } from './whole.ts';

/** Where orders are kept. */
export interface ChangesOptions {
  /** It stays the caller's. */
  redis: Redis;
  prefix: string;
  /** An order whose proposal or life it does not hold for is not known here. */
  seal: Seal;
  /** How long a run is kept after the last move of its orders, in seconds; 7 days unless said. */
  keepSeconds?: number;
  /** That of the guard, in a bot. What this process moved it knows, in case Redis loses it. */
  memory?: Memory;
  onUnreadable?: (run: string) => void;
}

/** An order, with the run whose check proposed it. */
export interface KnownChange {
  record: RunRecord;
  change: Change;
}

/** What became of a wish to move an order: it was moved, it stays (and why), or there is no such order. */
export type Moved = { is: 'moved'; change: Change; record: RunRecord } | ({ is: 'stays'; record: RunRecord } & Stays) | { is: 'unknown' };

/** The orders, for bots and workers alike. Every call rejects with a `Failure` within two seconds when Redis cannot be reached. */
export interface Changes {
  /** The order of a run; null: not known (any more). */
  find(run: string, id: string): Promise<KnownChange | null>;
  /**
   * Moves an order as `judge` says, together with its line in the audit: both are written or neither is. `judge` must be pure: it is asked again
   * whenever the order has changed meanwhile.
   */
  move(run: string, id: string, judge: (change: Change) => Move): Promise<Moved>;
  /** Writes down something of an order that is no move: there is no line for it. `note` gives null where nothing is to be written. */
  note(run: string, id: string, note: (change: Change) => Change | null): Promise<KnownChange | null>;
  /** Adds a line to the audit that belongs to no move. */
  audit(entry: AuditEntry): Promise<AuditLine>;
}

/** So often an order may change between the reading and the writing. */
const TRIES = 20;

interface Parts extends WholeParts {
  pen: AuditPen;
  seal: Seal;
  onUnreadable: (run: string) => void;
}

/** Opens the store of orders. It starts nothing, and needs no closing. */
export function openChanges(options: ChangesOptions): Changes {
  const { redis, prefix, seal, keepSeconds = WEEK_SECONDS, memory = openMemory(), onUnreadable = () => undefined } = options;
  const pen = openPen(redis, prefix);
  const log = openAudit({ redis, prefix, pen });
  const parts: Parts = { redis, keys: keysOf(prefix), keepSeconds, memory, pen, seal, onUnreadable };
  return {
    find: (run, id) => answered(redis, async () => (await standing(parts, run, id))?.known ?? null),
    move: (run, id, judge) => answered(redis, () => moved(parts, run, id, judge)),
    note: (run, id, note) => answered(redis, () => noted(parts, run, id, note)),
    audit: (entry) => answered(redis, () => log.append(entry)),
  };
}

/** An order as it was read. */
interface Standing {
  stored: StoredRun;
  known: KnownChange;
}

async function standing(parts: Parts, run: string, id: string): Promise<Standing | null> {
  const stored = await wholeRun(parts, run);
  if (stored === null) return null;
  const record = recordOf(stored);
  if (record === null || record.id !== run) {
    parts.onUnreadable(run);
    return null;
  }
  const change = record.changes?.find((one) => one.id === id);
  if (change === undefined) return null;
  const life = stored.lives[id];
  const isOurs = life === undefined ? isProposedByUs(parts.seal, run, stored, id) : isGenuine(parts.seal, run, change, life);
  if (!isOurs) {
    parts.onUnreadable(run);
    return null;
  }
  return { stored, known: { record, change } };
}

/** What is to be written of an order: with a line, or without; or nothing, and `rest` is the answer. */
type Decided<R> = { to: Change; audit: AuditEntry | null } | { rest: R };

/** Writes what `decide` says of the order as it stands, and asks it again whenever it has changed meanwhile. Null: there is no such order. */
async function rewritten<R>(
  parts: Parts,
  run: string,
  id: string,
  decide: (known: KnownChange) => Decided<R>,
): Promise<{ now: KnownChange } | { rest: R } | null> {
  const token = randomUUID();
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stands = await standing(parts, run, id);
    if (stands === null) return null;
    const decided = decide(stands.known);
    if ('rest' in decided) return decided;
    const after = withLife(parts.seal, stands, decided.to, token);
    const [reply] = await written(parts, stands, after, decided.to, decided.audit);
    if (reply !== 'changed' && reply !== 'missing') return nowOf(parts, after, id);
  }
  throw new Failure('error', 'the order changes faster than it can be moved: try again');
}

/** The run with the order as it stands then. */
function withLife(seal: Seal, { stored, known }: Standing, to: Change, token: string): StoredRun {
  const revision = revisionNumber(stored) + 1;
  // The plan is the one that stands there: no move changes it.
  const { id, digest } = known.change;
  const text = lifeText(seal, { ...to, id, digest }, { run: known.record.id, revision, token });
  return { ...stored, revision: `${revision}`, lives: { ...stored.lives, [id]: text } };
}

async function written(parts: Parts, stands: Standing, after: StoredRun, change: Change, entry: AuditEntry | null): Promise<ScriptReply> {
  const { redis, keys, keepSeconds, pen } = parts;
  const { id: run, createdAt: created } = stands.known.record;
  const [old, text] = [stands.stored.lives[change.id] ?? '', after.lives[change.id] ?? ''];
  const life = { run, created, change, old, text, liveSeconds: keptSeconds(keepSeconds) };
  const write = (line: readonly (string | number)[]) => writeLife(redis, keys, pen.keys, life, line);
  return entry === null ? write([]) : pen.write(entry, (_line, args) => write(args));
}

function nowOf({ memory }: Parts, after: StoredRun, id: string): { now: KnownChange } | null {
  // Others may have moved other orders of the run since it was read: what is not known is not remembered as known.
  memory.remember({ ...after, revision: null });
  const record = recordOf(after);
  const change = record?.changes?.find((one) => one.id === id);
  return record === null || change === undefined ? null : { now: { record, change } };
}

async function moved(parts: Parts, run: string, id: string, judge: (change: Change) => Move): Promise<Moved> {
  const done = await rewritten(parts, run, id, ({ record, change }): Decided<{ record: RunRecord; not: Stays }> => {
    const move = judge(change);
    return 'not' in move ? { rest: { record, not: move.not } } : move;
  });
  if (done === null) return { is: 'unknown' };
  if ('rest' in done) return { is: 'stays', record: done.rest.record, ...done.rest.not };
  return { is: 'moved', ...done.now };
}

async function noted(parts: Parts, run: string, id: string, note: (change: Change) => Change | null): Promise<KnownChange | null> {
  const done = await rewritten(parts, run, id, (known): Decided<KnownChange> => {
    const to = note(known.change);
    return to === null ? { rest: known } : { to, audit: null };
  });
  if (done === null) return null;
  return 'rest' in done ? done.rest : done.now;
}
