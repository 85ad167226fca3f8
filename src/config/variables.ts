import { SHORTEST_SECRET } from '../domain/run.ts';

/** A variable of the environment: what `.env.example` says of it, and what it may hold. */
export interface Variable {
  name: string;
  about: string;
  /** What holds where it is not set; '' for nothing. */
  usual: string;
  /** It may also stand in the file that NAME_FILE names, as secrets are mounted; it is never printed. */
  secret: boolean;
  /** What is expected instead, when the value is none; null when it is well. */
  problem(value: string): string | null;
}

type Test = (value: string) => boolean;

const variable = (name: string, about: string, usual = '', expected = '', test: Test = () => true): Variable => ({
  name,
  about,
  usual,
  secret: false,
  problem: (value) => (test(value) ? null : expected),
});
const secret = (name: string, about: string, expected: string, test: Test): Variable => ({
  ...variable(name, about, '', expected, test),
  secret: true,
});

const between =
  (least: number, most: number): Test =>
  (value) =>
    /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most;
const isUrl =
  (...protocols: string[]): Test =>
  (value) =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol);

const port = 'expected a port from 0 (any free one) to 65535';

/** What bot and worker both need. */
export const shared = {
  redis: secret(
    'REDIS_URL',
    'Where Redis is: redis://, rediss:// or unix:// (it may hold a password)',
    'expected a URL such as redis://redis:6379',
    (value) => isUrl('redis:', 'rediss:', 'unix:')(value),
  ),
  prefix: variable('REDIS_PREFIX', 'What all keys in Redis begin with', 'dns-medic', 'expected letters, digits and dashes', (value) =>
    /^[\w-]{1,40}$/.test(value),
  ),
  orderSecret: secret(
    'ORDER_SECRET',
    'Shared by bot and worker: signs what the bot orders. Make one: openssl rand -hex 32',
    `expected at least ${SHORTEST_SECRET} characters: openssl rand -hex 32`,
    (value) => value.length >= SHORTEST_SECRET,
  ),
  orderSecretBefore: secret(
    'ORDER_SECRET_BEFORE',
    'While the secret is changed: the one before, still accepted',
    `expected at least ${SHORTEST_SECRET} characters`,
    (value) => value.length >= SHORTEST_SECRET,
  ),
  healthPort: variable('HEALTH_PORT', 'Where /healthz, /readyz and /metrics are', '8080', port, between(0, 65_535)),
  logLevel: variable('LOG_LEVEL', 'debug, info, warn or error', 'info', 'expected debug, info, warn or error', (value) =>
    ['debug', 'info', 'warn', 'error'].includes(value),
  ),
  keepDays: variable('KEEP_DAYS', 'How many days a run and its report are kept', '7', 'expected days from 1 to 90', between(1, 90)),
  stopSeconds: variable(
    'STOP_SECONDS',
    'On SIGTERM: how long runs may go on before they are handed back (less than terminationGracePeriodSeconds)',
    '25',
    'expected seconds from 0 to 600',
    between(0, 600),
  ),
} as const;

/** What the bot needs besides. */
export const forBot = {
  botToken: secret('SLACK_BOT_TOKEN', 'The bot token of the Slack app', 'expected a token that begins with xoxb-', (value) =>
    /^xoxb-\S+$/.test(value),
  ),
  mode: variable(
    'SLACK_MODE',
    'How Slack reaches the bot: socket (no inbound port) or http',
    'socket',
    'expected socket or http',
    (value) => ['socket', 'http'].includes(value),
  ),
  appToken: secret(
    'SLACK_APP_TOKEN',
    'socket: the app-level token with connections:write',
    'expected a token that begins with xapp-',
    (value) => /^xapp-\S+$/.test(value),
  ),
  signingSecret: secret('SLACK_SIGNING_SECRET', "http: the app's signing secret", 'expected the signing secret of the app', (value) =>
    /^\S{16,}$/.test(value),
  ),
  httpPort: variable('HTTP_PORT', 'http: where Slack posts to, at /slack/events', '3000', port, between(0, 65_535)),
  apiUrl: variable(
    'SLACK_API_URL',
    "Slack's Web API",
    'https://slack.com/api/',
    'expected a URL such as https://slack.com/api/',
    isUrl('https:', 'http:'),
  ),
  command: variable(
    'SLACK_COMMAND',
    'The slash command, as the Slack app names it',
    '/dns',
    'expected a slash and up to 31 small letters, digits or dashes',
    (value) => /^\/[a-z0-9_-]{1,31}$/.test(value),
  ),
} as const;

/** Slack's documented limits, a little below; a workspace that Slack granted more may raise them. */
export const forThreads = {
  posts: variable(
    'SLACK_POSTS_PER_MINUTE',
    'Messages a minute in one channel (Slack: about one a second)',
    '54',
    'expected a number from 1 to 6000',
    between(1, 6_000),
  ),
  edits: variable(
    'SLACK_EDITS_PER_MINUTE',
    'Edits a minute in the whole workspace (Slack: 50)',
    '46',
    'expected a number from 1 to 6000',
    between(1, 6_000),
  ),
} as const;

/** What the worker needs besides. */
export const forWorker = {
  clusters: variable('WORKER_CLUSTERS', 'The clusters that this worker serves, joined by commas; all of dns-medic.yaml where it is empty'),
  concurrency: variable(
    'WORKER_CONCURRENCY',
    'How many runs of a cluster go on at once',
    '2',
    'expected a number from 1 to 20',
    between(1, 20),
  ),
} as const;

/** What the commands of the terminal read. */
export const forTerminal = {
  kubeconfig: variable(
    'KUBECONFIG',
    'The kubeconfig files to use where neither dns-medic.yaml nor --kubeconfig names one; several are joined by colons',
  ),
  noColor: variable('NO_COLOR', 'Anything: no colours in the terminal'),
  forceColor: variable('FORCE_COLOR', 'Anything: colours also where there is no terminal'),
  config: variable('DNS_MEDIC_CONFIG', 'The file of settings, instead of ./dns-medic.yaml and ~/.config/dns-medic/dns-medic.yaml'),
  debug: variable('DNS_MEDIC_DEBUG', 'Anything: an unexpected error is printed with its stack'),
  e2e: variable('E2E_KUBECONFIG', 'Tests only: the kubeconfig of a cluster that faults may be injected into'),
} as const;
