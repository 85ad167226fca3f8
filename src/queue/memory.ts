import type { PostedMessage } from '../domain/run.ts';
import type { Messages } from './posted.ts';
import { baseOf, type StoredRun } from './stored.ts';

/** So many runs are remembered; the oldest go first. */
const MOST_RUNS = 2000;
/** The results of so many: they may be a MiB each. */
const MOST_RESULTS = 32;

/** What is remembered of a run. */
export interface Remembered {
  /** Null: only messages of it are known. */
  run: StoredRun | null;
  /** By place. */
  posted: Map<string, Messages>;
}

/** What a bot remembers of the runs whose threads it keeps true, in case Redis loses them. */
export interface Memory {
  remember(run: StoredRun): void;
  forget(run: string): void;
  /** Ids of the runs that are remembered whole. */
  runs(): string[];
  find(run: string): Remembered | null;
  posted(run: string, place: string): Messages;
  /** A message as it was just written. */
  wrote(run: string, place: string, slot: string, message: PostedMessage): void;
  /** Messages as Redis has them; those that are newer here stay. */
  learned(run: string, place: string, messages: Messages): void;
}

/** An empty memory, for the book and the guard of one bot. */
export function openMemory(): Memory {
  const entries = new Map<string, Remembered>();
  const results = new Set<string>();
  const entry = (run: string): Remembered => {
    const known = entries.get(run) ?? { run: null, posted: new Map<string, Messages>() };
    entries.set(run, known);
    return known;
  };
  const forget = (run: string) => {
    entries.delete(run);
    results.delete(run);
  };
  const posted = (run: string, place: string): Messages => entries.get(run)?.posted.get(place) ?? {};
  return {
    remember: (run) => {
      const id = baseOf(run)?.id;
      if (id === undefined) return;
      entry(id).run = run;
      if (run.result !== null) results.add(id);
      forgetOldest(entries, results, forget);
    },
    forget,
    runs: () => [...entries].filter(([, { run }]) => run !== null).map(([id]) => id),
    find: (run) => entries.get(run) ?? null,
    posted,
    wrote: (run, place, slot, message) => {
      entry(run).posted.set(place, { ...posted(run, place), [slot]: message });
      forgetOldest(entries, results, forget);
    },
    learned: (run, place, messages) => {
      if (Object.keys(messages).length > 0) entry(run).posted.set(place, newest(posted(run, place), messages));
    },
  };
}

/** The newer message of each slot. Of two of the same moment the one whose sending is over is newer; else theirs. */
export function newest(ours: Messages, theirs: Messages): Messages {
  const kept = Object.entries(ours).filter(([slot, message]) => isNewer(message, theirs[slot]));
  return { ...theirs, ...Object.fromEntries(kept) };
}

function isNewer(ours: PostedMessage, theirs: PostedMessage | undefined): boolean {
  if (theirs === undefined || ours.at !== theirs.at) return ours.at > (theirs?.at ?? -Infinity);
  return theirs.state === 'posting' && ours.state !== 'posting';
}

function forgetOldest(entries: Map<string, Remembered>, results: Set<string>, forget: (run: string) => void): void {
  const [oldest] = entries.size > MOST_RUNS ? entries.keys() : [];
  if (oldest !== undefined) forget(oldest);
  const [heavy] = results.size > MOST_RESULTS ? results : [];
  if (heavy === undefined) return;
  results.delete(heavy);
  const remembered = entries.get(heavy);
  if (remembered?.run) remembered.run = { ...remembered.run, result: null };
}
