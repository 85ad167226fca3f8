import { keptIntake, noIntake } from '../../src/slack/intake.ts';
import type { Policy } from '../../src/domain/access.ts';
import type { Counter, RequestSeen } from '../../src/slack/counter.ts';
import { reachable } from '../../src/slack/desk-away.ts';
import { openFacts } from '../../src/slack/facts.ts';
import type { RemedyKind } from '../../src/slack/remedy-kind.ts';
import { noCaptures, type SentFile } from '../../src/slack/sent-file.ts';
import { type FakeDesk, fakeDesk } from './fake-desk.ts';

/** What Slack says of each id; an Error is what it refuses to say. */
export interface World {
  users: Record<string, object | Error>;
  channels: Record<string, object | Error>;
  groups: Record<string, string[] | Error>;
}

export const refused = (error: string): Error => Object.assign(new Error(error), { data: { ok: false, error } });

/** Slack's Web API as far as handlers use it: facts from `world`, and a list of what it was called with. */
export function standIn(world: World): { client: any; calls: { method: string; args: any }[] } {
  const calls: { method: string; args: any }[] = [];
  const say = async (said: unknown): Promise<any> => {
    if (said instanceof Error) throw said;
    return said;
  };
  const note =
    (method: string, answer: (args: any) => Promise<object>) =>
    async (args: any): Promise<object> => {
      calls.push({ method, args });
      return { ok: true, ...(await answer(args)) };
    };
  const client = {
    users: { info: note('users.info', async ({ user }) => ({ user: await say(world.users[user]) })) },
    conversations: { info: note('conversations.info', async ({ channel }) => ({ channel: await say(world.channels[channel]) })) },
    usergroups: {
      users: { list: note('usergroups.users.list', async ({ usergroup }) => ({ users: await say(world.groups[usergroup]) })) },
    },
    views: {
      open: note('views.open', async () => ({ view: { id: 'V1', hash: 'h1' } })),
      update: note('views.update', async () => ({})),
      publish: note('views.publish', async () => ({})),
    },
    chat: {
      postEphemeral: note('chat.postEphemeral', async () => ({})),
      getPermalink: note('chat.getPermalink', async () => ({ permalink: 'https://lab.slack.com/archives/C1/p1' })),
    },
  };
  return { client, calls };
}

/** What can be asked for by name. */
export const REMEDIES: readonly RemedyKind[] = [
  { id: 'restart-coredns', title: 'Restart CoreDNS', helps: 'A pod is stuck.' },
  {
    id: 'scale-coredns',
    title: 'Scale CoreDNS',
    helps: 'There are too few pods.',
    paramHelp: { replicas: 'how many pods' },
    wrong: ({ replicas = '2' }) => (/^[2-9]$/.test(replicas) ? null : 'replicas is a number from 2 to 9.'),
  },
];

/**
 * Handlers' surroundings: a desk in memory (a new one unless given, as for a bot that starts again), and Slack as `world` says it is. `scene.policy`
 * may be replaced.
 */
export function counterIn(world: World, policy: Policy, clusters: readonly string[], desk: FakeDesk = fakeDesk(clusters)) {
  const scene = { policy, files: [] as SentFile[], captures: noCaptures };
  const { client, calls } = standIn(world);
  const seen: RequestSeen[] = [];
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const counter: Counter = {
    desk: reachable(desk),
    intake: keptIntake(noIntake),
    cardOf: () => Promise.resolve('1763863384.000100'),
    facts: openFacts({ client, policy: () => scene.policy, log: quiet }),
    get policy() {
      return scene.policy;
    },
    clusters,
    remedies: REMEDIES,
    onFile: async (file) => void scene.files.push(file),
    get captures() {
      return scene.captures;
    },
    commandName: '/dns',
    botUser: 'U0BOT',
    mentionName: '@dns-medic',
    timeoutMs: 90_000,
    asking: client,
    telling: client,
    log: quiet,
    onRequest: (request) => seen.push(request),
  };
  return { counter, desk, calls, seen, scene };
}
