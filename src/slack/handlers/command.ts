import type { RespondFn, SlashCommand } from '@slack/bolt';
import { answerText } from '../answers/answer.ts';
import { offerForm } from '../answers/form.ts';
import type { Counter } from '../counter.ts';
import type { Asker } from '../facts.ts';
import { serve } from '../serve.ts';
import { type Situation, situate } from '../situation.ts';
import { byEphemeral, byResponse, inTurn } from '../tell.ts';
import { inWindow } from '../window.ts';
import { acknowledge, type Arrived } from './acknowledge.ts';

interface CommandArrived extends Arrived {
  command: SlashCommand;
  ack: () => Promise<void>;
  respond: RespondFn;
}

/** Hears the slash command. With nothing after it, it opens the form. */
export const onCommand =
  (counter: Counter) =>
  async ({ command, ack, respond, context }: CommandArrived): Promise<void> => {
    const ackMs = await acknowledge(counter, { context }, ack);
    const { user_id: user, channel_id: channel, team_id: team, trigger_id: trigger, text } = command;
    const asker: Asker = { user, team, isBot: false };
    const place = { channel, thread: null };
    const tell = inTurn(byResponse(respond), byEphemeral(counter.telling, { ...place, user }));
    const here = (): Promise<Situation> => situate(counter, asker, { place, calledAs: counter.commandName });
    const heard = { kind: 'command', user, team, channel, answer: null, thread: null, text } as const;
    const noted = text.trim() === '' ? {} : { text: heard };
    await serve(counter, { kind: 'command', key: trigger, ackMs, tell, ...noted }, async () => {
      if (text.trim() !== '') return answerText(counter, await here(), text);
      return inWindow(counter, { kind: 'command', trigger, otherwise: tell }, async (view) => offerForm(counter, await here(), view));
    });
  };
