import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTPReceiver, type Logger } from '@slack/bolt';
import { clock, receiverOf, type Way } from './way.ts';

/** Where Slack posts everything to. */
export const ENDPOINT = '/slack/events';

/** Slack's largest payload, a view, is a quarter of it. Bytes. */
const LARGEST_BODY = 1024 * 1024;
const CLOCK_SKEW_SECONDS = 300;
const CLOSE_MS = 500;

export interface HttpOptions {
  signingSecret: string;
  port: number;
  logger: Logger;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/**
 * Whether the time that a request carries is near ours. Bolt looks for old ones only: one of the future could be sent again for as long.
 * Without a time Bolt decides, which answers nothing but Slack's check of the certificate.
 */
export function isTimely(timestamp: string | string[] | undefined, nowMs: number): boolean {
  if (timestamp === undefined) return true;
  const seconds = Number(timestamp);
  return Number.isFinite(seconds) && Math.abs(nowMs / 1000 - seconds) <= CLOCK_SKEW_SECONDS;
}

const refuse = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { connection: 'close' });
  response.end();
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      server.off('error', reject);
      resolve();
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // What is still being sent to us is not waited for.
    setTimeout(() => server.closeAllConnections(), CLOSE_MS).unref();
  });

/** Signed HTTP requests at `ENDPOINT`. Signatures are Bolt's to verify; times, sizes and slow senders are refused here. */
export function httpWay({ signingSecret, port, logger, now = Date.now }: HttpOptions): Way {
  const arrivals = new WeakMap<IncomingMessage, number>();
  const bolt = new HTTPReceiver({
    signingSecret,
    endpoints: [ENDPOINT],
    logger,
    bodyLimit: LARGEST_BODY,
    customPropertiesExtractor: (request) => ({ arrivedAt: arrivals.get(request) }),
  });
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 16_384 }, (request, response) => {
    arrivals.set(request, clock());
    if (!isTimely(request.headers['x-slack-request-timestamp'], now())) return refuse(response, 401);
    try {
      bolt.requestListener(request, response);
    } catch {
      // Bolt throws for every path but its own.
      refuse(response, 404);
    }
  });
  server.on('error', (error) => logger.error(error));
  return {
    receiver: receiverOf(
      (app) => bolt.init(app),
      () => listen(server, port),
      () => close(server),
    ),
    connected: () => server.listening,
    port: () => (server.address() as AddressInfo | null)?.port ?? null,
  };
}
