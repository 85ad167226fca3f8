import { decideCancel } from '../../access/decide.ts';
import { isOver, type RunRecord } from '../../domain/run.ts';
import { historyMessage } from '../../report/slack/replies/history.ts';
import { cancelMessage, noRunMessage } from '../../report/slack/replies/runs.ts';
import { statusMessage } from '../../report/slack/replies/status.ts';
import { runOf, stopOrder } from '../changes/stop.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { refusalOf, refuse, refuseBarred } from './refuse.ts';

const LONGEST_HISTORY = 20;

/** The newest run that somebody asked for here: where that is work on an order, the run that proposed it. */
async function latestHere({ desk }: Counter, { spot }: Situation): Promise<RunRecord | null> {
  const latest = await desk.latestAt(spot);
  return latest?.change === undefined ? latest : desk.find(latest.change.of);
}

const runMeant = (counter: Counter, situation: Situation, run: string | null): Promise<RunRecord | null> =>
  run === null ? latestHere(counter, situation) : counter.desk.find(run);

const noRun = ({ calledAs }: Situation, run: string | null): Answer => ({ outcome: 'answered', message: noRunMessage(run, calledAs) });

/** How far a run is; without an id the newest one of this place. */
export async function status(counter: Counter, situation: Situation, run: string | null): Promise<Answer> {
  const barred = refuseBarred(counter, situation, 'read');
  if (barred !== null) return barred;
  const record = await runMeant(counter, situation, run);
  if (record === null) return noRun(situation, run);
  const refusal = refuse(counter, situation, { cluster: record.cluster, action: 'read' });
  return refusal ?? { outcome: 'answered', message: statusMessage(record) };
}

/** The order that an ended run proposed, and on which work goes on. */
const beingDone = (record: RunRecord): KnownChange | null => {
  const change = isOver(record.progress.state) ? record.changes?.find((one) => runOf(one) !== null) : undefined;
  return change === undefined ? null : { record, change };
};

/** Ends a run, or the work on an order of it after what is under way; without an id the newest run of this place. */
export async function cancel(counter: Counter, situation: Situation, run: string | null): Promise<Answer> {
  const barred = refuseBarred(counter, situation, 'cancel');
  if (barred !== null) return barred;
  const record = await runMeant(counter, situation, run);
  if (record === null) return noRun(situation, run);
  // work on an order is stopped by way of the order: one that waits until a change has to end must not be cancelled
  const { change: of } = record;
  const order = of === undefined ? beingDone(record) : await counter.desk.change(of.of, of.change);
  if (order === null && of !== undefined) return noRun(situation, run);
  if (order !== null) return stopOrder(counter, situation, order);
  const decision = decideCancel(counter.policy, situation.person, situation.where.channel, record);
  const refusal = refusalOf(counter, situation, decision, { cluster: record.cluster, action: 'cancel' });
  if (refusal !== null) return refusal;
  const outcome = await counter.desk.cancel(record.id, situation.person.user);
  counter.log.info({ run: record.id, cluster: record.cluster, user: situation.person.user, outcome }, 'a run is cancelled');
  return { outcome: 'answered', message: cancelMessage(outcome, record.id) };
}

/** The last runs of a cluster. */
export async function history(counter: Counter, situation: Situation, cluster: string): Promise<Answer> {
  const refusal = refuse(counter, situation, { cluster, action: 'read' });
  if (refusal !== null) return refusal;
  return { outcome: 'answered', message: historyMessage(cluster, await counter.desk.history(cluster, LONGEST_HISTORY)) };
}
