import { approve, askUndo, type By, decline, request } from '../../access/changes/life.ts';
import type { Change, Move, Stays } from '../../domain/change.ts';
import type { RunRecord } from '../../domain/run.ts';
import { movedMessage, staysMessage } from '../../report/slack/replies/changes.ts';
import { refusalOf } from '../answers/refuse.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { notActive, termsNow } from './known.ts';
import type { Purpose } from './named.ts';

/** What somebody does to an order by hand. */
export type Doing = Purpose | 'decline';

/** Whose right it is, where the policy refuses. */
const RIGHT = { request: 'request', approve: 'approve', undo: 'approve', decline: 'approve' } as const;

const causesOf = ({ result }: RunRecord): string[] => (result?.kind === 'check' ? result.report.verdict.causes : []);

/** The move that this person makes of it from here, under the policy as it is at each call. */
export function judgeOf(
  counter: Pick<Counter, 'policy'>,
  { person, where }: Situation,
  record: RunRecord,
  { doing, reason }: { doing: Doing; reason: string | null },
): (change: Change) => Move {
  const by: By = { person, channel: where.channel };
  return (change) => {
    const act = { cluster: record.cluster, run: record.id, now: Date.now(), details: { causes: causesOf(record) } };
    const { policy } = counter;
    if (doing === 'request') return request(change, policy, { ...by, reason }, act);
    if (doing === 'approve') return approve(change, policy, by, act);
    return doing === 'undo' ? askUndo(change, policy, by, null, act) : decline(change, policy, by, act);
  };
}

/** What is said when an order stays as it is. */
export function staysAnswer(counter: Counter, situation: Situation, stays: Stays, record: RunRecord, doing: Doing): Answer {
  if (stays.why !== 'policy')
    return { outcome: 'answered', message: staysMessage({ why: stays.why, change: stays.change, record, wanted: doing }) };
  const refusal = refusalOf(counter, situation, stays.decision, { cluster: record.cluster, action: RIGHT[doing] });
  return refusal ?? notActive;
}

/** Only a worker is missing: whoever moved it there may have died before it was handed over, so that is done whenever it is seen. */
const isToBeDone = ({ state }: Change): boolean => state === 'approved' || state === 'undoing';

/**
 * Moves an order, and hands it over where it is to be done or undone now. Of two who do the same at once one moves it, and the other is told. All
 * is judged by what `situation` says of the person and the channel, which must be fresh.
 */
export async function moveOrder(
  counter: Counter,
  situation: Situation,
  known: KnownChange,
  { doing, reason = null }: { doing: Doing; reason?: string | null },
): Promise<Answer> {
  const { desk, log } = counter;
  const { id: run, cluster } = known.record;
  const { id } = known.change;
  const judge = judgeOf(counter, situation, known.record, { doing, reason });
  const moved = await desk.move(run, id, judge);
  if (moved.is === 'unknown') return notActive;
  const { change, record } = moved;
  if (isToBeDone(change) && (moved.is === 'moved' || moved.why === 'state')) await desk.carryOut(run, id);
  if (moved.is === 'stays') return staysAnswer(counter, situation, moved, record, doing);
  const { person, place } = situation;
  log.info({ run, cluster, change: id, doing, state: change.state, user: person.user, channel: place.channel }, 'an order was moved');
  const message = movedMessage({ change, record, terms: termsNow(counter, moved), did: doing });
  return { outcome: isToBeDone(change) ? 'started' : 'answered', message };
}
