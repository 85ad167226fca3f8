import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { aside, line, prose } from '../text/parts.ts';
import { bold, name, ours, user, words } from '../text/words.ts';

/** The bot may not write where it was asked. `botUser`: its user id, as far as it is known. */
export const notInChannelMessage = (botUser: string | null): Message =>
  messageOf([
    line(words`⚠️ ${bold(ours('The bot is not in this channel'))}, so it cannot show the answer here. Nothing was started.`),
    line(words`Invite it: /invite ${botUser === null ? ours('@dns-medic') : user(botUser)}, and ask again; or ask where it is a member.`),
  ]);

/** The queue cannot be reached. */
export const redisDownMessage = (): Message =>
  messageOf([
    line(words`❌ ${bold(ours('Nothing was started: the queue (Redis) cannot be reached.'))}`),
    line(
      words`Try again in a minute. If it stays so, tell those who run dns-medic: its bot cannot reach Redis. The clusters are not touched by this.`,
    ),
  ]);

/** Something else went wrong. `says`: what, for people; `next`: what they can do; `id` finds it in the log. */
export function troubleMessage({ says, next, id }: { says: string; next: string | null; id: string | null }): Message {
  return messageOf([
    line(words`❌ ${bold(ours('That did not work'))}`),
    prose(says, 600),
    ...(next === null ? [] : [prose(next, 600)]),
    ...(id === null ? [] : [aside(words`In the log of the bot: ${name(id, 60)}`)]),
  ]);
}
