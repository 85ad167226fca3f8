import type { Channel, Person, Policy, RefusalReason } from '../domain/access.ts';

/**
 * Why this person gets nothing at all, whatever the rules say; null when the rules decide. A workspace that Slack does not name is another
 * one: what is not known is not allowed.
 */
export function barredPerson(policy: Policy, person: Person): RefusalReason | null {
  if (person.isBot) return 'bot';
  if (person.isDeleted) return 'deactivated';
  if (policy.team === '' || person.team !== policy.team || person.isStranger) return 'external';
  return person.isGuest ? 'guest' : null;
}

/** As `barredPerson`, for a person who asks from this channel. */
export function barred(policy: Policy, person: Person, channel: Channel): RefusalReason | null {
  const reason = barredPerson(policy, person);
  if (reason !== null) return reason;
  if (channel.isShared) return 'shared-channel';
  return channel.kind === 'unknown' ? 'unknown-channel' : null;
}
