import type { Channel, Person, Policy } from '../../domain/access.ts';
import type { Approval, Change, Move } from '../../domain/change.ts';
import { refusal } from '../decide.ts';
import { decideApproval, decideDecline, decideRequest, isApproved } from './decide.ts';
import { type Act, byPerson, late, moved, refused, wishOf } from './move.ts';
import { termsOf } from './terms.ts';

/** Somebody who clicks, and where. */
export interface By {
  person: Person;
  channel: Channel;
}

/** Someone's reason is kept up to so many characters. */
const LONGEST_REASON = 500;

const yesOf = ({ person, channel }: By, { now }: Act): Approval => ({ person, channel: channel.id, at: now });

/**
 * Somebody asks for a proposed change: it is requested then, or approved at once where one person suffices and this one may approve. A reason
 * must be given where the policy asks for one.
 */
export function request(change: Change, policy: Policy, by: By & { reason: string | null }, act: Act): Move {
  const stuck = late(change, act, ['proposed']);
  if (stuck !== null) return stuck;
  const wish = wishOf(change, act);
  const decision = decideRequest(policy, wish, by.person, by.channel, act.now);
  if (!decision.allowed) return refused(change, decision);
  const { people, reason: needsReason } = termsOf(policy, wish, act.now);
  const reason = by.reason?.trim().slice(0, LONGEST_REASON) || null;
  if (needsReason && reason === null) return refused(change, refusal('no-reason', []));
  const requested = yesOf(by, act);
  const approved = isApproved(policy, wish, { requested, approvals: [] }, act.now);
  return moved(change, { state: approved ? 'approved' : 'requested', requested, reason, approvals: [] }, act, {
    action: 'requested',
    actor: byPerson(by.person.user),
    details: { reason, people, approved },
  });
}

/** Somebody says yes to a change that was asked for: it is approved when that is enough. */
export function approve(change: Change, policy: Policy, by: By, act: Act): Move {
  const stuck = late(change, act, ['requested']);
  if (stuck !== null) return stuck;
  const wish = wishOf(change, act);
  const decision = decideApproval(policy, wish, change, by.person, by.channel, act.now);
  if (!decision.allowed) return refused(change, decision);
  // a yes of the same person that does not count any more (from another channel) makes room for this one
  const approvals = [...change.approvals.filter(({ person }) => person.user !== by.person.user), yesOf(by, act)];
  const approved = isApproved(policy, wish, { ...change, approvals }, act.now);
  const { people } = termsOf(policy, wish, act.now);
  return moved(change, { state: approved ? 'approved' : 'requested', approvals }, act, {
    action: 'approved',
    actor: byPerson(by.person.user),
    details: { people, approved },
  });
}

/** Somebody says no to a change before it is approved. */
export function decline(change: Change, policy: Policy, by: By, act: Act): Move {
  const stuck = late(change, act, ['proposed', 'requested']);
  if (stuck !== null) return stuck;
  const decision = decideDecline(policy, wishOf(change, act), by.person, by.channel);
  if (!decision.allowed) return refused(change, decision);
  const { user } = by.person;
  return moved(change, { state: 'refused', declinedBy: user, why: null }, act, { action: 'declined', actor: byPerson(user) });
}
