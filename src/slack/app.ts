import { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { UsageError } from '../base/failure.ts';
import { askingClient, fetchWithin, quietLogger, tellingClient } from './clients.ts';
import type { Counter, RequestSeen } from './counter.ts';
import type { Desk } from './desk.ts';
import { intakeOf, reachable } from './desk-away.ts';
import { openFacts } from './facts.ts';
import { register } from './handlers/register.ts';
import { type Intake, keptIntake, noIntake, pickUp } from './intake.ts';
import { explained, type Identity, identify, policyNow, type PolicySource } from './identity.ts';
import { errorFields, type SlackLog } from './log.ts';
import type { RemedyKind } from './remedy-kind.ts';
import { type Captures, noCaptures, type OnFile } from './sent-file.ts';
import { threadClient } from './thread/client.ts';
import { UnderWay } from './under-way.ts';
import { httpWay } from './ways/http.ts';
import { socketWay } from './ways/socket.ts';
import type { Way } from './ways/way.ts';

/** How Slack reaches the bot. `connections`: sockets at once, two unless said; while one is renewed, Slack uses the other. */
export type SlackMode = { kind: 'socket'; appToken: string; connections?: number } | { kind: 'http'; signingSecret: string; port: number };

/** What the bot needs to be there in Slack. */
export interface SlackOptions {
  token: string;
  /** Of the Web API; ends in a slash. */
  apiUrl: string;
  mode: SlackMode;
  /** The slash command, with its slash. */
  command: string;
  /** Names of all clusters. */
  clusters: readonly string[];
  policy: PolicySource;
  desk: Desk;
  /** What people may ask for by name. Left out: nothing. */
  remedies?: readonly RemedyKind[];
  /** Left out: no file is ever shown, as nobody would know of it afterwards. */
  onFile?: OnFile;
  /** Left out: none are kept. */
  captures?: Captures;
  /** Left out: what a bot that dies had just heard is lost. */
  intake?: Intake;
  /** The ts of the card of a run in a channel. Left out: no link to it is given. */
  cardOf?: Counter['cardOf'];
  log: SlackLog;
  /** Hears of every request that was dealt with. */
  onRequest: (request: RequestSeen) => void;
  /** How long a check may take; 90 seconds unless said. */
  timeoutMs?: number;
}

/** The bot in Slack. */
export interface SlackDoor {
  /** Rejects with a `UsageError` or a `Failure` when Slack refuses or cannot be reached. */
  start(): Promise<void>;
  /** Hears nothing more, and waits some seconds for what is under way. */
  stop(): Promise<void>;
  /** Deals with what bots that have died had heard; to be called every few seconds. Gives how many there were. */
  pickUp(): Promise<number>;
  /** To write threads with. */
  client: WebClient;
  botUser: string;
  team: string;
  /** Whether Slack can reach us now. */
  connected(): boolean;
  /** Where Slack posts to; null in Socket Mode. */
  port(): number | null;
}

const CHECK_MS = 90_000;
const RESPOND_MS = 10_000;
const STOP_MS = 5_000;

function wayOf({ mode, apiUrl, log }: SlackOptions): Way {
  const logger = quietLogger(log);
  if (mode.kind === 'http') return httpWay({ ...mode, logger });
  return socketWay({ ...mode, apiUrl, connections: mode.connections ?? 2, logger });
}

function boltApp({ token, apiUrl, log }: SlackOptions, { botId, botUser }: Identity, { receiver }: Way): App {
  const logger = quietLogger(log);
  const app = new App({
    token,
    // Known already, so that Slack is not asked at every event.
    botId,
    botUserId: botUser,
    tokenVerificationEnabled: false,
    attachFunctionToken: false,
    convoStore: false,
    receiver,
    logger,
    clientOptions: { slackApiUrl: apiUrl, allowAbsoluteUrls: false, logger, fetch: fetchWithin(RESPOND_MS) },
  });
  app.error(async (error) => log.error(errorFields(error), 'a request was not handled'));
  return app;
}

const noFile: OnFile = () => Promise.reject(new UsageError('Files are not sent by this bot: it keeps no record of them.'));

function counterOf(options: SlackOptions, asking: WebClient, identity: Identity): Counter {
  const { clusters, command, log, onRequest, timeoutMs = CHECK_MS, remedies = [], onFile = noFile, captures = noCaptures } = options;
  const policy = policyNow(options.policy, identity);
  return {
    desk: reachable(options.desk),
    intake: keptIntake(intakeOf(options.intake ?? noIntake)),
    cardOf: options.cardOf ?? (() => Promise.resolve(null)),
    facts: openFacts({ client: asking, policy, log }),
    get policy() {
      return policy();
    },
    clusters,
    remedies,
    onFile,
    captures,
    commandName: command,
    botUser: identity.botUser,
    mentionName: identity.mentionName,
    timeoutMs,
    asking,
    telling: tellingClient(options, log),
    log,
    onRequest,
  };
}

/**
 * Makes the bot ready; `start` opens it to Slack. Rejects with a `UsageError` when Slack refuses the token or the policy is for another
 * workspace, and with a `Failure` when Slack cannot be reached.
 */
export async function openSlack(options: SlackOptions): Promise<SlackDoor> {
  const asking = askingClient(options, options.log);
  const identity = await identify(asking);
  const counter = counterOf(options, asking, identity);
  const way = wayOf(options);
  const app = boltApp(options, identity, way);
  const underWay = new UnderWay();
  register(app, counter, underWay);
  return {
    start: async () => {
      await app.start().catch((error: unknown) => {
        throw options.mode.kind === 'http' ? error : explained(error, 'SLACK_APP_TOKEN');
      });
    },
    stop: async () => {
      await app.stop();
      await underWay.settled(STOP_MS);
    },
    pickUp: () => pickUp(counter, counter.intake),
    client: threadClient(options.token, options.apiUrl),
    botUser: identity.botUser,
    team: identity.team,
    connected: () => way.connected(),
    port: () => way.port(),
  };
}
