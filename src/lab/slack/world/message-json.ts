import { replies } from './posting.ts';
import type { Channel, Json, Message, World } from './world.ts';

/** A message as Slack gives it. Metadata only for those who ask for it. */
export function messageJson(world: World, channel: Channel, message: Message, withMetadata = false): Json {
  if (message.tombstone) return { ...tombstone(message), ...thread(channel, message) };
  const byApp = message.user === world.app.botUser;
  return {
    type: 'message',
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    user: message.user,
    ...(byApp ? { bot_id: world.app.botId, app_id: world.app.id } : {}),
    team: world.users.get(message.user)?.team ?? world.team.id,
    ts: message.ts,
    text: message.text,
    ...(message.blocks === null ? {} : { blocks: message.blocks }),
    ...thread(channel, message),
    ...(message.editedAt !== null && message.blocks === null
      ? { edited: { user: message.user, ts: `${Math.floor(message.editedAt / 1000)}.000000` } }
      : {}),
    ...(withMetadata && message.metadata !== null ? { metadata: message.metadata } : {}),
    ...(message.reactions.length > 0 ? { reactions: message.reactions.map((each) => ({ ...each, count: each.users.length })) } : {}),
    ...(message.files.length > 0 ? { files: message.files.map(({ id, name, title, size }) => ({ id, name, title, size })) } : {}),
  };
}

const tombstone = (message: Message): Json => ({
  type: 'message',
  subtype: 'tombstone',
  user: 'USLACKBOT',
  hidden: true,
  ts: message.ts,
  text: message.text,
});

function thread(channel: Channel, message: Message): Json {
  if (message.threadTs !== null) return { thread_ts: message.threadTs, parent_user_id: channel.messages.get(message.threadTs)?.user };
  const under = replies(channel, message.ts);
  const last = under.at(-1);
  if (last === undefined) return {};
  const users = [...new Set(under.map((each) => each.user))];
  return { thread_ts: message.ts, reply_count: under.length, reply_users: users, reply_users_count: users.length, latest_reply: last.ts };
}

/** A conversation as Slack gives it. */
export function channelJson(world: World, channel: Channel): Json {
  const direct = channel.kind === 'im';
  return {
    id: channel.id,
    ...(direct ? { user: channel.members.find((id) => id !== world.app.botUser) } : { name: channel.name, name_normalized: channel.name }),
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: direct,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'public',
    is_archived: channel.archived,
    is_member: channel.members.includes(world.app.botUser),
    is_shared: channel.shared,
    is_ext_shared: channel.shared,
    is_org_shared: false,
    is_pending_ext_shared: channel.pendingShared,
    context_team_id: world.team.id,
    num_members: channel.members.length,
  };
}
