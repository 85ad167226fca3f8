import type { Policy } from '../../../src/domain/access.ts';
import { type SlackLookalike, type SlackOptions as LabOptions, startSlack } from '../../../src/lab/slack/start-slack.ts';
import { openSlack, type SlackDoor, type SlackMode } from '../../../src/slack/app.ts';
import type { RequestSeen } from '../../../src/slack/counter.ts';
import type { Captures, SentFile } from '../../../src/slack/sent-file.ts';
import { type FakeDesk, fakeDesk } from '../../slack/fake-desk.ts';

export const CLUSTERS = ['cluster-a', 'cluster-b', 'secret-c'];

/** On call (Ana, Ben) may use cluster-a and cluster-b from anywhere; Cat may look at cluster-a. */
export const POLICY: Policy = {
  team: 'T0LAB',
  rules: [
    { clusters: ['cluster-*'], users: [], groups: ['S0SRE'], channels: ['any'], may: ['check', 'doctor', 'read'] },
    { clusters: ['cluster-a'], users: ['U0CAT'], groups: [], channels: ['any'], may: ['read'] },
    { clusters: ['secret-c'], users: ['U0BEN'], groups: [], channels: ['C0WAR'], may: ['check', 'read', 'cancel'] },
  ],
};

/** A Slack look-alike and our bot in it, over real sockets. */
export interface Scene {
  slack: SlackLookalike;
  /** The one that is open now. */
  readonly door: SlackDoor;
  desk: FakeDesk;
  /** Files that were kept in the record. */
  files: SentFile[];
  /** Requests that were dealt with. */
  seen: RequestSeen[];
  /** Lines of the log, as JSON. */
  lines: string[];
  /** The newest text that only this person sees there, as soon as there is one more than `after`. */
  told(channel: string, user: string, after?: number): Promise<string>;
  /** Resolves when so many requests were dealt with. */
  dealt(count: number, ms?: number): Promise<RequestSeen[]>;
  /** The bot ends, and another one begins at the same desk. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

export interface SceneOptions {
  mode?: 'socket' | 'http';
  lab?: LabOptions;
  policy?: Policy | null;
  captures?: Captures;
  connections?: number;
  /** Of HTTP; any free one unless said. */
  port?: number;
  token?: string;
  appToken?: string;
  apiUrl?: string;
}

function modeOf({ mode, connections = 2, port = 0, appToken }: SceneOptions, { seed }: SlackLookalike): SlackMode {
  const { app } = seed;
  if (mode === 'http') return { kind: 'http', signingSecret: app.signingSecret, port };
  return { kind: 'socket', appToken: appToken ?? app.appToken, connections };
}

/** Opens the scene. Rejects as the bot's start does. */
export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const { mode = 'socket', lab = {}, policy = POLICY } = options;
  const slack = await startSlack({ rates: 'off', ...lab });
  const desk = fakeDesk(CLUSTERS);
  const seen: RequestSeen[] = [];
  const files: SentFile[] = [];
  const lines: string[] = [];
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      lines.push(JSON.stringify({ level, ...fields, message }));
    };
  const open = async (): Promise<SlackDoor> => {
    const opened = await openSlack({
      token: options.token ?? slack.seed.app.botToken,
      apiUrl: options.apiUrl ?? slack.apiUrl,
      mode: modeOf(options, slack),
      command: '/dns',
      clusters: CLUSTERS,
      policy,
      desk,
      onFile: async (file) => void files.push(file),
      ...(options.captures === undefined ? {} : { captures: options.captures }),
      log: { info: write('info'), warn: write('warn'), error: write('error') },
      onRequest: (request) => seen.push(request),
    });
    await opened.start();
    return opened;
  };
  let door = await open().catch(async (error: unknown) => {
    await slack.close();
    throw error;
  });
  if (mode === 'http') slack.deliverTo(`http://127.0.0.1:${door.port()}/slack/events`);
  return {
    slack,
    get door() {
      return door;
    },
    desk,
    files,
    seen,
    lines,
    told: async (channel, user, after = 0) => {
      const all = await slack.until(() => {
        const ephemerals = slack.ephemerals(channel, user);
        return ephemerals.length > after ? ephemerals : null;
      });
      return all.at(-1)?.text ?? '';
    },
    dealt: (count, ms = 10_000) => slack.until(() => (seen.length >= count ? seen : null), ms),
    restart: async () => {
      await door.stop();
      door = await open();
    },
    end: async () => {
      await door.stop();
      await slack.close();
    },
  };
}
