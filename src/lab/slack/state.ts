import type { Lab } from './lab.ts';
import { channelJson, messageJson } from './world/message-json.ts';
import type { Channel, Json } from './world/world.ts';
import { viewJson } from './methods/views.ts';

/** What the look-alike holds, as JSON: no tokens, no response_urls, no bytes of files. */
export function stateJson(lab: Lab): Json {
  const { world } = lab;
  return {
    version: world.version,
    team: world.team,
    sockets: lab.sockets.count(),
    channels: [...world.channels.values()].map((channel) => ({ ...channelJson(world, channel), ...contents(lab, channel) })),
    modals: Object.fromEntries([...world.stacks].map(([user, ids]) => [user, ids.map((id) => modal(lab, id))])),
    homes: Object.fromEntries([...world.homes].map(([user, stored]) => [user, viewJson(lab, stored)])),
    deliveries: world.deliveries.slice(-200).map(({ id, kind, what, at, attempts }) => ({ id, kind, what, at, attempts })),
    remarks: world.remarks,
    calls: world.calls.length,
  };
}

function contents(lab: Lab, channel: Channel): Json {
  const told = [...channel.messages.values()].map((message) => ({
    ...messageJson(lab.world, channel, message, true),
    edits: message.edits,
  }));
  const ephemerals = channel.ephemerals.map((message) => ({
    ...messageJson(lab.world, channel, message, true),
    only_for: message.onlyFor,
    edits: message.edits,
  }));
  return { members: channel.members, messages: told, ephemerals };
}

function modal(lab: Lab, id: string): Json | null {
  const stored = lab.world.views.get(id);
  return stored === undefined ? null : viewJson(lab, stored);
}
