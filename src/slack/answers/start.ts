import { decideRequest } from '../../access/changes/decide.ts';
import type { RemedyWish } from '../../domain/plan.ts';
import type { CheckRequest } from '../../domain/request.ts';
import { joinedMessage } from '../../report/slack/replies/runs.ts';
import type { Counter } from '../counter.ts';
import type { Asked } from '../desk.ts';
import type { Complaint } from '../parse/command.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { refusalOf, refuse, refuseAbsent } from './refuse.ts';

const NOTHING: Complaint = { pod: null, node: null, names: [], quick: false };

/** A run that a person asks for. */
export interface Wish {
  kind: 'check' | 'doctor';
  cluster: string;
  complaint?: Complaint;
  /** What is to be planned besides, and why. */
  remedy?: RemedyWish;
  reason?: string | null;
}

const requestOf = ({ cluster, complaint = NOTHING, remedy, reason = null }: Wish, timeoutMs: number): CheckRequest => ({
  cluster,
  ...complaint,
  probePods: true,
  ephemeral: false,
  timeoutMs,
  ...(remedy === undefined ? {} : { remedy }),
  ...(reason === null ? {} : { reason }),
});

/** A link to the thread of a run in this place; null where there is none to be had. */
export async function addressOf({ cardOf, asking }: Counter, run: string, { channel, thread }: Situation['place']): Promise<string | null> {
  try {
    const ts = thread ?? (await cardOf(run, channel));
    if (ts === null) return null;
    return (await asking.chat.getPermalink({ channel, message_ts: ts })).permalink ?? null;
  } catch {
    // the answer is as true without it
    return null;
  }
}

async function answerOf(counter: Counter, { outcome, record }: Asked, place: Situation['place']): Promise<Answer> {
  const { id: run, cluster } = record;
  // a link into the place of others would tell where that is
  const address = outcome === 'here' ? await addressOf(counter, run, place) : null;
  // what becomes of a run, and that no worker is there, its card says
  return { outcome, message: outcome === 'started' ? null : joinedMessage(outcome, { run, cluster, address }) };
}

/** Refuses a plan that the person could not ask for; null when they could. What it would risk is not known yet, so the worst is taken. */
function refusePlan(counter: Counter, situation: Situation, { cluster, remedy }: Wish): Answer | null {
  if (remedy === undefined) return null;
  const { person, where } = situation;
  const wish = { cluster, remedy: remedy.id, risk: 'disruptive' } as const;
  const decision = decideRequest(counter.policy, wish, person, where.channel, Date.now());
  return refusalOf(counter, situation, decision, { cluster, action: 'request' });
}

/** Starts a run, or joins the one that answers the same; or says why not. */
export async function start(counter: Counter, situation: Situation, wish: Wish): Promise<Answer & { asked?: Asked }> {
  const asks = { cluster: wish.cluster, action: wish.kind };
  const refusal = refuse(counter, situation, asks) ?? refusePlan(counter, situation, wish) ?? refuseAbsent(counter, situation);
  if (refusal !== null) return refusal;
  const { person, where, place } = situation;
  const request = requestOf(wish, counter.timeoutMs);
  const asked = await counter.desk.ask({ kind: wish.kind, request, person, channel: where.channel, place });
  const { record, outcome } = asked;
  counter.log.info(
    { run: record.id, kind: wish.kind, cluster: wish.cluster, user: person.user, channel: place.channel, outcome },
    'a run was asked for',
  );
  return { ...(await answerOf(counter, asked, place)), asked };
}
