import { LogLevel, WebClient } from '@slack/web-api';

const timeoutMs = 10_000;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * The client that threads are written with: it neither retries (a lost answer is looked for, not sent again) nor waits for rate limits (that
 * would hold up all channels). `apiUrl` ends in a slash.
 */
export function threadClient(token: string, apiUrl: string): WebClient {
  const logger = { ...silent, setLevel: () => undefined, getLevel: () => LogLevel.ERROR, setName: () => undefined };
  return new WebClient(token, {
    slackApiUrl: apiUrl,
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    maxRequestConcurrency: 20,
    logger,
  });
}
