import type { Lab } from '../lab.ts';
import type { Json } from '../world/world.ts';
import { command, say, type Acted, type Manner } from './people.ts';
import { click, shortcut } from './presses.ts';
import { clickInView, closeModal, openHome, submit, type Submitted } from './windows.ts';

/**
 * What people do. Each resolves when the app has acknowledged it, or the time for that is over. Each rejects with a `Failure` for what nobody
 * could do: press a button that is not there, write where they cannot be.
 */
export interface Acts {
  /** Types a slash command; `command` has its slash. */
  command(user: string, channel: string, command: string, text: string, manner?: Manner): Promise<Acted>;
  /** Writes a message that begins with the app's name. */
  mention(user: string, channel: string, text: string, thread?: string | null, manner?: Manner): Promise<Acted>;
  /** Writes a message. */
  say(user: string, channel: string, text: string, thread?: string | null, manner?: Manner): Promise<Acted>;
  /** Chooses a shortcut from the menu of a message. */
  shortcut(user: string, channel: string, ts: string, callbackId: string, manner?: Manner): Promise<Acted>;
  /** Presses a button of a message, or chooses `value` in a menu of it. */
  click(user: string, channel: string, ts: string, actionId: string, value?: unknown, manner?: Manner): Promise<Acted>;
  /** The same in the modal that they have open, or on their Home tab (`home`). */
  clickInView(user: string, view: string, actionId: string, value?: unknown, manner?: Manner): Promise<Acted>;
  /** Fills in their modal and sends it; `values` by block_id or action_id. */
  submit(user: string, view: string, values: Json, manner?: Manner): Promise<Submitted>;
  /** Null: the app did not ask to hear of it. */
  closeModal(user: string, view: string): Promise<Acted | null>;
  openHome(user: string, manner?: Manner): Promise<Acted>;
}

export function createActs(lab: Lab): Acts {
  return {
    command: (user, channel, name, text, manner) => command(lab, user, channel, name, text, manner),
    mention: (user, channel, text, thread = null, manner = {}) => say(lab, user, channel, called(lab, text, manner), thread, manner),
    say: (user, channel, text, thread = null, manner = {}) => say(lab, user, channel, text, thread, manner),
    shortcut: (user, channel, ts, callbackId, manner) => shortcut(lab, user, channel, ts, callbackId, manner),
    click: (user, channel, ts, actionId, value, manner) => click(lab, user, channel, ts, actionId, value, manner),
    clickInView: (user, view, actionId, value, manner) => clickInView(lab, user, view, actionId, value, manner),
    submit: (user, view, values, manner) => submit(lab, user, view, values, manner),
    closeModal: (user, view) => closeModal(lab, user, view),
    openHome: (user, manner) => openHome(lab, user, manner),
  };
}

function called(lab: Lab, text: string, manner: Manner): string {
  const { app } = lab.world;
  return manner.raw === true ? `<@${app.botUser}> ${text}` : `@${app.name} ${text}`;
}
