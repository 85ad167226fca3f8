import type { Lab } from '../lab.ts';
import { Refusal } from '../world/refusal.ts';
import { asChannel, type Channel, type World } from '../world/world.ts';
import { needed, type Args } from './arguments.ts';
import type { Kind } from './method.ts';

/** Refuses as Slack does when the token was not granted a scope. */
export function requireScope(lab: Lab, scope: string): void {
  const { scopes } = lab.world.app;
  if (!scopes.includes(scope)) throw new Refusal('missing_scope', { needed: scope, provided: scopes.join(',') });
}

const FAMILY: Readonly<Record<Kind, string>> = { public: 'channels', private: 'groups', im: 'im', mpim: 'mpim' };

/** The scope to read (`read`) a conversation of this kind or its messages (`history`). */
export const scopeFor = (kind: Kind, what: 'read' | 'history'): string => `${FAMILY[kind]}:${what}`;

export function isIn(world: World, channel: Channel): boolean {
  return channel.members.includes(world.app.botUser);
}

/** A conversation that the bot can see. What it cannot see is not there for it. */
export function seen(lab: Lab, args: Args, name = 'channel'): Channel {
  const channel = found(lab.world, needed(args, name));
  if (channel === undefined || (channel.kind !== 'public' && !isIn(lab.world, channel))) throw new Refusal('channel_not_found');
  return channel;
}

/** A conversation that the bot may write to. */
export function writable(lab: Lab, args: Args, name = 'channel'): Channel {
  const channel = seen(lab, args, name);
  if (channel.archived) throw new Refusal('is_archived');
  if (!isIn(lab.world, channel) && !lab.world.app.scopes.includes('chat:write.public')) throw new Refusal('not_in_channel');
  return channel;
}

/** A conversation whose messages the bot may read. */
export function readable(lab: Lab, args: Args): Channel {
  const channel = seen(lab, args);
  requireScope(lab, scopeFor(channel.kind, 'history'));
  if (!isIn(lab.world, channel)) throw new Refusal('not_in_channel');
  return channel;
}

/** By id, by `#name`, or by the id of a user: the direct messages with them. */
function found(world: World, given: string): Channel | undefined {
  if (given.startsWith('#')) return [...world.channels.values()].find(({ name }) => name === given.slice(1));
  return world.channels.get(given) ?? (world.users.has(given) ? directMessages(world, given) : undefined);
}

/** The direct messages of the bot with a user, opened when there are none yet. */
export function directMessages(world: World, user: string): Channel {
  const open = [...world.channels.values()].find(({ kind, members }) => kind === 'im' && members.includes(user));
  if (open) return open;
  const id = `D${user.slice(1)}`;
  const created = asChannel({
    id,
    name: world.users.get(user)?.name ?? id,
    kind: 'im',
    shared: false,
    pendingShared: false,
    archived: false,
    members: [user, world.app.botUser],
  });
  world.channels.set(id, created);
  return created;
}
