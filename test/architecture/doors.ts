/** A room of the house, and what its files may import. `runtime`: other rooms; `types`: rooms of which only types may be taken. */
export interface Room {
  runtime: readonly string[];
  types: readonly string[];
  packages: readonly string[];
  /** May it use Node's built-in modules? */
  node: boolean;
  /** Why the door is locked, for the person who ran into it. */
  because: string;
}

const room = (because: string, runtime: string[], rest: Partial<Room> = {}): Room => ({
  runtime,
  types: [],
  packages: [],
  node: false,
  because,
  ...rest,
});

/** The doors between the rooms of `src/`. What is not named here is locked. */
export const ROOMS: Readonly<Record<string, Room>> = {
  domain: room('domain/ holds the nouns that cross doors: schemas and their types, no other room', [], { packages: ['zod'] }),
  base: room('base/ is what everyone needs: it knows Node and nothing of the subject', [], { node: true }),
  formats: room('formats/ parses text that it is handed: pure, without I/O', ['domain', 'base'], { packages: ['yaml'] }),
  packets: room('packets/ reads captures that it is handed, and says what became of each query: pure, without I/O', ['domain', 'base'], {
    packages: ['dns-packet'],
  }),
  pictures: room('pictures/ draws what it is told: it decides nothing', ['domain', 'base'], { node: true, packages: ['@resvg/resvg-js'] }),
  rules: room('rules/ models how Kubernetes and Slack decide: pure, without I/O', ['domain', 'base']),
  cluster: room('cluster/ speaks to the API server and returns what it says; it does not judge', ['domain', 'base'], {
    node: true,
    packages: ['@kubernetes/client-node', 'undici', 'ws', 'yaml'],
  }),
  collect: room(
    'collect/ asks through the port that it is given, so that tests and other doors can stand in for a cluster',
    ['domain', 'base', 'formats', 'rules'],
    {
      types: ['cluster'],
      packages: ['zod'],
    },
  ),
  checks: room('checks/ judges evidence: the same evidence gives the same findings, anywhere', ['domain', 'formats', 'rules']),
  remedies: room(
    'remedies/ plans, applies and undoes through the ports that it is given; who may press is not its business',
    ['domain', 'base', 'formats', 'rules'],
    { types: ['cluster'], packages: ['zod'] },
  ),
  report: room(
    'report/ makes words and pictures of runs and reports: it reads those, and nothing else',
    ['domain', 'base', 'rules', 'pictures'],
    {
      packages: ['@slack/types'],
    },
  ),
  access: room('access/ decides who may do what, and signs and verifies orders: pure judgement, without I/O', ['domain', 'base'], {
    node: true,
  }),
  audit: room('audit/ keeps the chain of what was done, wherever it is kept: it knows nobody who does it', ['domain', 'base'], {
    node: true,
    packages: ['ioredis', 'zod'],
  }),
  queue: room('queue/ keeps runs in Redis and hands them to workers; what a run does is passed in', ['domain', 'base', 'audit'], {
    node: true,
    packages: ['bullmq', 'ioredis', 'zod'],
  }),
  slack: room(
    'slack/ hears people and keeps threads true; what it asks for is passed in',
    ['domain', 'base', 'rules', 'access', 'report', 'pictures'],
    {
      node: true,
      packages: ['@slack/bolt', '@slack/web-api', '@slack/socket-mode', '@slack/types', 'undici'],
    },
  ),
  telemetry: room('telemetry/ writes logs and metrics and answers health checks; it knows nothing of the subject', ['domain', 'base'], {
    node: true,
    packages: ['pino', 'prom-client'],
  }),
  lab: room('lab/ speaks the real protocols in place of Slack and a cluster, for the demo and the tests', ['domain', 'base', 'rules'], {
    types: ['cluster', 'collect'],
    node: true,
    packages: ['ws'],
  }),
  flows: room(
    'flows/ tells the story in a page; ports are handed in',
    ['domain', 'base', 'rules', 'packets', 'collect', 'checks', 'remedies'],
    {
      types: ['cluster'],
    },
  ),
  config: room('config/ reads settings once; the rest is handed what it needs', ['domain', 'base', 'rules'], {
    node: true,
    packages: ['zod', 'yaml'],
  }),
  cli: room(
    'cli/ composes a process from all rooms; the Kubernetes client stays behind cluster/',
    [
      'domain',
      'base',
      'formats',
      'rules',
      'cluster',
      'collect',
      'checks',
      'remedies',
      'report',
      'flows',
      'config',
      'access',
      'audit',
      'packets',
      'pictures',
      'queue',
      'slack',
      'telemetry',
      'lab',
    ],
    { node: true, packages: ['commander', 'zod'] },
  ),
};

/** Rooms that may read `process.env`. */
export const READS_ENVIRONMENT: readonly string[] = ['config', 'cli'];

/** The stand-ins for Slack and a cluster are for the demo; a bot of a team never loads them. */
export const MAY_USE_LAB = 'src/cli/demo/';

export const LONGEST_FILE = 200;

/** base/ is the room that everything could end up in. */
export const MOST_FILES_IN_BASE = 5;
