import { Failure } from '../../../base/failure.ts';
import { deliver, type Told } from '../delivery/deliver.ts';
import type { Lab } from '../lab.ts';
import { messageAt } from '../response-url.ts';
import { messageJson } from '../world/message-json.ts';
import type { Channel, Json, Message } from '../world/world.ts';
import { actionOf, pressed } from './elements.ts';
import { interaction, opened, spokenName } from './payloads.ts';
import { actor, placeOf, type Acted, type Manner } from './people.ts';

/** Somebody chooses a shortcut from the menu of a message. */
export async function shortcut(
  lab: Lab,
  userId: string,
  channelId: string,
  ts: string,
  callbackId: string,
  manner: Manner = {},
): Promise<Acted> {
  const user = actor(lab, userId, manner.force);
  const channel = placeOf(lab, user, channelId, manner.force);
  const message = channel.messages.get(ts);
  if (message === undefined) throw new Failure('missing', `there is no message ${ts} in ${channel.name}`);
  if (!lab.world.app.shortcuts.includes(callbackId)) throw new Failure('missing', `the app has no shortcut ${callbackId}`);
  const rights = opened(lab, { channel: channel.id, user: user.id, message: ts, threadTs: message.threadTs });
  const payload = {
    ...interaction(lab, 'message_action', user),
    ...rights,
    action_ts: ts,
    callback_id: callbackId,
    channel: { id: channel.id, name: spokenName(channel) },
    message_ts: ts,
    message: messageJson(lab.world, channel, message),
  };
  return acted(await deliver(lab, 'interactive', `message_action ${callbackId}`, payload), rights, ts);
}

/** What a person sees who pressed something and nobody answered. */
const NO_ANSWER = 'This app took too long to respond.';

const acted = (told: Told, rights: { response_url: string; trigger_id: string }, ts: string): Acted => ({
  ...told,
  shown: told.acked ? null : NO_ANSWER,
  ts,
  triggerId: rights.trigger_id,
  responseUrl: rights.response_url,
});

/** Somebody presses a button, or chooses from a menu, in a message that stands there. */
export async function click(
  lab: Lab,
  userId: string,
  channelId: string,
  ts: string,
  actionId: string,
  value?: unknown,
  manner: Manner = {},
): Promise<Acted> {
  const user = actor(lab, userId, manner.force);
  const channel = placeOf(lab, user, channelId, manner.force);
  const message = messageAt(channel, ts);
  if (message === undefined || (message.onlyFor !== null && message.onlyFor !== user.id)) {
    throw new Failure('missing', `${user.name} sees no message ${ts} in ${channel.name}`);
  }
  const placed = pressed(message.blocks ?? [], actionId, value);
  const rights = opened(lab, { channel: channel.id, user: user.id, message: ts, threadTs: message.threadTs });
  const payload = {
    ...interaction(lab, 'block_actions', user),
    ...rights,
    ...whereClicked(lab, channel, message),
    state: { values: {} },
    actions: [{ ...actionOf(lab.world, placed, value), ...(manner.forge?.value === undefined ? {} : { value: manner.forge.value }) }],
  };
  return acted(await deliver(lab, 'interactive', `block_actions ${actionId}`, payload), rights, ts);
}

function whereClicked(lab: Lab, channel: Channel, message: Message): Json {
  const ephemeral = message.onlyFor !== null;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    },
    channel: { id: channel.id, name: spokenName(channel) },
    ...(ephemeral ? {} : { message: messageJson(lab.world, channel, message, true) }),
  };
}
