import type { UsersInfoResponse } from '@slack/web-api';
import { Failure } from '../../base/failure.ts';
import type { Person } from '../../domain/access.ts';

/** Who did something, by what came from Slack with it. */
export interface Asker {
  user: string;
  /** The workspace that the payload says the person is of; null where it says none. */
  team: string | null;
  /** The payload says that an app did it. */
  isBot: boolean;
}

type User = UsersInfoResponse['user'];

/**
 * The workspace of the person, or the organisation where the home is one. A payload that names another workspace is believed: it can only
 * take rights away.
 */
function teamOf(claimed: string | null, user: NonNullable<User>, home: string): string {
  if (home.startsWith('E')) return user.enterprise_user?.enterprise_id ?? '';
  return claimed !== null && claimed !== home ? claimed : (user.team_id ?? '');
}

/**
 * The person, without groups. What Slack leaves out counts against them: an account is whole and human only where it says so. Throws a
 * `Failure` when the answer is about nobody or somebody else.
 */
export function personOf({ user: id, team, isBot }: Asker, user: User, home: string): Omit<Person, 'groups'> {
  if (user?.id !== id) throw new Failure('missing', 'Slack knows no such user');
  return {
    user: id,
    team: teamOf(team, user, home),
    isBot: isBot || user.is_bot !== false || id === 'USLACKBOT',
    isDeleted: user.deleted !== false,
    isGuest: user.is_restricted !== false || user.is_ultra_restricted !== false,
    isStranger: user.is_stranger === true,
  };
}
