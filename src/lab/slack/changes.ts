import { Failure } from '../../base/failure.ts';
import { deliver, type Told } from './delivery/deliver.ts';
import type { Lab } from './lab.ts';
import { eventPayload } from './people/payloads.ts';
import { place } from './people/people.ts';
import { remove } from './world/posting.ts';
import type { LabChannel, LabUser } from './world/seed.ts';
import { asChannel } from './world/world.ts';

/** What changes in a workspace while an app is at work: what people with other rights than the app's do. */
export interface Changes extends ChannelChanges, PeopleChanges {}

interface ChannelChanges {
  /** Somebody deletes a message. */
  deleteMessage(channel: string, ts: string): void;
  /** The channel is gone, with all in it. */
  deleteChannel(channel: string): void;
  archive(channel: string, archived?: boolean): void;
  createChannel(channel: Partial<LabChannel> & Pick<LabChannel, 'id' | 'name'>): void;
  share(channel: string, shared: boolean): void;
}

interface PeopleChanges {
  /** The app is told of it in channels where it is. */
  join(channel: string, user: string): Promise<Told | null>;
  leave(channel: string, user: string): void;
  setGroup(group: string, users: string[]): Promise<Told | null>;
  setUser(user: string, change: Partial<LabUser>): void;
  /** Scopes as they were granted by another installation. */
  setScopes(scopes: string[]): void;
}

export function createChanges(lab: Lab): Changes {
  return { ...channelChanges(lab), ...peopleChanges(lab) };
}

function channelChanges(lab: Lab): ChannelChanges {
  const { world } = lab;
  return {
    deleteMessage(channelId, ts) {
      const channel = place(lab, channelId);
      const message = channel.messages.get(ts);
      if (message === undefined) throw new Failure('missing', `there is no message ${ts} in ${channel.name}`);
      remove(world, channel, message);
    },
    deleteChannel(channel) {
      world.channels.delete(place(lab, channel).id);
      lab.changed();
    },
    archive(channel, archived = true) {
      place(lab, channel).archived = archived;
      lab.changed();
    },
    createChannel(channel) {
      const defaults = { kind: 'public' as const, shared: false, pendingShared: false, archived: false, members: [] };
      world.channels.set(channel.id, asChannel({ ...defaults, ...channel }));
      lab.changed();
    },
    share(channel, shared) {
      place(lab, channel).shared = shared;
      lab.changed();
    },
  };
}

function peopleChanges(lab: Lab): PeopleChanges {
  const { world } = lab;
  return {
    async join(channelId, user) {
      const channel = place(lab, channelId);
      if (!channel.members.includes(user)) channel.members.push(user);
      lab.changed();
      if (!channel.members.includes(world.app.botUser)) return null;
      return tell(lab, 'member_joined_channel', { user, channel: channel.id, channel_type: 'C', team: world.team.id }, channel.id);
    },
    leave(channelId, user) {
      const channel = place(lab, channelId);
      channel.members = channel.members.filter((id) => id !== user);
      lab.changed();
    },
    setGroup: (id, users) => setGroup(lab, id, users),
    setUser(id, change) {
      const user = world.users.get(id);
      if (user === undefined) throw new Failure('missing', `there is no user ${id}`);
      Object.assign(user, change);
      lab.changed();
    },
    setScopes(scopes) {
      world.app.scopes = [...scopes];
    },
  };
}

async function setGroup(lab: Lab, id: string, users: string[]): Promise<Told | null> {
  const group = lab.world.groups.get(id);
  if (group === undefined) throw new Failure('missing', `there is no group ${id}`);
  const before = group.users;
  group.users = [...users];
  lab.changed();
  const added_users = users.filter((user) => !before.includes(user));
  const removed_users = before.filter((user) => !users.includes(user));
  const counts = { added_users_count: added_users.length, removed_users_count: removed_users.length };
  return tell(lab, 'subteam_members_changed', { subteam_id: id, team_id: lab.world.team.id, added_users, removed_users, ...counts }, null);
}

async function tell(lab: Lab, type: string, event: Record<string, unknown>, channel: string | null): Promise<Told | null> {
  if (!lab.world.app.events.includes(type)) return null;
  const where = channel === null ? null : (lab.world.channels.get(channel) ?? null);
  return deliver(lab, 'events_api', type, eventPayload(lab, { type, ...event }, where));
}
