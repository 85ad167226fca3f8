import { createHash } from 'node:crypto';
import { WebAPIPlatformError, WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import type { Message } from '../../report/slack/message.ts';
import { outcomeOf, type Written } from './outcome.ts';
import { openAlbum } from './album.ts';

/** The metadata that our messages carry: ids only, as any app of the workspace can read it. By it a message is found again. */
const EVENT_TYPE = 'dns_medic_message';

/** Where a message goes. `key` names it for good: run, place and slot. */
export interface Address {
  channel: string;
  /** The ts of the thread's first message; null: into the channel itself. */
  thread: string | null;
  key: string;
}

/**
 * `unable`: this app may not read back its messages here (no history scope), now or later. `later`: Slack would not say now; after `ms` it may.
 */
export type Found =
  { kind: 'found'; ts: string } | { kind: 'absent' } | { kind: 'unable'; error: string } | { kind: 'later'; ms: number; error: string };

/** The hand that writes into Slack. It never retries and never throws: what became of a call is its answer. */
export interface Hand {
  post(address: Address, message: Message, broadcast: boolean): Promise<Written>;
  update(channel: string, ts: string, message: Message): Promise<Written>;
  /** Looks for a message that was sent, at `sentAt` (milliseconds), and of which no answer came. */
  find(address: Address, sentAt: number): Promise<Found>;
}

/** Of what a message says: equal messages have equal hashes. */
export const hashOf = ({ text, blocks }: Message): string =>
  createHash('sha256')
    .update(JSON.stringify([text, blocks]))
    .digest('hex')
    .slice(0, 24);

const settings = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;

/** Clocks of ours and Slack's may differ by this much when a message is looked for. */
const slackSeconds = 120;

interface ReadBack {
  ts?: string | undefined;
  metadata?: { event_type?: string | undefined; event_payload?: object | undefined } | undefined;
}

const keyIn = ({ metadata }: ReadBack): unknown =>
  metadata?.event_type === EVENT_TYPE ? (metadata.event_payload as Record<string, unknown> | undefined)?.['key'] : null;

async function readBack(client: WebClient, { channel, thread }: Address, sentAt: number): Promise<ReadBack[]> {
  const range = { channel, oldest: String(Math.floor(sentAt / 1000) - slackSeconds), include_all_metadata: true, limit: 200 };
  const answer = thread === null ? await client.conversations.history(range) : await client.conversations.replies({ ...range, ts: thread });
  return answer.messages ?? [];
}

/** Refusals that will be the same next time: nothing that stands here can be read. */
const neverReadable =
  /^(missing_scope|not_in_channel|channel_not_found|thread_not_found|is_archived|no_permission|not_allowed_token_type|access_denied)$/;

function notFound(error: unknown): Found {
  if (error instanceof WebAPIPlatformError && neverReadable.test(error.data.error)) return { kind: 'unable', error: error.data.error };
  if (error instanceof WebAPIRateLimitedError) return { kind: 'later', ms: error.retryAfter * 1_000, error: 'ratelimited' };
  return { kind: 'later', ms: 2_000, error: error instanceof Error ? error.name : 'unknown' };
}

/** The hand over a WebClient that neither retries nor waits for rate limits by itself (see `threadClient`). */
export function handOf(client: WebClient): Hand {
  const album = openAlbum(client);
  return {
    post: ({ channel, thread, key }, message, broadcast) =>
      album.write(message, ({ text, blocks }) =>
        outcomeOf(
          client.chat.postMessage({
            channel,
            text,
            ...(blocks.length === 0 ? {} : { blocks }),
            ...(thread === null ? {} : { thread_ts: thread, reply_broadcast: broadcast }),
            metadata: { event_type: EVENT_TYPE, event_payload: { key } },
            ...settings,
          } as Parameters<typeof client.chat.postMessage>[0]),
        ),
      ),
    update: (channel, ts, message) =>
      album.write(message, ({ text, blocks }) =>
        outcomeOf(client.chat.update({ channel, ts, text, blocks: [...blocks], parse: 'none', link_names: false })),
      ),
    find: async (address, sentAt) => {
      try {
        const messages = await readBack(client, address, sentAt);
        const ts = messages.find((message) => keyIn(message) === address.key)?.ts;
        return ts === undefined ? { kind: 'absent' } : { kind: 'found', ts };
      } catch (error) {
        return notFound(error);
      }
    },
  };
}
