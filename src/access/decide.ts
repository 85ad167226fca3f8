import type { Action, Channel, Decision, Person, Policy, PolicyRule, RefusalReason } from '../domain/access.ts';
import type { RunKind } from '../domain/run.ts';
import { barred, barredPerson } from './barred.ts';
import { concerns, namesChannel, namesPerson, type Wanted } from './matching.ts';

/** Yes. */
export const ALLOWED: Decision = { allowed: true };

/** Those of other organisations, bots and deactivated accounts are not told who may what. */
const TOLD_NOTHING: readonly RefusalReason[] = ['bot', 'deactivated', 'external'];

/** The policy's no. */
export type Refusal = Extract<Decision, { allowed: false }>;

const all = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())];

/** A no that names those of the rules, except to outsiders. */
export function refusal(reason: RefusalReason, rules: readonly Pick<PolicyRule, 'users' | 'groups' | 'channels'>[]): Refusal {
  const told = TOLD_NOTHING.includes(reason) ? [] : rules;
  return {
    allowed: false,
    reason,
    mayUsers: all(told.map(({ users }) => users)),
    mayGroups: all(told.map(({ groups }) => groups)),
    mayChannels: all(told.map(({ channels }) => channels)),
  };
}

/** Why none of the rules that concern what is wanted lets this person do it here. */
function whyNot(rules: readonly PolicyRule[], person: Person, channel: Channel): RefusalReason {
  if (rules.length === 0) return 'no-policy';
  const hidden = person.groups === null && rules.some((rule) => rule.groups.length > 0 && namesChannel(rule, channel));
  if (hidden) return 'groups-unknown';
  return rules.some((rule) => namesPerson(rule, person)) ? 'channel' : 'person';
}

/**
 * Whether the person may do one of these things with the cluster from this channel. One rule must give it whole: the cluster, the action, the
 * person and the channel. Whatever is not known is not allowed. A refusal names everyone who may and from which channels, except to outsiders.
 */
export function decideAny(policy: Policy, person: Person, channel: Channel, cluster: string, actions: readonly Action[]): Decision {
  const rules = policy.rules.filter((rule) => actions.some((action) => concerns(rule, { cluster, action })));
  const reason = barred(policy, person, channel);
  if (reason !== null) return refusal(reason, rules);
  if (rules.some((rule) => namesPerson(rule, person) && namesChannel(rule, channel))) return ALLOWED;
  return refusal(whyNot(rules, person, channel), rules);
}

/** As `decideAny`, for one action. */
export const decide = (policy: Policy, person: Person, channel: Channel, { cluster, action }: Wanted): Decision =>
  decideAny(policy, person, channel, cluster, [action]);

/** The right that a run of this kind needs. */
export const actionOf = (kind: RunKind): Action => (kind === 'change' ? 'request' : kind);

/** A run that somebody wants to end. */
export interface RunToCancel {
  cluster: string;
  kind: RunKind;
  /** User id of the one who asked for it first. */
  askedBy: string;
}

/**
 * Whether the person may end the run: by the right to cancel, or because it is their own and they may still ask for its like. Whoever may
 * approve changes may stop one.
 */
export function decideCancel(policy: Policy, person: Person, channel: Channel, { cluster, kind, askedBy }: RunToCancel): Decision {
  const decision = decideAny(policy, person, channel, cluster, kind === 'change' ? ['cancel', 'approve'] : ['cancel']);
  if (decision.allowed || person.user !== askedBy) return decision;
  return decide(policy, person, channel, { cluster, action: actionOf(kind) }).allowed ? ALLOWED : decision;
}

/**
 * Those of the clusters `names` that the person may do this with from this channel, in the order given; channel null: from some channel
 * (App Home is in none).
 */
export function clustersFor(policy: Policy, person: Person, channel: Channel | null, action: Action, names: readonly string[]): string[] {
  if (channel !== null) return names.filter((cluster) => decide(policy, person, channel, { cluster, action }).allowed);
  if (barredPerson(policy, person) !== null) return [];
  const own = policy.rules.filter((rule) => namesPerson(rule, person));
  return names.filter((cluster) => own.some((rule) => concerns(rule, { cluster, action })));
}
