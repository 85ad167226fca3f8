import { type Logger, LogLevel } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { loggable, type SlackLog } from './log.ts';

/** Where Slack's Web API is and what opens it. `apiUrl` ends in a slash. */
export interface SlackAccess {
  token: string;
  apiUrl: string;
}

const said = (messages: readonly unknown[]): string =>
  loggable(messages.map((part) => (part instanceof Error ? part.message : String(part))).join(' '));

/** Slack's packages write warnings and errors into our log; what they say below that holds whole requests. */
export function quietLogger(log: SlackLog): Logger {
  const nothing = (): void => undefined;
  return {
    debug: nothing,
    info: nothing,
    warn: (...messages) => log.warn({ from: 'slack' }, said(messages)),
    error: (...messages) => log.error({ from: 'slack' }, said(messages)),
    setLevel: nothing,
    getLevel: () => LogLevel.WARN,
    setName: nothing,
  };
}

/** For questions that a person waits for: an answer that is late, or that Slack puts off, is none. */
const ASKING: WebClientOptions = {
  timeout: 4_000,
  retryConfig: { retries: 1, minTimeout: 200, maxTimeout: 400 },
  rejectRateLimitedCalls: true,
};

/** For what a person is told: rather late, or even twice, than never. */
const TELLING: WebClientOptions = { timeout: 10_000, retryConfig: { retries: 2, minTimeout: 300, maxTimeout: 2_000 } };

const clientWith =
  (options: WebClientOptions) =>
  ({ token, apiUrl }: SlackAccess, log: SlackLog): WebClient =>
    new WebClient(token, { ...options, slackApiUrl: apiUrl, allowAbsoluteUrls: false, logger: quietLogger(log) });

export const askingClient = clientWith(ASKING);
export const tellingClient = clientWith(TELLING);

/** A fetch that ends after so many milliseconds: Bolt answers at a response_url without any limit. */
export const fetchWithin =
  (ms: number): NonNullable<WebClientOptions['fetch']> =>
  (url, init) =>
    fetch(url, { ...init, signal: AbortSignal.any([AbortSignal.timeout(ms), ...(init?.signal ? [init.signal] : [])]) });
