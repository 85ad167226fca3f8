import { z } from 'zod';
import { Place, placeKey, Progress, RunId, RunKind, RunRecord, RunResult, SignedOrder, type RunSummary } from '../domain/run.ts';
import { CheckRequest } from '../domain/request.ts';

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
});
export type Base = z.infer<typeof Base>;

const StoredAsk = z.object({ channel: z.string(), thread: z.string().nullable(), user: z.string() });
/** Who asked, and where the answer goes. */
export type StoredAsk = z.infer<typeof StoredAsk>;

const Outcome = z.object({ status: z.string().nullable(), cause: z.string().nullable() });

/** A run as its parts stand in Redis: texts, each of which has one writer. Null: not there. */
export interface StoredRun {
  base: string;
  progress: string;
  result: string | null;
  /** What lists show of the result, so that they need not read it. */
  outcome: string | null;
  /** Who wants it ended, while its worker has not done so yet. */
  cancel: string | null;
  asks: string[];
}

/** The value that a text holds by this schema; null when it does not. */
export function read<T>(schema: z.ZodType<T>, text: string | null | undefined): T | null {
  if (text === null || text === undefined) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
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
  const result = read(RunResult, run.result);
  if (base === null || progress === null || (run.result !== null && result === null)) return null;
  const { id, kind, cluster, request, askedBy, createdAt } = base;
  return { id, kind, cluster, request, askedBy, createdAt, places: placesOf(run.asks), progress, result };
}

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
