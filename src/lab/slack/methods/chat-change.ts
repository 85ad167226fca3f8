import { SLACK_LIMITS } from '../../../rules/slack-limits.ts';
import type { Lab } from '../lab.ts';
import { messageJson } from '../world/message-json.ts';
import { edit, remove } from '../world/posting.ts';
import { Refusal } from '../world/refusal.ts';
import type { Channel, Json, Message } from '../world/world.ts';
import { writable } from './access.ts';
import { needed, text, type Args } from './arguments.ts';
import { messageBlocks } from './blocks.ts';
import { messageMetadata, messageText } from './chat-post.ts';
import type { Methods } from './method.ts';
import { remarkOn } from './remarks.ts';

/** The app's own message. What was ephemeral, or is gone, is not found. */
function ownMessage(lab: Lab, channel: Channel, args: Args, otherwise: string): Message {
  const message = channel.messages.get(needed(args, 'ts'));
  if (message === undefined || message.tombstone) throw new Refusal('message_not_found');
  if (message.user !== lab.world.app.botUser) throw new Refusal(otherwise);
  return message;
}

function update(lab: Lab, args: Args): Json {
  const channel = writable(lab, args);
  const message = ownMessage(lab, channel, args, 'cant_update_message');
  const blocks = messageBlocks(lab, args);
  if ((text(args, 'text') ?? '').length > SLACK_LIMITS.text) throw new Refusal('msg_too_long');
  const words = messageText(args, blocks);
  const metadata = messageMetadata(args);
  if (message.blocks?.[0]?.['type'] === 'rich_text' && blocks !== null && blocks[0]?.['type'] !== 'rich_text') {
    throw new Refusal('block_mismatch');
  }
  remarkOn(lab.world, 'chat.update', args, blocks);
  edit(lab.world, message, { text: words, blocks, ...(metadata === undefined ? {} : { metadata }) });
  return { channel: channel.id, ts: message.ts, text: words, message: messageJson(lab.world, channel, message, true) };
}

function destroy(lab: Lab, args: Args): Json {
  const channel = writable(lab, args);
  const message = ownMessage(lab, channel, args, 'cant_delete_message');
  remove(lab.world, channel, message);
  return { channel: channel.id, ts: message.ts };
}

export const CHAT_CHANGE: Methods = {
  'chat.update': { token: 'bot', scope: 'chat:write', run: update },
  'chat.delete': { token: 'bot', scope: 'chat:write', run: destroy },
};
