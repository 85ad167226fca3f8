import type { CheckRequest } from '../../domain/request.ts';
import { joinedMessage } from '../../report/slack/replies/runs.ts';
import { workerMissingMessage } from '../../report/slack/replies/trouble.ts';
import type { Counter } from '../counter.ts';
import type { Asked } from '../desk.ts';
import type { Complaint } from '../parse/command.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { refuse, refuseAbsent } from './refuse.ts';

const NOTHING: Complaint = { pod: null, node: null, names: [], quick: false };

/** A run that a person asks for. */
export interface Wish {
  kind: 'check' | 'doctor';
  cluster: string;
  complaint?: Complaint;
}

const requestOf = ({ cluster, complaint = NOTHING }: Wish, timeoutMs: number): CheckRequest => ({
  cluster,
  ...complaint,
  probePods: true,
  ephemeral: false,
  timeoutMs,
});

function answerOf({ outcome, record, workers }: Asked): Answer {
  const { id: run, cluster } = record;
  if (outcome !== 'started') return { outcome, message: joinedMessage(outcome, { run, cluster, address: null }) };
  return { outcome, message: workers === 0 ? workerMissingMessage(cluster) : null };
}

/** Starts a run, or joins the one that answers the same; or says why not. */
export async function start(counter: Counter, situation: Situation, wish: Wish): Promise<Answer & { asked?: Asked }> {
  const refusal = refuse(counter, situation, { cluster: wish.cluster, action: wish.kind }) ?? refuseAbsent(counter, situation);
  if (refusal !== null) return refusal;
  const { person, where, place } = situation;
  const request = requestOf(wish, counter.timeoutMs);
  const asked = await counter.desk.ask({ kind: wish.kind, request, person, channel: where.channel, place });
  return { ...answerOf(asked), asked };
}
