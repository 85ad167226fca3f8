import { changed, nextTs, remember, type Channel, type Json, type Message, type World } from './world.ts';

export interface NewMessage {
  user: string;
  text: string;
  blocks?: Json[] | null;
  metadata?: Json | null;
  threadTs?: string | null;
  broadcast?: boolean;
  onlyFor?: string | null;
  files?: Message['files'];
}

/** Puts a message into a channel; one for a single user beside it. */
export function post(world: World, channel: Channel, given: NewMessage): Message {
  const message: Message = {
    ts: nextTs(world),
    channel: channel.id,
    user: given.user,
    text: given.text,
    blocks: given.blocks ?? null,
    metadata: given.metadata ?? null,
    threadTs: given.threadTs ?? null,
    broadcast: given.broadcast ?? false,
    edits: 0,
    editedAt: null,
    onlyFor: given.onlyFor ?? null,
    tombstone: false,
    reactions: [],
    files: given.files ?? [],
  };
  if (message.onlyFor === null) add(channel, message);
  else remember(channel.ephemerals, message, 2_000);
  if (message.threadTs !== null) channel.statuses.delete(message.threadTs);
  changed(world);
  return message;
}

function add(channel: Channel, message: Message): void {
  channel.messages.set(message.ts, message);
  if (message.threadTs === null) return;
  const thread = channel.threads.get(message.threadTs);
  if (thread === undefined) channel.threads.set(message.threadTs, [message]);
  else thread.push(message);
}

/** What an update leaves of a message. */
export function edit(world: World, message: Message, to: { text: string; blocks: Json[] | null; metadata?: Json }): void {
  message.text = to.text;
  message.blocks = to.blocks;
  if (to.metadata !== undefined) message.metadata = to.metadata;
  message.edits += 1;
  message.editedAt = Date.now();
  changed(world);
}

/** Takes a message away; one with replies leaves a stone in its place. */
export function remove(world: World, channel: Channel, message: Message): void {
  channel.ephemerals = channel.ephemerals.filter((each) => each !== message);
  if (replies(channel, message.ts).length > 0) {
    Object.assign(message, { tombstone: true, text: 'This message was deleted.', blocks: null, metadata: null, files: [] });
  } else {
    channel.messages.delete(message.ts);
    const thread = channel.threads.get(message.threadTs ?? '') ?? [];
    if (thread.includes(message)) thread.splice(thread.indexOf(message), 1);
  }
  changed(world);
}

/** The replies under a message, oldest first. */
export function replies(channel: Channel, ts: string): readonly Message[] {
  return channel.threads.get(ts) ?? [];
}

/** Whether one may reply to it: it stands there, and is no reply itself. */
export function isHead(channel: Channel, ts: string): boolean {
  const message = channel.messages.get(ts);
  return message !== undefined && !message.tombstone && message.threadTs === null;
}
