import { z } from 'zod';
import { ChangeId } from '../domain/change.ts';
import { Place, placeKey, Progress, RunId, RunKind, RunResult, SignedOrder, type RunRecord, type RunSummary } from '../domain/run.ts';
import { CheckRequest } from '../domain/request.ts';
import { changesOf, proposalsOf, type StoredOrders } from './lives.ts';
import { read } from './read.ts';

/** What is said once of a run, when it is made, and never changed. Times are milliseconds since 1970. */
export const Base = z.object({
  id: RunId,
  kind: RunKind,
  cluster: z.string(),
  request: CheckRequest,
  askedBy: z.string(),
  createdAt: z.number(),
  /** When its order is too old to begin with. */
  expiresAt: z.number(),
  signed: SignedOrder,
  /** For the kind `change`: which order of which run. */
  change: z.object({ of: RunId, change: ChangeId, act: z.enum(['apply', 'undo']) }).optional(),
  /** It is not begun before; left out: it may be at once. */
  notBefore: z.number().optional(),
});
export type Base = z.infer<typeof Base>;

const StoredAsk = z.object({ channel: z.string(), thread: z.string().nullable(), user: z.string() });
/** Who asked, and where the answer goes. */
export type StoredAsk = z.infer<typeof StoredAsk>;

const Outcome = z.object({ status: z.string().nullable(), cause: z.string().nullable() });

/** A run as its parts stand in Redis: texts, each of which has one writer. Null: not there. */
export interface StoredRun extends StoredOrders {
  base: string;
  progress: string;
  result: string | null;
  /** What lists show of the result, so that they need not read it. */
  outcome: string | null;
  /** Who wants it ended, while its worker has not done so yet. */
  cancel: string | null;
  asks: string[];
  /** How many moves its orders have made. */
  revision: string | null;
}

export const baseOf = (run: Pick<StoredRun, 'base'>): Base | null => read(Base, run.base);
export const progressOf = (run: Pick<StoredRun, 'progress'>): Progress | null => read(Progress, run.progress);

/** Places in the order of their first ask, each with those who asked there. */
export function placesOf(asks: readonly string[]): Place[] {
  const places = new Map<string, Place>();
  for (const ask of asks.map((text) => read(StoredAsk, text))) {
    if (ask === null) continue;
    const { channel, thread, user } = ask;
    const place = places.get(placeKey(ask)) ?? { channel, thread, askers: [] };
    if (!place.askers.includes(user)) place.askers.push(user);
    places.set(placeKey(ask), place);
  }
  return [...places.values()];
}

/** The record of a run; null when one of its parts cannot be understood. */
export function recordOf(run: StoredRun): RunRecord | null {
  const base = baseOf(run);
  const progress = progressOf(run);
  const result = resultOf(run);
  if (base === null || progress === null || (run.result !== null && result === null)) return null;
  const { id, kind, cluster, request, askedBy, createdAt, change } = base;
  const about = { id, kind, cluster, request, askedBy, createdAt, ...(change === undefined ? {} : { change }) };
  return { ...about, places: placesOf(run.asks), progress, result, ...ordersOf(run) };
}

/** What a check proposed is stored beside its result, for it is needed more often. */
function resultOf(run: StoredRun): RunResult | null {
  const result = read(RunResult, run.result);
  const proposals = proposalsOf(run);
  return result?.kind === 'check' && proposals !== null ? { ...result, proposals } : result;
}

function ordersOf(run: StoredRun): Pick<RunRecord, 'changes' | 'revision'> {
  const changes = changesOf(run);
  return changes.length === 0 ? {} : { changes, revision: revisionNumber(run) };
}

/** How many moves the orders of a run have made. */
export const revisionNumber = ({ revision }: Pick<StoredRun, 'revision'>): number => Number(revision ?? 0) || 0;

/** Whose threads tell of a run: those of its own, or of the run whose order it carries out. */
export const toldBy = ({ id, change }: Pick<RunRecord, 'id' | 'change'>): string => change?.of ?? id;

/** How long it is until a run may be begun, in milliseconds. */
export const delayOf = ({ notBefore = 0 }: Pick<Base, 'notBefore'>, now: number): number => Math.max(0, notBefore - now);

/** The run whose threads tell of a stored one; undefined: its own. */
export const ofRun = (run: Pick<StoredRun, 'base'>): string | undefined => baseOf(run)?.change?.of;

/** Whether a run may have changed a cluster: it is no more simply cancelled. */
export const mayHaveWritten = ({ kind }: Pick<Base, 'kind'>, { attempt }: Pick<Progress, 'attempt'>): boolean =>
  kind === 'change' && attempt > 0;

/** A line of a list; null when it cannot be understood. */
export function summaryOf(run: Pick<StoredRun, 'base' | 'progress' | 'outcome'>): RunSummary | null {
  const base = baseOf(run);
  const progress = progressOf(run);
  if (base === null || progress === null) return null;
  const { id, kind, cluster, askedBy, createdAt } = base;
  const { status, cause } = read(Outcome, run.outcome) ?? { status: null, cause: null };
  return { id, kind, cluster, askedBy, createdAt, endedAt: progress.endedAt, state: progress.state, status, cause };
}

/** The text of an ask: the same ask is the same text, so that it stands there once. */
export const askText = ({ channel, thread, user }: StoredAsk): string => JSON.stringify({ channel, thread, user });
