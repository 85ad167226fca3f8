import type { Lab } from './lab.ts';
import { viewJson } from './methods/views.ts';
import { place } from './people/people.ts';
import { conversationText, threadText, viewText } from './render/conversation.ts';
import { stateJson } from './state.ts';
import { replies } from './world/posting.ts';
import type { Call, Json, Message, StoredView } from './world/world.ts';

/** What can be seen of the look-alike. */
export interface Readings {
  state(): Json;
  /** A channel as a person reads it, in so many columns. */
  text(channel: string, width?: number): string;
  threadText(channel: string, ts: string, width?: number): string;
  /** Empty: there is none. */
  homeText(user: string): string;
  modalText(user: string): string;
  /** The messages of a channel, replies included, in the order of posting. */
  messages(channel: string): Message[];
  replies(channel: string, ts: string): Message[];
  /** What only this user sees there. */
  ephemerals(channel: string, user: string): Message[];
  /** The modal that a user has before them, as Slack gives it. */
  modal(user: string): Json | null;
  home(user: string): Json | null;
  /** Calls of the Web API in the order of their coming, all or of one method. */
  calls(method?: string): Call[];
  /** What Slack would let pass, and yet should not be: each once. */
  remarks(): string[];
  /** Connections in Socket Mode. */
  socketCount(): number;
  /** The bytes of a file that was uploaded; null: there is none. */
  file(id: string): Buffer | null;
  /** Resolves with the version when it is another than this, or after so many milliseconds. */
  changedSince(version: number, ms: number): Promise<number>;
  /** Resolves with what `look` finds as soon as it finds something; rejects after so many milliseconds. */
  until<T>(look: () => T | null | undefined | false, ms?: number): Promise<T>;
}

export function createReadings(lab: Lab): Readings {
  const { world } = lab;
  const seen = (stored: StoredView | undefined): Json | null => (stored === undefined ? null : viewJson(lab, stored));
  const topmost = (user: string): StoredView | undefined => world.views.get(world.stacks.get(user)?.at(-1) ?? '');
  const text = (stored: StoredView | undefined): string => (stored === undefined ? '' : viewText(world, stored));

  return {
    state: () => stateJson(lab),
    text: (channel, width) => conversationText(world, place(lab, channel), width),
    threadText: (channel, ts, width) => threadText(world, place(lab, channel), ts, width),
    homeText: (user) => text(world.homes.get(user)),
    modalText: (user) => text(topmost(user)),
    messages: (channel) => [...place(lab, channel).messages.values()],
    replies: (channel, ts) => [...replies(place(lab, channel), ts)],
    ephemerals: (channel, user) => place(lab, channel).ephemerals.filter((each) => each.onlyFor === user),
    modal: (user) => seen(topmost(user)),
    home: (user) => seen(world.homes.get(user)),
    calls: (method) => world.calls.filter((call) => method === undefined || call.method === method),
    remarks: () => [...world.remarks],
    socketCount: () => lab.sockets.count(),
    file: (id) => world.files.get(id)?.bytes ?? null,
    async changedSince(version, ms) {
      if (world.version === version) await change(lab, ms);
      return world.version;
    },
    async until(look, ms = 10_000) {
      const end = Date.now() + ms;
      for (;;) {
        const found = look();
        if (found !== null && found !== undefined && found !== false) return found;
        if (Date.now() >= end) throw new Error(`not seen within ${ms} ms`);
        await change(lab, Math.min(50, end - Date.now()));
      }
    },
  };
}

function change({ world }: Lab, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      world.waiting.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    world.waiting.add(wake);
  });
}
