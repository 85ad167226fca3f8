import { type Action, type Channel, namesCluster, type Person, type PolicyRule } from '../domain/access.ts';

/** A cluster and what is to be done with it. */
export interface Wanted {
  cluster: string;
  action: Action;
}

/** Whether the rule gives somebody somewhere what is wanted. */
export function concerns({ clusters, users, groups, channels, may }: PolicyRule, { cluster, action }: Wanted): boolean {
  const givesToSomebody = users.length + groups.length > 0 && channels.length > 0;
  return givesToSomebody && may.includes(action) && clusters.some((pattern) => namesCluster(pattern, cluster));
}

/** Whether the rule names the person, or a group that the person is known to be in. */
export const namesPerson = ({ users, groups }: Pick<PolicyRule, 'users' | 'groups'>, person: Person): boolean =>
  users.includes(person.user) || groups.some((group) => person.groups?.includes(group) ?? false);

/** Whether the rule holds in this channel, which is known and not shared. */
export const namesChannel = ({ channels }: PolicyRule, channel: Channel): boolean =>
  channels.includes('any') || channels.includes(channel.id);
