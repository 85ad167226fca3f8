import type { Lab } from '../lab.ts';
import { channelJson, messageJson } from '../world/message-json.ts';
import { replies } from '../world/posting.ts';
import { invalidArguments, Refusal } from '../world/refusal.ts';
import type { Channel, Json, Message } from '../world/world.ts';
import { readable, requireScope, scopeFor, seen } from './access.ts';
import { flag, needed, text, whole, type Args } from './arguments.ts';
import type { Methods } from './method.ts';

const MOST = 999;

function info(lab: Lab, args: Args): Json {
  const channel = seen(lab, args);
  requireScope(lab, scopeFor(channel.kind, 'read'));
  const extra = flag(args, 'include_num_members') ? {} : { num_members: undefined };
  return { channel: { ...channelJson(lab.world, channel), ...extra } };
}

function members(lab: Lab, args: Args): Json {
  const channel = seen(lab, args);
  requireScope(lab, scopeFor(channel.kind, 'read'));
  const { items, next } = page(channel.members, args, 100);
  return { members: items, response_metadata: { next_cursor: next } };
}

function history(lab: Lab, args: Args): Json {
  const channel = readable(lab, args);
  const shown = [...channel.messages.values()].filter((each) => each.threadTs === null || each.broadcast);
  return messages(lab, channel, within(shown, args).toReversed(), args);
}

function thread(lab: Lab, args: Args): Json {
  const channel = readable(lab, args);
  const message = channel.messages.get(needed(args, 'ts'));
  if (message === undefined) throw new Refusal('thread_not_found');
  const rest = message.threadTs === null ? within(replies(channel, message.ts), args) : [];
  return messages(lab, channel, [message, ...rest], args);
}

function messages(lab: Lab, channel: Channel, all: Message[], args: Args): Json {
  const { items, next } = page(all, args, 100);
  const metadata = flag(args, 'include_all_metadata');
  return {
    messages: items.map((message) => messageJson(lab.world, channel, message, metadata)),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}

/** Between `oldest` and `latest`, which count themselves only when `inclusive`. */
function within(all: readonly Message[], args: Args): Message[] {
  const oldest = text(args, 'oldest') ?? '0';
  const latest = text(args, 'latest') ?? '9999999999.999999';
  const inclusive = flag(args, 'inclusive');
  return all.filter(({ ts }) => (ts > oldest && ts < latest) || (inclusive && (ts === oldest || ts === latest)));
}

function page<T>(all: readonly T[], args: Args, otherwise: number): { items: T[]; next: string } {
  const limit = whole(args, 'limit', otherwise);
  if (limit < 1 || limit > MOST) throw new Refusal('invalid_limit');
  const start = cursorStart(text(args, 'cursor'));
  const end = start + limit;
  return { items: all.slice(start, end), next: end < all.length ? Buffer.from(`next:${end}`).toString('base64') : '' };
}

function cursorStart(cursor: string | null): number {
  if (cursor === null) return 0;
  const start = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  if (start === undefined) throw new Refusal('invalid_cursor');
  return Number(start);
}

function react(lab: Lab, args: Args): Json {
  const channel = readableForReaction(lab, args);
  const name = needed(args, 'name').replaceAll(':', '');
  if (!/^[\w+-]+$/.test(name)) throw new Refusal('invalid_name');
  const message = channel.messages.get(needed(args, 'timestamp'));
  if (message === undefined || message.tombstone) throw new Refusal('message_not_found');
  const reaction = message.reactions.find((each) => each.name === name);
  if (reaction?.users.includes(lab.world.app.botUser)) throw new Refusal('already_reacted');
  if (reaction) reaction.users.push(lab.world.app.botUser);
  else message.reactions.push({ name, users: [lab.world.app.botUser] });
  lab.changed();
  return {};
}

function readableForReaction(lab: Lab, args: Args): Channel {
  const channel = seen(lab, args);
  if (channel.archived) throw new Refusal('is_archived');
  if (!channel.members.includes(lab.world.app.botUser)) throw new Refusal('not_in_channel');
  return channel;
}

function setStatus(lab: Lab, args: Args): Json {
  const channel = seen(lab, args, 'channel_id');
  const ts = needed(args, 'thread_ts');
  const status = args['status'];
  if (typeof status !== 'string') throw invalidArguments('missing required field: status');
  if (!channel.messages.has(ts)) throw new Refusal('thread_not_found');
  if (status === '') channel.statuses.delete(ts);
  else channel.statuses.set(ts, status);
  lab.changed();
  return {};
}

export const CONVERSATIONS: Methods = {
  'conversations.info': { token: 'bot', scope: null, run: info },
  'conversations.members': { token: 'bot', scope: null, run: members },
  'conversations.history': { token: 'bot', scope: null, run: history },
  'conversations.replies': { token: 'bot', scope: null, run: thread },
  'reactions.add': { token: 'bot', scope: 'reactions:write', run: react },
  'assistant.threads.setStatus': { token: 'bot', scope: 'chat:write', run: setStatus },
};
