import type { Lab } from './lab.ts';
import { isObject, type Args } from './methods/arguments.ts';
import { messageBlocks } from './methods/blocks.ts';
import { messageText } from './methods/chat-post.ts';
import { remarkOn } from './methods/remarks.ts';
import type { Answer } from './web-api.ts';
import { edit, isHead, post, remove } from './world/posting.ts';
import { Refusal } from './world/refusal.ts';
import type { Channel, Message, ResponseUrl } from './world/world.ts';

const USES = 5;

const refused = (status: number, error: string): Answer => ({ status, body: { ok: false, error } });

/** Answers a post to a response_url. */
export function answerResponse(lab: Lab, id: string, body: unknown): Answer {
  const url = lab.world.urls.get(id);
  if (url === undefined) return refused(404, 'no_service');
  if (Date.now() - url.at > lab.timing.responseUrl) return refused(404, 'expired_url');
  if (url.uses >= USES) return refused(404, 'used_url');
  if (!isObject(body)) return refused(400, 'invalid_payload');
  try {
    url.uses += 1;
    respond(lab, url, body);
    return { status: 200, body: { ok: true } };
  } catch (error) {
    if (error instanceof Refusal) return refused(error.code === 'channel_not_found' ? 404 : 400, error.code);
    throw error;
  }
}

/** Says in a channel what an app answers there: to the one who asked, unless it says `in_channel`. */
export function respond(lab: Lab, url: ResponseUrl, body: Args): void {
  const channel = lab.world.channels.get(url.channel);
  if (channel === undefined) throw new Refusal('channel_not_found');
  const original = url.message === null ? undefined : messageAt(channel, url.message);
  if (body['delete_original'] === true) {
    if (original) remove(lab.world, channel, original);
    return;
  }
  const blocks = messageBlocks(lab, body);
  const words = messageText(body, blocks);
  remarkOn(lab.world, 'response_url', body, blocks);
  if (body['replace_original'] === true && original?.user === lab.world.app.botUser) {
    return edit(lab.world, original, { text: words, blocks });
  }
  const onlyFor = body['response_type'] === 'in_channel' ? null : url.user;
  const thread = typeof body['thread_ts'] === 'string' ? body['thread_ts'] : null;
  const threadTs = thread !== null && isHead(channel, thread) ? thread : null;
  post(lab.world, channel, { user: lab.world.app.botUser, text: words, blocks, onlyFor, threadTs });
}

/** A message by its ts, ephemeral ones included. */
export function messageAt(channel: Channel, ts: string): Message | undefined {
  return channel.messages.get(ts) ?? channel.ephemerals.find((each) => each.ts === ts);
}
