import { setTimeout as sleep } from 'node:timers/promises';
import { type Place, placeKey, type PostedMessage, type RunRecord } from '../../domain/run.ts';
import type { ThreadMessage } from '../../report/slack/message.ts';
import type { Pace } from './pace.ts';
import { type PlaceWork, take } from './place.ts';
import { isAtRest, isLive } from './rest.ts';
import { isClosed, type Step, stepsFor } from './steps.ts';

/** What the loops of a run's places share. */
export interface RunView {
  /** The newest record. */
  record(): RunRecord;
  messages(record: RunRecord, place: Place): ThreadMessage[];
  /** Aborted when the bot stops or has lost the run. */
  signal: AbortSignal;
  /** Milliseconds that must lie between two edits of a message that tells of work which goes on. */
  restMs(): number;
  pace: Pace;
  /** Whether the run is still ours to write: asked before each write, as a Redis that forgets may have given it to another bot. */
  ours: () => Promise<boolean>;
  now: () => number;
}

const idleMs = 250;
const mostBackoffMs = 10_000;
const backoff = (failures: number): number => Math.min(mostBackoffMs, 500 * 2 ** Math.min(failures, 8));

const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);

/** The first step that is due. Edits that tell of work which goes on are gathered. */
function dueStep(steps: readonly Step[], record: RunRecord, view: RunView): Step | undefined {
  const gathered = ({ message: { slot } }: Step): boolean => isLive(record, slot);
  return steps.find((step) => step.kind !== 'update' || !gathered(step) || view.now() - step.since >= view.restMs());
}

function stepsNow(view: RunView, key: string, posted: Record<string, PostedMessage>): { steps: Step[]; record: RunRecord } {
  const record = view.record();
  const place = record.places.find((one) => placeKey(one) === key);
  return { steps: place === undefined ? [] : stepsFor(view.messages(record, place), posted), record };
}

/** Waits for the step's turn, and gives the step as it is then: what is said is always the newest. */
async function inTurn(view: RunView, work: PlaceWork, key: string, step: Step): Promise<Step | undefined> {
  const wait = await view.pace.turn(step, work.place.channel);
  if (wait <= 0) return step;
  await pause(wait, view.signal);
  const same = ({ kind, message }: Step): boolean => kind === step.kind && message.slot === step.message.slot;
  return view.signal.aborted ? undefined : stepsNow(view, key, work.posted).steps.find(same);
}

/**
 * Keeps the messages of one place as they should be, until the run and its orders are at rest and all is said, the place takes no more, or the
 * signal fires. Gives whether all is said. Rejects only where the book does.
 */
export async function keepPlace(view: RunView, work: PlaceWork): Promise<boolean> {
  const key = placeKey(work.place);
  let failures = 0;
  while (!view.signal.aborted) {
    const { steps, record } = stepsNow(view, key, work.posted);
    if (isClosed(work.posted) || (isAtRest(record) && steps.length === 0)) return true;
    const due = dueStep(steps, record, view);
    const step = due === undefined ? undefined : await inTurn(view, work, key, due);
    if (step === undefined) {
      if (due === undefined) await pause(idleMs, view.signal);
      continue;
    }
    if (!(await view.ours())) return false;
    const tried = await take(work, step);
    failures = tried.kind === 'done' ? 0 : failures + 1;
    if (tried.kind === 'done') continue;
    if (tried.limited) view.pace.pause(step, work.place.channel, tried.ms);
    else await pause(Math.max(tried.ms, step.kind === 'look' || failures < 2 ? 0 : backoff(failures)), view.signal);
  }
  return false;
}
