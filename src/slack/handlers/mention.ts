import type { AppMentionEvent } from '@slack/types';
import { answerText } from '../answers/answer.ts';
import type { Counter } from '../counter.ts';
import { serve } from '../serve.ts';
import { situate } from '../situation.ts';
import { byEphemeral } from '../tell.ts';
import { type Arrived, sinceArrival } from './acknowledge.ts';

interface MentionArrived extends Arrived {
  event: AppMentionEvent;
  body: { event_id: string };
}

/**
 * Where the answer stands: in the thread of the mention, which for one in the channel itself begins with it. But "the newest run here" is then
 * that of the channel.
 */
function placesOf({ channel, ts, thread_ts: thread }: AppMentionEvent): {
  answer: string;
  spot: { channel: string; thread: string | null };
} {
  return { answer: thread ?? ts, spot: { channel, thread: thread ?? null } };
}

/** Hears the bot's name in a message. Bolt has acknowledged it. A bot that calls ours gets no answer: that could go on for ever. */
export const onMention =
  (counter: Counter) =>
  async ({ event, body, context }: MentionArrived): Promise<void> => {
    const { user, text, bot_id: app, channel } = event;
    const ackMs = sinceArrival({ context });
    if (user === undefined || app !== undefined) return counter.onRequest({ kind: 'mention', outcome: 'refused', ackMs });
    const { answer, spot } = placesOf(event);
    const asker = { user, team: event.user_team ?? event.team ?? null, isBot: false };
    const tell = byEphemeral(counter.telling, { ...spot, user });
    const heard = { kind: 'mention', user, team: asker.team, channel, answer, thread: spot.thread, text } as const;
    await serve(counter, { kind: 'mention', key: body.event_id, ackMs, tell, text: heard }, async () => {
      const place = { channel, thread: answer };
      const situation = await situate(counter, asker, { place, spot, calledAs: counter.mentionName });
      return answerText(counter, situation, text, counter.botUser);
    });
  };
