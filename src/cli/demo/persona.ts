import { Failure } from '../../base/failure.ts';
import type { SlackLookalike } from '../../lab/slack/start-slack.ts';

/** Who acts, and where. */
export interface Persona {
  user: string;
  channel: string;
}

/** The name of a person. */
export const nameOf = ({ seed }: SlackLookalike, user: string): string => seed.users.find(({ id }) => id === user)?.name ?? user;
/** The name of a channel, without its sign. */
export const channelOf = ({ seed }: SlackLookalike, channel: string): string =>
  seed.channels.find(({ id }) => id === channel)?.name ?? channel;

/** The id of a person. Throws a Failure that says who there is. */
export function personNamed({ seed }: SlackLookalike, who: string): string {
  const found = seed.users.find(({ name }) => name === who);
  if (found !== undefined) return found.id;
  throw new Failure('missing', `there is no ${who} here; there are ${seed.users.map(({ name }) => name).join(', ')}`);
}

/** The id of a channel. Throws a Failure that says which there are. */
export function channelNamed({ seed }: SlackLookalike, name: string): string {
  const named = seed.channels.filter(({ kind }) => kind !== 'im');
  const found = named.find((channel) => channel.name === name);
  if (found !== undefined) return found.id;
  throw new Failure('missing', `there is no #${name} here; there are ${named.map((channel) => `#${channel.name}`).join(', ')}`);
}
