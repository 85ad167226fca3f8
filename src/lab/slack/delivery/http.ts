import { createHmac } from 'node:crypto';
import { parsed } from '../methods/arguments.ts';
import type { Attempt, Delivery } from '../world/world.ts';

/** Slack's signature over a request: HMAC-SHA256 of version, time and body. */
export function signature(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

export interface Retry {
  num: number;
  reason: string;
}

export interface HttpTarget {
  url: string;
  secret: string;
  /** Milliseconds in which it must answer. */
  ack: number;
}

/** The attempt, and whether the app has said that it wants no more of it. */
export type HttpAttempt = Attempt & { noRetry: boolean };

/** Brings something to the app over HTTP, signed, and takes its answer for the acknowledgement. */
export async function sendHttp(target: HttpTarget, delivery: Delivery, retry: Retry | null, copies: number): Promise<HttpAttempt> {
  const request = signedRequest(target, delivery, retry);
  const [first] = await Promise.all([sendOnce(target, request), ...Array.from({ length: copies }, () => sendOnce(target, request))]);
  return first;
}

function signedRequest({ secret }: HttpTarget, { kind, payload }: Delivery, retry: Retry | null): RequestInit {
  const [type, body] = kind === 'events_api' ? ['application/json', JSON.stringify(payload)] : [FORM, form(kind, payload)];
  const timestamp = Math.floor(Date.now() / 1_000);
  return {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': type,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': signature(secret, timestamp, body),
      ...(retry === null ? {} : { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason }),
    },
    body,
  };
}

const FORM = 'application/x-www-form-urlencoded';

function form(kind: Delivery['kind'], payload: Delivery['payload']): string {
  if (kind === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return new URLSearchParams(Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)])).toString();
}

async function sendOnce({ url, ack }: HttpTarget, request: RequestInit): Promise<HttpAttempt> {
  const start = performance.now();
  const attempt = { at: Date.now(), via: 'http' as const, ackMs: null, response: null, noRetry: false };
  try {
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(ack) });
    const words = await answer.text();
    const noRetry = answer.headers.get('x-slack-no-retry') === '1';
    if (!answer.ok) return { ...attempt, failed: 'http_error', noRetry };
    return { ...attempt, ackMs: performance.now() - start, response: said(words), failed: null };
  } catch (error) {
    const timeout = error instanceof DOMException && error.name === 'TimeoutError';
    return { ...attempt, failed: timeout ? 'http_timeout' : 'connection_failed' };
  }
}

/** An answer is JSON, or plain words for the person. */
function said(words: string): unknown {
  if (words.trim() === '') return null;
  return parsed(words) ?? { text: words };
}
