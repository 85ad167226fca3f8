import type { Channel, Decision, Person, Policy } from '../../domain/access.ts';
import type { Approval, Change, ChangeTerms } from '../../domain/change.ts';
import { ALLOWED, decide, decideAny, decideCancel, type Refusal, refusal } from '../decide.ts';
import { namesPerson } from '../matching.ts';
import { approversOf, type ChangeWish, ruleFor, termsOf } from './terms.ts';

/** Who stands behind an order. */
export type Backed = Pick<Change, 'requested' | 'approvals'>;

/** Nobody may, so nobody is named. */
const closed = (reason: 'read-only' | 'frozen', says: string): Refusal => ({ ...refusal(reason, []), says });

const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function restsNow({ readOnly, frozen }: ChangeTerms, cluster: string): Refusal | null {
  if (readOnly) return closed('read-only', `Nothing may be changed in ${cluster}: it is read-only in dns-medic.yaml.`);
  if (frozen === null) return null;
  const until = frozen.until === null ? '' : ` They may be made again from ${moment(frozen.until)} on.`;
  return closed('frozen', `Changes rest now: ${frozen.says.replace(/[\s.]+$/, '')}.${until}`);
}

/** Whether the person may ask for this change now. */
export function decideRequest(policy: Policy, wish: ChangeWish, person: Person, channel: Channel, now: number): Decision {
  const decision = decide(policy, person, channel, { cluster: wish.cluster, action: 'request' });
  return decision.allowed ? (restsNow(termsOf(policy, wish, now), wish.cluster) ?? decision) : decision;
}

const named = ({ users, groups, channels }: ChangeTerms['mayApprove'], without: readonly string[] = []) => ({
  mayUsers: users.filter((user) => !without.includes(user)),
  mayGroups: groups,
  mayChannels: channels,
});

/** The right to approve, narrowed by the rule for this change. Who is told nothing by `decide` is told nothing here. */
function mayApprove(policy: Policy, wish: ChangeWish, person: Person, channel: Channel): Decision {
  const by = ruleFor(policy, wish)?.by ?? null;
  const decision = decide(policy, person, channel, { cluster: wish.cluster, action: 'approve' });
  if (by === null || (decision.allowed && namesPerson(by, person))) return decision;
  if (!decision.allowed && decision.mayChannels.length === 0) return decision;
  const hidden = person.groups === null && by.groups.length > 0;
  const reason = decision.allowed ? (hidden ? 'groups-unknown' : 'person') : decision.reason;
  return { ...refusal(reason, []), ...named(approversOf(policy, wish)) };
}

/** A channel that was looked at when somebody said yes there; of it only the id was kept. */
const knownChannel = (id: string): Channel => ({ id, kind: 'private', isShared: false });

const counts = (policy: Policy, wish: ChangeWish, { person, channel }: Approval): boolean =>
  mayApprove(policy, wish, person, knownChannel(channel)).allowed;

/** The people who have said yes and may, under the policy as it is now, each once. The one who asks is one of them where two are asked. */
function behind(policy: Policy, wish: ChangeWish, { requested, approvals }: Backed, people: number): string[] {
  if (requested === null) return [];
  const own = requested.person.user;
  const yes = approvals.filter((approval) => counts(policy, wish, approval)).map(({ person }) => person.user);
  const asks = people > 1 || counts(policy, wish, requested) ? [own] : [];
  return [...new Set([...asks, ...yes])];
}

/**
 * Whether the person's yes to this order would count now. Where two or more people are asked, the one who asked may not; nobody counts twice.
 */
export function decideApproval(
  policy: Policy,
  wish: ChangeWish,
  { requested, approvals }: Backed,
  person: Person,
  channel: Channel,
  now: number,
): Decision {
  const decision = mayApprove(policy, wish, person, channel);
  if (!decision.allowed) return decision;
  const terms = termsOf(policy, wish, now);
  const rests = restsNow(terms, wish.cluster);
  if (rests !== null) return rests;
  const own = requested?.person.user;
  if (terms.people > 1 && person.user === own) return { ...refusal('own-request', []), ...named(terms.mayApprove, [person.user]) };
  const before = approvals.filter((approval) => counts(policy, wish, approval)).map((approval) => approval.person.user);
  if (!before.includes(person.user)) return ALLOWED;
  return { ...refusal('approved-already', []), ...named(terms.mayApprove, terms.people > 1 ? [...before, own ?? ''] : before) };
}

const needed = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

/**
 * Why this order may not be carried out under the policy as it is now: who asked may no longer, changes rest, or too few of those who may have
 * said yes. What was known of people and channels is what Slack said when they clicked.
 */
export function decideApply(policy: Policy, wish: ChangeWish, backed: Backed, now: number): Decision {
  const { requested } = backed;
  const terms = termsOf(policy, wish, now);
  if (requested === null) return { ...refusal('person', []), ...named(terms.mayApprove), says: 'Nobody asked for it.' };
  const asked = decideRequest(policy, wish, requested.person, knownChannel(requested.channel), now);
  if (!asked.allowed) return { says: 'The policy no longer lets the one who asked for it ask.', ...asked };
  const count = behind(policy, wish, backed, terms.people).length;
  if (count >= terms.people) return ALLOWED;
  const says = `The policy now asks for ${needed(terms.people)}, and counts the yes of ${count}.`;
  return { ...refusal('person', []), ...named(terms.mayApprove), says };
}

/** Whether all that the policy asks for now has been given. */
export const isApproved = (policy: Policy, wish: ChangeWish, backed: Backed, now: number): boolean =>
  decideApply(policy, wish, backed, now).allowed;

/** Somebody who asked for it, and may still ask for such. */
const isOwn = (
  policy: Policy,
  { cluster }: ChangeWish,
  { requested }: Pick<Change, 'requested'>,
  person: Person,
  channel: Channel,
): boolean => requested?.person.user === person.user && decide(policy, person, channel, { cluster, action: 'request' }).allowed;

/**
 * Whether the person may have it undone: whoever may approve in this cluster, or the one who asked for it. Neither a read-only cluster nor a
 * freeze keeps anybody from undoing. (`_now` for the like of the others.)
 */
export function decideUndo(
  policy: Policy,
  wish: ChangeWish,
  change: Pick<Change, 'requested'>,
  person: Person,
  channel: Channel,
  _now: number,
): Decision {
  const decision = decide(policy, person, channel, { cluster: wish.cluster, action: 'approve' });
  return decision.allowed || isOwn(policy, wish, change, person, channel) ? ALLOWED : decision;
}

/**
 * Whether the person may have the files of a capture, in which names and clients are as they are: whoever may approve in this cluster. Asking for the
 * capture is not enough. Neither a read-only cluster nor a freeze matters, for nothing is changed.
 */
export const decideFiles = (policy: Policy, { cluster }: Pick<ChangeWish, 'cluster'>, person: Person, channel: Channel): Decision =>
  decide(policy, person, channel, { cluster, action: 'approve' });

/** Whether the person may say no to it: whoever may ask for changes of this cluster, or approve them. */
export const decideDecline = (policy: Policy, { cluster }: ChangeWish, person: Person, channel: Channel): Decision =>
  decideAny(policy, person, channel, cluster, ['approve', 'request']);

/** Whether the person may stop it while it is being done: whoever may cancel or approve, or the one who asked for it. */
export const decideStop = (
  policy: Policy,
  { cluster }: ChangeWish,
  { requested }: Pick<Change, 'requested'>,
  person: Person,
  channel: Channel,
): Decision => decideCancel(policy, person, channel, { cluster, kind: 'change', askedBy: requested?.person.user ?? '' });
