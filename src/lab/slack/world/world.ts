import type { LabApp, LabChannel, LabGroup, LabUser, Seed } from './seed.ts';

export type Json = Record<string, unknown>;

/** A message as it stands in a channel. Its ts is its name there. */
export interface Message {
  ts: string;
  channel: string;
  /** The author's user id. */
  user: string;
  text: string;
  /** Null: it has none, and its text is shown. */
  blocks: Json[] | null;
  metadata: Json | null;
  /** The ts of the message at the head of its thread; null: it is in the channel itself. */
  threadTs: string | null;
  /** A reply that is shown in the channel too. */
  broadcast: boolean;
  /** How often it was changed; Slack marks only changes of messages without blocks. */
  edits: number;
  editedAt: number | null;
  /** The one user who sees it; null: everybody. */
  onlyFor: string | null;
  /** Deleted, but its thread still stands. */
  tombstone: boolean;
  reactions: { name: string; users: string[] }[];
  files: LabFile[];
}

export interface LabFile {
  id: string;
  name: string;
  title: string;
  altText: string;
  size: number;
  bytes: Buffer | null;
  /** Slack has looked at it: before that no message can show it. */
  ready: boolean;
}

export interface Channel extends LabChannel {
  /** By ts, in the order of posting. */
  messages: Map<string, Message>;
  /** Replies by the ts of their head, oldest first. */
  threads: Map<string, Message[]>;
  ephemerals: Message[];
  /** What the app says that it is doing, by thread. */
  statuses: Map<string, string>;
}

/** A modal that stands open, or somebody's Home tab. */
export interface StoredView {
  id: string;
  user: string;
  view: Json;
  hash: string;
  root: string;
  previous: string | null;
}

/** The right to open one view, given by what a person did. */
export interface Trigger {
  user: string;
  at: number;
  used: boolean;
  /** The modal that it came from. */
  from: string | null;
}

/** The right to answer a few times where a person did something. */
export interface ResponseUrl {
  channel: string;
  user: string;
  at: number;
  uses: number;
  /** The message that was pressed; its ts. Null: a command. */
  message: string | null;
  threadTs: string | null;
}

/** One call of the Web API, for tests that count. No token is in it. */
export interface Call {
  at: number;
  method: string;
  args: Json;
  status: number | null;
  /** Slack's word for what was wrong; null: all well. */
  error: string | null;
  ms: number;
}

/** One try to bring something to the app. */
export interface Attempt {
  at: number;
  /** `socket` or `http`. */
  via: 'socket' | 'http';
  /** Milliseconds until it was acknowledged; null: it was not. */
  ackMs: number | null;
  /** What the app answered with its acknowledgement. */
  response: unknown;
  /** Slack's word for why it was not acknowledged: `timeout`, `http_error`, ... */
  failed: string | null;
}

export type DeliveryKind = 'slash_commands' | 'interactive' | 'events_api';

/** Something that the app is told: a command, a click, an event. */
export interface Delivery {
  id: string;
  kind: DeliveryKind;
  /** In words: `/dns`, `block_actions`, `app_mention`. */
  what: string;
  at: number;
  accepts: boolean;
  payload: Json;
  attempts: Attempt[];
}

/** All that the workspace holds. */
export interface World {
  team: Seed['team'];
  plan: Seed['plan'];
  app: LabApp;
  users: Map<string, LabUser>;
  groups: Map<string, LabGroup>;
  channels: Map<string, Channel>;
  views: Map<string, StoredView>;
  /** Ids of the modals that a user has open, the topmost last. */
  stacks: Map<string, string[]>;
  homes: Map<string, StoredView>;
  triggers: Map<string, Trigger>;
  urls: Map<string, ResponseUrl>;
  files: Map<string, LabFile>;
  calls: Call[];
  deliveries: Delivery[];
  /** What Slack would let pass, and a reader of the look-alike wants to know. */
  remarks: string[];
  lastMicros: number;
  version: number;
  waiting: Set<() => void>;
}

export function createWorld(seed: Seed): World {
  const copy = structuredClone(seed);
  return {
    team: copy.team,
    plan: copy.plan,
    app: copy.app,
    users: new Map(copy.users.map((user) => [user.id, user])),
    groups: new Map(copy.groups.map((group) => [group.id, group])),
    channels: new Map(copy.channels.map((channel) => [channel.id, asChannel(channel)])),
    views: new Map(),
    stacks: new Map(),
    homes: new Map(),
    triggers: new Map(),
    urls: new Map(),
    files: new Map(),
    calls: [],
    deliveries: [],
    remarks: [],
    lastMicros: 0,
    version: 0,
    waiting: new Set(),
  };
}

export function asChannel(channel: LabChannel): Channel {
  return { ...channel, messages: new Map(), threads: new Map(), ephemerals: [], statuses: new Map() };
}

/** A time as Slack writes it, `1790000000.123456`: later than all before, and never the same twice. */
export function nextTs(world: World): string {
  world.lastMicros = Math.max(world.lastMicros + 1, Date.now() * 1_000);
  return `${Math.floor(world.lastMicros / 1e6)}.${String(world.lastMicros % 1e6).padStart(6, '0')}`;
}

/** Tells those who wait that something has changed. */
export function changed(world: World): void {
  world.version += 1;
  for (const wake of [...world.waiting]) wake();
}

/** Puts an item on a list that forgets its oldest. */
export function remember<T>(list: T[], item: T, most: number): void {
  list.push(item);
  if (list.length > most) list.splice(0, list.length - most);
}

/** Notes something that Slack would let pass, once. */
export function remark(world: World, words: string): void {
  if (!world.remarks.includes(words)) remember(world.remarks, words, 1_000);
}
