import type { Lab } from '../lab.ts';
import { messageJson } from '../world/message-json.ts';
import { isHead, post, replies } from '../world/posting.ts';
import { Refusal } from '../world/refusal.ts';
import { nextTs, type Channel, type Json } from '../world/world.ts';
import { isIn, seen, writable } from './access.ts';
import { flag, isObject, needed, structure, text, type Args } from './arguments.ts';
import { messageBlocks } from './blocks.ts';
import type { Methods } from './method.ts';
import { remarkOn } from './remarks.ts';

const LONGEST = 40_000;
const METADATA_BYTES = 8_000;

/** The text of a message; empty when its blocks say all. Refuses a message of nothing. */
export function messageText(args: Args, blocks: Json[] | null): string {
  const given = text(args, 'text');
  const markdown = text(args, 'markdown_text');
  if (markdown !== null && (given !== null || blocks !== null)) throw new Refusal('markdown_text_conflict');
  const words = (given ?? markdown ?? '').trim() === '' ? '' : (given ?? markdown ?? '');
  if (words === '' && blocks === null) throw new Refusal('no_text');
  return words.slice(0, LONGEST);
}

/** What an app fastens to a message; undefined: nothing was given. */
export function messageMetadata(args: Args): Json | undefined {
  const metadata = structure(args, 'metadata', 'invalid_metadata_format');
  if (metadata === undefined) return undefined;
  if (!isObject(metadata) || typeof metadata['event_type'] !== 'string' || !isObject(metadata['event_payload'])) {
    throw new Refusal('invalid_metadata_format');
  }
  if (JSON.stringify(metadata).length > METADATA_BYTES) throw new Refusal('metadata_too_large');
  return metadata;
}

/** The head of the thread to reply to; null: none was given. A reply, or what is gone, cannot be replied to. */
export function threadOf(channel: Channel, args: Args): string | null {
  const ts = text(args, 'thread_ts');
  if (ts !== null && !isHead(channel, ts)) throw new Refusal('cannot_reply_to_message');
  return ts;
}

function postMessage(lab: Lab, args: Args): Json {
  const channel = writable(lab, args);
  const blocks = messageBlocks(lab, args);
  const words = messageText(args, blocks);
  const metadata = messageMetadata(args);
  const threadTs = threadOf(channel, args);
  remarkOn(lab.world, 'chat.postMessage', args, blocks);
  const broadcast = threadTs !== null && flag(args, 'reply_broadcast');
  const message = post(lab.world, channel, {
    user: lab.world.app.botUser,
    text: words,
    blocks,
    metadata: metadata ?? null,
    threadTs,
    broadcast,
  });
  const cut = (text(args, 'text') ?? '').length > LONGEST;
  return {
    channel: channel.id,
    ts: message.ts,
    message: messageJson(lab.world, channel, message, true),
    ...(cut ? { response_metadata: { warnings: ['message_truncated'] } } : {}),
  };
}

function postEphemeral(lab: Lab, args: Args): Json {
  const channel = writable(lab, args);
  const user = needed(args, 'user');
  if (!channel.members.includes(user)) throw new Refusal('user_not_in_channel');
  const blocks = messageBlocks(lab, args);
  const words = messageText(args, blocks);
  const threadTs = threadOf(channel, args);
  remarkOn(lab.world, 'chat.postEphemeral', args, blocks);
  if (threadTs !== null && replies(channel, threadTs).length === 0) {
    lab.remark('chat.postEphemeral: in a thread without replies, where Slack does not show it');
  }
  post(lab.world, channel, { user: lab.world.app.botUser, text: words, blocks, threadTs, onlyFor: user });
  return { message_ts: nextTs(lab.world) };
}

function permalink(lab: Lab, args: Args): Json {
  const channel = seen(lab, args);
  const ts = needed(args, 'message_ts');
  if (!isIn(lab.world, channel) || !channel.messages.has(ts)) throw new Refusal('message_not_found');
  const thread = channel.messages.get(ts)?.threadTs ?? null;
  const query = thread === null ? '' : `?thread_ts=${thread}&cid=${channel.id}`;
  return {
    channel: channel.id,
    permalink: `https://${lab.world.team.domain}.slack.example/archives/${channel.id}/p${ts.replace('.', '')}${query}`,
  };
}

export const CHAT_POST: Methods = {
  'chat.postMessage': { token: 'bot', scope: 'chat:write', run: postMessage },
  'chat.postEphemeral': { token: 'bot', scope: 'chat:write', run: postEphemeral },
  'chat.getPermalink': { token: 'bot', scope: null, run: permalink },
};
