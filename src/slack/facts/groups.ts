/** Members of user groups by the group's id; null: Slack would not say. */
export type GroupMembers = ReadonlyMap<string, readonly string[] | null>;

/**
 * The groups that the person is in, as far as they count. A group that could not be read gives nothing; when none of the others has the
 * person, all is unknown (null).
 */
export function groupsOf(user: string, members: GroupMembers): string[] | null {
  const known = [...members].filter(([, users]) => users?.includes(user) ?? false).map(([group]) => group);
  const hidden = [...members.values()].includes(null);
  return known.length === 0 && hidden ? null : known;
}
