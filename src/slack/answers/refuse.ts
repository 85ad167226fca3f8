import { barred } from '../../access/barred.ts';
import { decide } from '../../access/decide.ts';
import type { Action, Decision } from '../../domain/access.ts';
import { refusalMessage, type Refused } from '../../report/slack/replies/refusal.ts';
import { notInChannelMessage } from '../../report/slack/replies/trouble.ts';
import type { Counter } from '../counter.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';

/** What was asked for, and of which cluster. `wanted`: in words, where it is more than the name of the right. */
export type Asked = Pick<Refused, 'cluster' | 'action' | 'wanted'>;

/** What is said in place of a cluster's name when none was given. */
const ANY = 'any cluster';

/** Slack hides private channels from a bot that is no member: then that is what to say. */
const isHidden = ({ where }: Situation, reason: string): boolean => reason === 'unknown-channel' && where.isMember === false;

const notHere = ({ botUser }: Counter): Answer => ({ outcome: 'not-in-channel', message: notInChannelMessage(botUser) });

/** The answer to a decision: null when it allows. */
export function refusalOf(counter: Counter, situation: Situation, decision: Decision, asked: Asked): Answer | null {
  if (decision.allowed) return null;
  const { person, where } = situation;
  counter.log.warn({ user: person.user, channel: where.channel.id, ...asked, reason: decision.reason }, 'refused');
  if (isHidden(situation, decision.reason)) return notHere(counter);
  return { outcome: 'refused', message: refusalMessage(decision, asked) };
}

/** Refuses what the policy does not give; null when it does. */
export const refuse = (counter: Counter, situation: Situation, asked: { cluster: string; action: Action }): Answer | null =>
  refusalOf(counter, situation, decide(counter.policy, situation.person, situation.where.channel, asked), asked);

/** Refuses those who get nothing at all, where no cluster is named; null for others. */
export function refuseBarred(counter: Counter, situation: Situation, action: Action): Answer | null {
  const reason = barred(counter.policy, situation.person, situation.where.channel);
  if (reason === null) return null;
  return refusalOf(counter, situation, { allowed: false, reason, mayUsers: [], mayGroups: [], mayChannels: [] }, { cluster: ANY, action });
}

/** Says that the bot cannot post here; null when it can. */
export const refuseAbsent = (counter: Counter, { where }: Situation): Answer | null => (where.isMember === false ? notHere(counter) : null);
