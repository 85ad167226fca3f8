import { setTimeout as sleep } from 'node:timers/promises';
import { type Place, placeKey, type RunRecord } from '../../domain/run.ts';
import type { ThreadMessage } from '../../report/slack/message.ts';
import type { Lease, ThreadBook } from './book.ts';
import type { Hand } from './hand.ts';
import type { Pace } from './pace.ts';
import { type PlaceWork, type WriteHooks } from './place.ts';
import { keepPlace, type RunView } from './place-loop.ts';
import { isAtRest, isBusy } from './rest.ts';

/** What the keeping of a run works with; `bell` wakes it when the run has changed. */
export interface RunWork {
  run: string;
  book: ThreadBook;
  hand: Hand;
  pace: Pace;
  hooks: WriteHooks;
  rich: { refused: boolean };
  messages: (record: RunRecord, place: Place) => ThreadMessage[];
  restMs: () => number;
  now: () => number;
  signal: AbortSignal;
}

const reloadMs = 1_000;
/** A run that only waits, for people or for a deadline, says so when it changes; this is for when that was not heard. */
const waitingMs = 5_000;
const renewMs = 5_000;

/** Messages are made once for each state of a record, however often they are looked at; those of a run that waits also change with time. */
function memoised(messages: RunWork['messages']): RunWork['messages'] {
  let of: RunRecord | null = null;
  const made = new Map<string, ThreadMessage[]>();
  return (record, place) => {
    if (of !== record || record.progress.state === 'queued') made.clear();
    of = record;
    const key = placeKey(place);
    const known = made.get(key) ?? messages(record, place);
    made.set(key, known);
    return known;
  };
}

/** A run that this bot holds the lease of. */
export interface HeldRun {
  /** The run has changed: it is read again at once. */
  wake(): void;
  /** Somebody is at work on it: its messages are edited again and again. */
  busy(): boolean;
  /** The revision that all of its threads say the last of; null: not all of them do. */
  done: Promise<number | null>;
}

async function renewing(lease: Lease, lost: AbortController): Promise<void> {
  while (!lost.signal.aborted) {
    await sleep(renewMs, undefined, { signal: lost.signal, ref: false }).catch(() => undefined);
    // an answer that does not come is no loss yet: the lease ends by itself, and then `renew` says so
    if (!lost.signal.aborted && !(await lease.renew().catch(() => true))) lost.abort();
  }
}

/** Keeps all threads of one run true until it and its orders are at rest and all is said. `record` is the run as it was loaded. */
export function holdRun(work: RunWork, record: RunRecord, lease: Lease): HeldRun {
  let latest = record;
  let wake = new AbortController();
  const ended = new AbortController();
  const signal = AbortSignal.any([work.signal, ended.signal]);
  const ours = async (): Promise<boolean> => {
    const renewed = await lease.renew();
    if (!renewed) ended.abort();
    return renewed;
  };
  const view: RunView = { ...work, signal, ours, record: () => latest, messages: memoised(work.messages) };
  const loops = new Map<string, Promise<boolean>>();
  let failure: unknown = null;
  const orFail = (loop: Promise<boolean>): Promise<boolean> =>
    loop.catch((error: unknown) => {
      failure ??= error;
      ended.abort();
      return false;
    });

  const startLoop = async (place: Place): Promise<boolean> => {
    const posted = await work.book.posted(work.run, placeKey(place));
    const placeWork: PlaceWork = { ...work, place, posted };
    return keepPlace(view, placeWork);
  };
  const startLoops = (): void => {
    for (const place of latest.places.filter((one) => !loops.has(placeKey(one)))) loops.set(placeKey(place), orFail(startLoop(place)));
  };
  const refresh = async (): Promise<void> => {
    const loaded = await work.book.load(work.run);
    // a record that is gone for a moment (Redis came back empty) is written again by its keeper
    if (loaded !== null && JSON.stringify(loaded) !== JSON.stringify(latest)) latest = loaded;
    startLoops();
  };
  const watch = async (): Promise<boolean> => {
    while (!signal.aborted && !isAtRest(latest)) {
      await sleep(isBusy(latest) ? reloadMs : waitingMs, undefined, { signal: AbortSignal.any([signal, wake.signal]) }).catch(
        () => undefined,
      );
      if (wake.signal.aborted) wake = new AbortController();
      if (!signal.aborted) await refresh();
    }
    return isAtRest(latest);
  };
  const done = async (): Promise<number | null> => {
    void renewing(lease, ended);
    startLoops();
    const resting = await orFail(watch());
    const all = await Promise.all(loops.values());
    ended.abort();
    await lease.release().catch(() => undefined);
    if (failure !== null) throw failure;
    return resting && all.every(Boolean) ? (latest.revision ?? 0) : null;
  };
  return { wake: () => wake.abort(), busy: () => isBusy(latest), done: done() };
}
