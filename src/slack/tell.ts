import type { RespondFn } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Message } from '../report/slack/message.ts';
import { slackError } from './log.ts';

/** Shows a message to the one person who asked. Rejects when it could not be shown. */
export type Tell = (message: Message) => Promise<void>;

interface Form {
  text: string;
  blocks?: KnownBlock[];
}

/** What a message may be sent as: as it is meant, with plain blocks, and as text alone. */
const formsOf = ({ text, blocks, plain }: Message): Form[] => [
  { text, blocks },
  ...(plain === null ? [] : [{ text, blocks: plain }]),
  { text },
];

const isBlocksRefused = (error: unknown): boolean =>
  /block|attachment|msg_too_long/.test(slackError(error) ?? '') || (error instanceof Error && Reflect.get(error, 'statusCode') === 400);

/** The first form that Slack takes. */
async function inSomeForm(message: Message, send: (form: Form) => Promise<unknown>): Promise<void> {
  const forms = formsOf(message);
  for (const [at, form] of forms.entries()) {
    try {
      await send(form);
      return;
    } catch (error) {
      if (!isBlocksRefused(error) || at === forms.length - 1) throw error;
    }
  }
}

/** By the address that came with the command or the click: it works also where the bot is no member. */
export const byResponse =
  (respond: RespondFn): Tell =>
  (message) =>
    inSomeForm(message, (form) =>
      respond({ ...form, response_type: 'ephemeral', replace_original: false, unfurl_links: false, unfurl_media: false }),
    );

/** Where the person is. `thread`: the thread they wrote in; null: in the channel. */
export interface Spot {
  channel: string;
  user: string;
  thread: string | null;
}

/** As a message that only this person sees. */
export const byEphemeral =
  (client: WebClient, { channel, user, thread }: Spot): Tell =>
  (message) =>
    inSomeForm(message, (form) =>
      client.chat.postEphemeral({
        channel,
        user,
        ...form,
        ...(thread === null ? {} : { thread_ts: thread }),
        parse: 'none',
        link_names: false,
      }),
    );

/** The first way that works. Rejects with the last error when none does. */
export const inTurn =
  (...ways: [Tell, ...Tell[]]): Tell =>
  async (message) => {
    for (const [at, tell] of ways.entries()) {
      try {
        return await tell(message);
      } catch (error) {
        if (at === ways.length - 1) throw error;
      }
    }
  };
