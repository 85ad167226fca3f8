import { isOver, type Place, type RunRecord, type RunResult } from '../../domain/run.ts';
import { tellingOf } from '../terminal/telling.ts';
import type { Message, ThreadMessage } from './message.ts';
import { isFault } from './text/states.ts';
import { boundedRecord } from './thread/bounded.ts';
import { cardMessage } from './thread/card.ts';
import { causeMessage, moreCauses } from './thread/cause.ts';
import { changeMessages } from './thread/changes.ts';
import { planMessage } from './thread/plan.ts';
import { verdictMessage } from './thread/verdict.ts';
import type { Around } from './thread/waiting.ts';
import { worthKnowing } from './thread/worth-knowing.ts';

/** Causes with a message of their own; more are listed in one. */
const mostCauses = 6;
/** Whoever waited longer than this may have looked away: the verdict is shown in the channel too. */
const longRunMs = 60_000;

const slot = (called: string, message: Message | null, broadcast = false): ThreadMessage[] =>
  message === null ? [] : [{ slot: called, broadcast, ...message }];

/** Shown in the channel too: the verdict below our own card, when the run took long and found a fault. */
function isBroadcast({ createdAt, progress: { endedAt }, result }: RunRecord, place: Place): boolean {
  const found = result?.kind === 'check' && isFault(result.report.verdict.status);
  return place.thread === null && found && endedAt !== null && endedAt - createdAt > longRunMs;
}

/** What a check found, a message for each cause. */
function findings({ report, readings }: Extract<RunResult, { kind: 'check' }>): ThreadMessage[] {
  const telling = tellingOf(report, readings);
  const causes = report.verdict.causes.slice(0, mostCauses).flatMap((_, at) => slot(`cause-${at}`, causeMessage(report, at, telling)));
  return [...causes, ...slot('cause-more', moreCauses(report, mostCauses)), ...slot('note', worthKnowing(report))];
}

/** A check has steps to show; of another run a thread that is not ours has to hear all the same. */
function plan(record: RunRecord, place: Place, around: Around): ThreadMessage[] {
  return record.kind === 'check' || place.thread !== null ? slot('plan', planMessage(record, place, around)) : [];
}

/**
 * The messages that stand in a place of a run, in order: `card` (only where the thread is our own), `plan`, `cause-0` ..., `cause-more`,
 * `note`, `verdict`, then those of the orders that a check proposed (`change-0` ..., see `changeMessages`). A run that carries an order out
 * has none: its words stand in the thread of the run that proposed it. The same record gives the same messages; `more.now` matters only to
 * a run that waits for long, and to offers that nobody takes. Pure.
 */
export function threadOf(told: RunRecord, place: Place, more: Around): ThreadMessage[] {
  if (told.kind === 'change') return [];
  const record = boundedRecord(told);
  const { progress, result } = record;
  const card = place.thread === null ? slot('card', cardMessage(record, place, more)) : [];
  const found = progress.state === 'done' && result?.kind === 'check' ? findings(result) : [];
  const verdict = isOver(progress.state) ? slot('verdict', verdictMessage(record, place), isBroadcast(record, place)) : [];
  const changes = record.kind === 'check' && isOver(progress.state) ? changeMessages(record, place, more) : [];
  return [...card, ...plan(record, place, more), ...found, ...verdict, ...changes];
}
