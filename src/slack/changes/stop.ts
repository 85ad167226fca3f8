import { wishOf } from '../../access/changes/life.ts';
import { decideStop } from '../../access/changes/decide.ts';
import type { Change } from '../../domain/change.ts';
import { staysMessage, stopMessage } from '../../report/slack/replies/changes.ts';
import { refusalOf } from '../answers/refuse.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';

/** The run that does or undoes it now, or is about to; null: none is. */
export function runOf({ state, applyRun, undoRun }: Pick<Change, 'state' | 'applyRun' | 'undoRun'>): string | null {
  if (state === 'undoing') return undoRun;
  return state === 'approved' || state === 'running' ? applyRun : null;
}

/** Ends the work on an order after what is under way (one pod, one object), for those who may. */
export async function stopOrder(counter: Counter, situation: Situation, { record, change }: KnownChange): Promise<Answer> {
  const { person, where } = situation;
  const { cluster } = record;
  const decision = decideStop(counter.policy, wishOf(change, record), change, person, where.channel);
  const refusal = refusalOf(counter, situation, decision, { cluster, action: 'cancel' });
  if (refusal !== null) return refusal;
  const run = runOf(change);
  if (run === null) return { outcome: 'answered', message: staysMessage({ why: 'state', change, record, wanted: 'stop' }) };
  const outcome = await counter.desk.cancel(run, person.user);
  counter.log.info({ run, cluster, change: change.id, user: person.user, outcome }, 'the work on an order is stopped');
  return { outcome: 'answered', message: stopMessage(outcome, { change, record }) };
}
