import { describe, expect, test } from '@jest/globals';
import type { RunRecord } from '../../src/domain/run.ts';
import type { Counter } from '../../src/slack/counter.ts';
import { onCommand } from '../../src/slack/handlers/command.ts';
import { onMention } from '../../src/slack/handlers/mention.ts';
import { onPress } from '../../src/slack/handlers/press.ts';
import { onSubmission } from '../../src/slack/handlers/submission.ts';
import { policy, rule, TEAM } from '../access/people.ts';
import { counterIn, refused, type World } from './stand-ins.ts';

const user = (id: string, change: object = {}): object => ({
  id,
  team_id: TEAM,
  is_bot: false,
  deleted: false,
  is_restricted: false,
  is_ultra_restricted: false,
  ...change,
});
const channel = (id: string, change: object = {}): object => ({ id, is_ext_shared: false, is_private: false, is_member: true, ...change });

/** Everybody but NOBODY and the one of the group that cannot be read is named in a rule: only what they are keeps them out. */
const PEOPLE: Record<string, { id: string; said: object | Error; groups?: Error }> = {
  'asked for the run': { id: 'U0ADA', said: user('U0ADA') },
  'in the group': { id: 'U0BEN', said: user('U0BEN') },
  'may cancel': { id: 'U0CAT', said: user('U0CAT') },
  nobody: { id: 'U0NEW', said: user('U0NEW') },
  'group unknown': { id: 'U0BEN', said: user('U0BEN'), groups: refused('ratelimited') },
  guest: { id: 'U0GUEST', said: user('U0GUEST', { is_restricted: true }) },
  'guest of one': { id: 'U0SINGLE', said: user('U0SINGLE', { is_restricted: true, is_ultra_restricted: true }) },
  bot: { id: 'U0ROBOT', said: user('U0ROBOT', { is_bot: true }) },
  deactivated: { id: 'U0GONE', said: user('U0GONE', { deleted: true }) },
  external: { id: 'U0EXT', said: user('U0EXT', { team_id: 'T0ELSE' }) },
  stranger: { id: 'U0STRANGE', said: user('U0STRANGE', { is_stranger: true }) },
  unknown: { id: 'U0WHO', said: refused('user_not_found') },
};

const CHANNELS: Record<string, object | Error> = {
  C0PUBLIC: channel('C0PUBLIC'),
  C0PRIVATE: channel('C0PRIVATE', { is_private: true }),
  D0DIRECT: { id: 'D0DIRECT', is_im: true },
  C0ABSENT: channel('C0ABSENT', { is_member: false }),
  C0HIDDEN: refused('channel_not_found'),
  C0SHARED: channel('C0SHARED', { is_ext_shared: true }),
  C0PENDING: channel('C0PENDING', { is_pending_ext_shared: true }),
  C0UNKNOWN: refused('ratelimited'),
};

const named = ['U0ADA', 'U0CAT', 'U0GUEST', 'U0SINGLE', 'U0ROBOT', 'U0GONE', 'U0EXT', 'U0STRANGE', 'U0WHO'];
const POLICY = policy(
  rule({ users: named, channels: ['any', 'C0HIDDEN', 'C0UNKNOWN', 'C0SHARED'] }),
  rule({ users: [], groups: ['S0SRE'] }),
  rule({ users: ['U0CAT'], may: ['cancel'] }),
);

/** S started, A answered, U usage, R refused, N the bot is not there, F Slack did not say who it is. Columns as in CHANNELS. */
const BARRED = ['guest', 'guest of one', 'bot', 'deactivated', 'external', 'stranger'];
const barred = (outcomes: string): Record<string, string> => Object.fromEntries(BARRED.map((kind) => [kind, outcomes]));
const START = {
  'asked for the run': 'SSSNNRRR',
  'in the group': 'SSSNNRRR',
  'may cancel': 'SSSNNRRR',
  nobody: 'RRRRNRRR',
  'group unknown': 'RRRRNRRR',
  ...barred('RRRRRRRR'),
  unknown: 'FFFFFFFF',
};
const READ = {
  'asked for the run': 'AAAANRRR',
  'in the group': 'AAAANRRR',
  'may cancel': 'AAAANRRR',
  nobody: 'RRRRNRRR',
  'group unknown': 'RRRRNRRR',
  ...barred('RRRRRRRR'),
  unknown: 'FFFFFFFF',
};
const CANCEL = { ...READ, 'in the group': 'RRRRNRRR' };
const LIST = { ...READ, nobody: 'AAAANRRR', 'group unknown': 'AAAANRRR' };
const anyone = (outcome: string): Record<string, string> => ({
  ...Object.fromEntries(Object.keys(PEOPLE).map((kind) => [kind, outcome.repeat(8)])),
  unknown: 'FFFFFFFF',
});
const TABLE: Record<string, Record<string, string>> = {
  'check cluster-a': START,
  'doctor cluster-a': START,
  'status 0000000001': READ,
  'history cluster-a': READ,
  'cancel 0000000001': CANCEL,
  clusters: LIST,
  help: anyone('A'),
  'deploy everything': anyone('U'),
};

const LETTERS: Record<string, string> = { started: 'S', answered: 'A', usage: 'U', refused: 'R', 'not-in-channel': 'N', failed: 'F' };

