import type { MessageShortcut, RespondFn } from '@slack/bolt';
import { offerForm } from '../answers/form.ts';
import type { Counter } from '../counter.ts';
import { serve } from '../serve.ts';
import { situate } from '../situation.ts';
import { byEphemeral, byResponse, inTurn } from '../tell.ts';
import { inWindow } from '../window.ts';
import { acknowledge, type Arrived } from './acknowledge.ts';

/** Callback id of the message shortcut, as the manifest names it. */
export const CHECK_HERE = 'dns_check_here';

interface ShortcutArrived extends Arrived {
  shortcut: MessageShortcut;
  ack: () => Promise<void>;
  respond: RespondFn;
}

/** Hears the shortcut in the menu of a message: it opens the form, and the answer goes into the thread of that message. */
export const onShortcut =
  (counter: Counter) =>
  async ({ shortcut, ack, respond, context }: ShortcutArrived): Promise<void> => {
    const ackMs = await acknowledge(counter, { context }, ack);
    const { user, channel, message, trigger_id: trigger } = shortcut;
    const asker = { user: user.id, team: user.team_id ?? null, isBot: false };
    const thread: string = typeof message['thread_ts'] === 'string' ? message['thread_ts'] : message.ts;
    const place = { channel: channel.id, thread };
    const otherwise = inTurn(byResponse(respond), byEphemeral(counter.telling, { ...place, user: user.id }));
    const kind = 'shortcut';
    await serve(counter, { kind, key: trigger, ackMs, tell: otherwise }, () =>
      inWindow(counter, { kind, trigger, otherwise }, async (view) =>
        offerForm(counter, await situate(counter, asker, { place, calledAs: counter.mentionName }), view),
      ),
    );
  };
