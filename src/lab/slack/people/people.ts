import { deliver, type Told } from '../delivery/deliver.ts';
import { Failure } from '../../../base/failure.ts';
import type { Lab } from '../lab.ts';
import { isObject } from '../methods/arguments.ts';
import { respond } from '../response-url.ts';
import { isHead, post } from '../world/posting.ts';
import { Refusal } from '../world/refusal.ts';
import type { LabUser } from '../world/seed.ts';
import type { Channel } from '../world/world.ts';
import { commandPayload, eventPayload } from './payloads.ts';
import { asTyped } from './typed.ts';

/** `shown`: what Slack itself says to the person who acted; null: nothing. */
export interface Acted extends Told {
  shown: string | null;
  /** Of what was said; of what was pressed. */
  ts: string | null;
  triggerId: string | null;
  responseUrl: string | null;
}

/**
 * `force`: delivered even where Slack would not let this person do it. `raw`: words that are sent as they are. `forge`: what a client that was
 * tampered with sends in place of what stands there: the value of a button, the `private_metadata` of a modal.
 */
export interface Manner {
  force?: boolean;
  raw?: boolean;
  forge?: { value?: string; metadata?: string };
}

/** Nothing was delivered: Slack says so to the person itself. */
export const notDelivered = (shown: string): Acted => ({
  delivery: '',
  acked: false,
  ackMs: null,
  attempts: 0,
  response: null,
  failed: 'not_delivered',
  shown,
  ts: null,
  triggerId: null,
  responseUrl: null,
});

/** A user who can act: not a deactivated one. */
export function actor(lab: Lab, id: string, force = false): LabUser {
  const user = lab.world.users.get(id);
  if (user === undefined) throw new Failure('missing', `there is no user ${id}`);
  if (user.kind === 'deactivated' && !force) throw new Failure('forbidden', `${user.name} is deactivated and can do nothing`);
  return user;
}

export function place(lab: Lab, id: string): Channel {
  const channel = lab.world.channels.get(id);
  if (channel === undefined) throw new Failure('missing', `there is no channel ${id}`);
  return channel;
}

/** The channel that a user acts in: one that they can see. Guests and people from elsewhere see only those where they are members. */
export function placeOf(lab: Lab, user: LabUser, id: string, force = false): Channel {
  const channel = place(lab, id);
  const open = channel.kind === 'public' && (user.kind === 'member' || user.kind === 'bot');
  if (!open && !channel.members.includes(user.id) && !force) throw new Failure('forbidden', `${user.name} does not see ${channel.name}`);
  return channel;
}

/** Somebody types a slash command, in a channel: Slack has none in threads. */
export async function command(
  lab: Lab,
  userId: string,
  channelId: string,
  name: string,
  text: string,
  manner: Manner = {},
): Promise<Acted> {
  const user = actor(lab, userId, manner.force);
  const channel = placeOf(lab, user, channelId, manner.force);
  if (channel.archived && manner.force !== true) return notDelivered(ARCHIVED);
  const known = lab.world.app.commands.includes(name) && (user.team === lab.world.team.id || manner.force === true);
  if (!known) return notDelivered(`${name} is not a valid command. In Slack, you can type a slash to see all commands.`);
  const payload = commandPayload(lab, user, channel, name, manner.raw === true ? text : asTyped(lab.world, text, 'command'));
  const told = await deliver(lab, 'slash_commands', name, payload);
  const shown = told.acked ? null : `${name} failed with the error "${commandError(told.failed)}"`;
  if (shown !== null) post(lab.world, channel, { user: 'USLACKBOT', text: shown, onlyFor: user.id });
  answerWith(lab, payload.response_url, told.response);
  return { ...told, shown, ts: null, triggerId: payload.trigger_id, responseUrl: payload.response_url };
}

function commandError(failed: string | null): string {
  if (failed === 'timeout' || failed === 'http_timeout') return 'operation_timeout';
  return failed === 'http_error' ? 'http_service_error' : 'dispatch_failed';
}

/** An acknowledgement that says something, says it where the command was typed. It uses up no response_url. */
function answerWith(lab: Lab, responseUrl: string, response: unknown): void {
  const url = lab.world.urls.get(responseUrl.split('/').at(-1) ?? '');
  if (url === undefined || !isObject(response)) return;
  try {
    respond(lab, url, response);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    lab.remark(`acknowledgement of a command: ${error.code}`);
  }
}

/** Somebody writes a message. The app hears of it when it is mentioned in a channel where it is, or in direct messages with it. */
export async function say(
  lab: Lab,
  userId: string,
  channelId: string,
  text: string,
  thread: string | null,
  manner: Manner = {},
): Promise<Acted> {
  const user = actor(lab, userId, manner.force);
  const channel = placeOf(lab, user, channelId, manner.force);
  if (channel.archived) return notDelivered(ARCHIVED);
  if (thread !== null && !isHead(channel, thread)) throw new Failure('missing', `there is no thread ${thread} in ${channel.name}`);
  const words = manner.raw === true ? text : asTyped(lab.world, text, 'message');
  const message = post(lab.world, channel, { user: user.id, text: words, threadTs: thread });
  const type = eventType(lab, channel, words);
  if (type === null) return { ...notDelivered(NOT_THERE), shown: words.includes(lab.world.app.botUser) ? NOT_THERE : null, ts: message.ts };
  const event = {
    type,
    user: user.id,
    text: words,
    ts: message.ts,
    channel: channel.id,
    team: user.team,
    client_msg_id: message.ts,
    ...(thread === null ? {} : { thread_ts: thread }),
    ...(type === 'message' ? { channel_type: 'im' } : {}),
  };
  const told = await deliver(lab, 'events_api', type, eventPayload(lab, event, channel));
  return { ...told, shown: null, ts: message.ts, triggerId: null, responseUrl: null };
}

const ARCHIVED = 'This channel is archived.';
const NOT_THERE = 'The app you mentioned is not in this channel. Invite it?';

/** The event that the app gets for a message; null: none. */
function eventType(lab: Lab, channel: Channel, words: string): 'app_mention' | 'message' | null {
  const { app } = lab.world;
  const type = channel.kind === 'im' ? 'message' : words.includes(`<@${app.botUser}>`) ? 'app_mention' : null;
  const subscribed = app.events.includes(type === 'message' ? 'message.im' : (type ?? ''));
  return subscribed && channel.members.includes(app.botUser) ? type : null;
}