const RUN: RunRecord = {
  id: '0000000001',
  kind: 'check',
  cluster: 'cluster-a',
  request: { cluster: 'cluster-a', pod: 'a/b', node: null, names: [], quick: false, probePods: true, ephemeral: false, timeoutMs: 1 },
  askedBy: 'U0ADA',
  createdAt: 0,
  places: [],
  progress: { state: 'queued', attempt: 0, startedAt: null, endedAt: null, steps: [], error: null, cancelledBy: null },
  result: null,
};

type Act = (counter: Counter, who: string, where: string, text: string) => Promise<void>;
const ack = (): Promise<void> => Promise.resolve();
const respond = (): Promise<any> => Promise.resolve();
const context = {};

const byCommand: Act = (counter, who, where, text) =>
  onCommand(counter)({ command: { user_id: who, channel_id: where, team_id: TEAM, trigger_id: 't', text } as any, ack, respond, context });

const byMention: Act = (counter, who, where, text) =>
  onMention(counter)({
    event: {
      type: 'app_mention',
      user: who,
      channel: where,
      ts: '2.0',
      thread_ts: '1.0',
      text: `<@U0BOT> ${text}`,
      event_ts: '2.0',
    } as any,
    body: { event_id: 'e' },
    context,
  });

const byForm: Act = (counter, who, where) =>
  onSubmission(counter)({
    body: { trigger_id: 't', user: { id: who } },
    view: {
      id: 'V1',
      private_metadata: `${where}/1.0`,
      state: { values: { cluster: { cluster_chosen: { selected_option: { value: 'cluster-a' } } } } },
    },
    ack,
    context,
  });

const byButton: Act = (counter, who, where) =>
  onPress(counter)({
    action: { action_id: 'dns_cancel', value: RUN.id },
    body: { trigger_id: 't', user: { id: who }, channel: { id: where }, container: { type: 'message', thread_ts: '1.0' } },
    ack,
    respond,
    context,
  });

/** What becomes of it in each of the channels, a letter for each; and what the desk was asked to do. */
async function outcomesOf(act: Act, kind: string, text: string): Promise<{ outcomes: string; asks: number; ended: number }> {
  const person = PEOPLE[kind]!;
  const world: World = {
    users: { [person.id]: person.said },
    channels: CHANNELS,
    groups: { S0SRE: person.groups ?? ['U0BEN'] },
  };
  const results = await Promise.all(
    Object.keys(CHANNELS).map(async (where) => {
      const { counter, desk, seen } = counterIn(world, POLICY, ['cluster-a', 'cluster-b']);
      desk.runs.set(RUN.id, structuredClone(RUN));
      await act(counter, person.id, where, text);
      return { letter: seen.map(({ outcome }) => LETTERS[outcome] ?? `(${outcome})`).join(''), desk };
    }),
  );
  return {
    outcomes: results.map(({ letter }) => letter).join(''),
    asks: results.reduce((sum, { desk }) => sum + desk.asks.length, 0),
    ended: results.reduce((sum, { desk }) => sum + (desk.calls['cancel'] ?? 0), 0),
  };
}

const count = (outcomes: string, letter: string): number => outcomes.split(letter).length - 1;
const rows = (table: Record<string, string>): [string, string][] => Object.entries(table);

describe.each(Object.entries(TABLE))('%s', (text, table) => {
  test.each(rows(table))('by somebody who is %s: %s', async (kind, outcomes) => {
    const slash = await outcomesOf(byCommand, kind, text);
    expect(slash.outcomes).toBe(outcomes);
    expect(slash.asks).toBe(count(outcomes, 'S'));
    expect(slash.ended).toBe(text.startsWith('cancel') ? count(outcomes, 'A') : 0);
    expect(await outcomesOf(byMention, kind, text)).toEqual(slash);
  });
});

test.each(rows(START))('a form sent by somebody who is %s: %s', async (kind, outcomes) => {
  expect(await outcomesOf(byForm, kind, '')).toEqual({ outcomes, asks: count(outcomes, 'S'), ended: 0 });
});

test.each(rows(CANCEL))('a button pressed by somebody who is %s: %s', async (kind, outcomes) => {
  expect(await outcomesOf(byButton, kind, '')).toEqual({ outcomes, asks: 0, ended: count(outcomes, 'A') });
});

test('an outsider is told nothing of what there is', async () => {
  for (const kind of BARRED) {
    const person = PEOPLE[kind]!;
    const world: World = { users: { [person.id]: person.said }, channels: CHANNELS, groups: { S0SRE: [] } };
    const { counter } = counterIn(world, POLICY, ['cluster-a', 'cluster-b']);
    const told: string[] = [];
    const listen = async (message: any): Promise<any> => void told.push(JSON.stringify(message));
    for (const text of ['help', 'clusters', 'check clustr-a', 'status 0000000001', 'cluster']) {
      const command: any = { user_id: person.id, channel_id: 'C0PUBLIC', team_id: TEAM, trigger_id: text, text };
      await onCommand(counter)({ command, ack, respond: listen, context });
    }
    expect(told).toHaveLength(5);
    expect(told.join('\n')).not.toMatch(/cluster-[ab]/);
  }
});
