import { createRequire } from 'node:module';
import type { App as BoltApp, AppOptions } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { labSeed, startSlack, type SlackLookalike, type SlackOptions } from '../../../src/lab/slack/start-slack.ts';

const { App, LogLevel, HTTPReceiver, SocketModeReceiver } = createRequire(import.meta.url)('@slack/bolt') as typeof import('@slack/bolt');

export { App, HTTPReceiver, LogLevel, SocketModeReceiver };
export const C = 'C0INCIDENTS';

const silent = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => LogLevel.ERROR, setName() {} };

/** What the tests of a file have started, ended by `closeAll`. */
const open: (() => Promise<unknown>)[] = [];

export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).toReversed()) await close().catch(() => undefined);
}

export async function slackFor(options: SlackOptions = {}): Promise<SlackLookalike> {
  const seed = labSeed();
  // these tests try more of Slack than the app asks for
  seed.app.scopes.push('files:write', 'reactions:write');
  const slack = await startSlack({ rates: 'off', seed, ...options });
  open.push(() => slack.close());
  return slack;
}

/** The real client, without retries, so that a test sees each answer. */
export function client(
  slack: SlackLookalike,
  token: string | undefined = slack.seed.app.botToken,
  options: WebClientOptions = {},
): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
    ...options,
  });
}

/** The word with which Slack refuses; `ok` when it does not. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return (error as { data?: { error?: string } }).data?.error ?? (error as Error).message;
  }
}

/** The real Bolt in Socket Mode. */
export async function socketApp(slack: SlackLookalike, prepare: (app: BoltApp) => void, clientPingTimeout = 100): Promise<BoltApp> {
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new SocketModeReceiver({
    appToken: slack.seed.app.appToken,
    logger: silent,
    clientPingTimeout,
    installerOptions: { clientOptions },
  });
  return started(slack, prepare, { receiver, clientOptions });
}

async function started(slack: SlackLookalike, prepare: (app: BoltApp) => void, options: AppOptions): Promise<BoltApp> {
  const app = new App({ token: slack.seed.app.botToken, logger: silent, ...options });
  app.error(async () => {});
  prepare(app);
  await app.start(0);
  open.push(async () => {
    await app.stop();
    // The client waits 30 s for the end of a connection that is taken away while it says goodbye.
    await sleep(50);
  });
  return app;
}

/** The real Bolt behind HTTP; the look-alike delivers to it from now on. */
export async function httpApp(
  slack: SlackLookalike,
  prepare: (app: BoltApp) => void,
  signingSecret = slack.seed.app.signingSecret,
): Promise<string> {
  const receiver = new HTTPReceiver({ signingSecret, port: 0, logger: silent });
  const app = new App({ token: slack.seed.app.botToken, receiver, logger: silent, clientOptions: { slackApiUrl: slack.apiUrl } });
  app.error(async () => {});
  prepare(app);
  const server = await receiver.start(0);
  open.push(() => receiver.stop());
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}/slack/events`;
  slack.deliverTo(url);
  return url;
}

export const plain = (text: string) => ({ type: 'plain_text' as const, text });
export const button = (action_id: string, value: string) => ({ type: 'button' as const, action_id, value, text: plain(action_id) });
export const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text, verbatim: true } });
export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
