import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { type Facts, openFacts } from '../../src/slack/facts.ts';
import { changeRule } from '../access/changes/orders.ts';
import { policy, rule, TEAM } from '../access/people.ts';

const whole = { is_bot: false, deleted: false, is_restricted: false, is_ultra_restricted: false, is_stranger: false };
const refused = (error: string): Error => Object.assign(new Error(error), { data: { ok: false, error } });

/** Slack as far as facts need it: what it says of each id, and what it was asked. */
function slack(says: { users?: object; channels?: object; groups?: object }) {
  const asked: string[] = [];
  const answer = (kind: keyof typeof says, id: string): any => {
    asked.push(id);
    const said = (says[kind] as any)?.[id];
    if (said instanceof Error) return Promise.reject(said);
    return Promise.resolve(said);
  };
  const client = {
    users: { info: async ({ user }: { user: string }) => ({ ok: true, user: await answer('users', user) }) },
    conversations: { info: async ({ channel }: { channel: string }) => ({ ok: true, channel: await answer('channels', channel) }) },
    usergroups: {
      users: { list: async ({ usergroup }: { usergroup: string }) => ({ ok: true, users: await answer('groups', usergroup) }) },
    },
  };
  return { client: client as any, asked };
}

const lines: object[] = [];
const log = { info: () => undefined, warn: (fields: object) => lines.push(fields), error: () => undefined };
const groupPolicy = policy(rule({ users: [], groups: ['S0SRE'] }), rule({ groups: ['S0NET', 'S0SRE'] }));
const ada = { user: 'U0ADA', team: null, isBot: false };

function factsOf(says: Parameters<typeof slack>[0], rules = policy(rule()), clock = { now: 0 }): Facts & { asked: string[] } {
  const { client, asked } = slack(says);
  return { ...openFacts({ client, policy: () => rules, log, now: () => clock.now }), asked };
}

describe('a person', () => {
  test('is whom Slack says they are', async () => {
    const facts = factsOf({ users: { U0ADA: { id: 'U0ADA', team_id: TEAM, ...whole } } });
    expect(await facts.person(ada)).toEqual({
      user: 'U0ADA',
      team: TEAM,
      isBot: false,
      isDeleted: false,
      isGuest: false,
      isStranger: false,
      groups: [],
    });
  });

  test.each([
    ['a bot', { is_bot: true }, {}, { isBot: true }],
    ['a bot, as the payload says', {}, { isBot: true }, { isBot: true }],
    ['a bot where Slack does not say', { is_bot: undefined }, {}, { isBot: true }],
    ['deactivated', { deleted: true }, {}, { isDeleted: true }],
    ['deactivated where Slack does not say', { deleted: undefined }, {}, { isDeleted: true }],
    ['a guest of several channels', { is_restricted: true }, {}, { isGuest: true }],
    ['a guest of one channel', { is_ultra_restricted: true }, {}, { isGuest: true }],
    ['a guest where Slack does not say', { is_restricted: undefined }, {}, { isGuest: true }],
    ['a stranger', { is_stranger: true }, {}, { isStranger: true }],
    ['of another workspace', { team_id: 'T0ELSE' }, {}, { team: 'T0ELSE' }],
    ['of another workspace, as the payload says', {}, { team: 'T0ELSE' }, { team: 'T0ELSE' }],
    ['of another workspace, whatever the payload says', { team_id: 'T0ELSE' }, { team: TEAM }, { team: 'T0ELSE' }],
    ['of no workspace', { team_id: undefined }, {}, { team: '' }],
  ])('may be %s', async (_what, said, payload, expected) => {
    const facts = factsOf({ users: { U0ADA: { id: 'U0ADA', team_id: TEAM, ...whole, ...said } } });
    expect(await facts.person({ ...ada, ...payload })).toMatchObject(expected);
  });

  test('is of an organisation where the home is one', async () => {
    const says = { users: { U0ADA: { id: 'U0ADA', team_id: 'T0ANY', ...whole, enterprise_user: { enterprise_id: 'E0ORG' } } } };
    expect(await factsOf(says, { team: 'E0ORG', rules: [] }).person(ada)).toMatchObject({ team: 'E0ORG' });
    const alone = { users: { U0ADA: { id: 'U0ADA', team_id: 'E0ORG', ...whole } } };
    expect(await factsOf(alone, { team: 'E0ORG', rules: [] }).person(ada)).toMatchObject({ team: '' });
  });

  test.each([
    ['is refused the answer', refused('user_not_found')],
    ['is told of nobody', undefined],
    ['is told of somebody else', { id: 'U0EVE', team_id: TEAM, ...whole }],
  ])('is nobody when the bot %s', async (_what, said) => {
    await expect(factsOf({ users: { U0ADA: said } }).person(ada)).rejects.toThrow(Failure);
  });

  const users = { U0ADA: { id: 'U0ADA', team_id: TEAM, ...whole } };
  test.each([
    [{ S0SRE: ['U0ADA', 'U0BOB'], S0NET: [] }, ['S0SRE']],
    [{ S0SRE: ['U0BOB'], S0NET: ['U0BOB'] }, []],
    [{ S0SRE: refused('ratelimited'), S0NET: [] }, null],
    [{ S0SRE: refused('plan_upgrade_required'), S0NET: undefined }, null],
    [{ S0SRE: refused('ratelimited'), S0NET: ['U0ADA'] }, ['S0NET']],
    [{ S0SRE: refused('no_such_subteam'), S0NET: [] }, []],
  ])('is in the groups that the policy names, as far as Slack says: %j', async (groups, expected) => {
    expect(await factsOf({ users, groups }, groupPolicy).person(ada)).toMatchObject({ groups: expected });
  });

  test('is in the groups that only a rule for changes names', async () => {
    const rules = { ...policy(rule()), changes: [changeRule({ by: { users: [], groups: ['S0SRE'] } }), changeRule()] };
    expect(await factsOf({ users, groups: { S0SRE: ['U0ADA'] } }, rules).person(ada)).toMatchObject({ groups: ['S0SRE'] });
  });

  test('is remembered for a minute, and a failure is not', async () => {
    const clock = { now: 0 };
    const facts = factsOf({ users, groups: { S0SRE: refused('ratelimited'), S0NET: [] } }, groupPolicy, clock);
    await Promise.all([facts.person(ada), facts.person(ada)]);
    expect(facts.asked.toSorted()).toEqual(['S0NET', 'S0SRE', 'U0ADA']);
    await facts.person(ada);
    expect(facts.asked.filter((id) => id === 'S0SRE')).toHaveLength(2);
    expect(facts.asked).toHaveLength(4);
    await facts.person(ada, true);
    expect(facts.asked.filter((id) => id === 'U0ADA')).toHaveLength(2);
    clock.now = 60_001;
    await facts.person(ada);
    expect(facts.asked.filter((id) => id === 'U0ADA')).toHaveLength(3);
  });
});

describe('a channel', () => {
  const plain = { id: 'C1', is_ext_shared: false, is_pending_ext_shared: false, is_private: false, is_member: true };
  test.each([
    ['public', plain, { channel: { id: 'C1', kind: 'public', isShared: false }, isMember: true }],
    ['private', { ...plain, is_private: true }, { channel: { kind: 'private' } }],
    ['a conversation of several', { ...plain, is_mpim: true }, { channel: { kind: 'private' } }],
    ['direct', { id: 'C1', is_im: true }, { channel: { kind: 'direct', isShared: false }, isMember: true }],
    ['one that the bot is not in', { ...plain, is_member: false }, { channel: { kind: 'public' }, isMember: false }],
    ['shared', { ...plain, is_ext_shared: true }, { channel: { isShared: true } }],
    ['about to be shared', { ...plain, is_pending_ext_shared: true }, { channel: { isShared: true } }],
    ['offered to others', { ...plain, pending_shared: ['T0ELSE'] }, { channel: { isShared: true } }],
    ['shared, nobody says with whom', { ...plain, is_shared: true }, { channel: { isShared: true } }],
    ['shared within the organisation', { ...plain, is_shared: true, is_org_shared: true }, { channel: { isShared: false } }],
    ['unknown where Slack does not say who shares it', { id: 'C1', is_private: false, is_member: true }, { channel: { kind: 'unknown' } }],
    ['unknown where Slack describes another', { ...plain, id: 'C2' }, { channel: { id: 'C1', kind: 'unknown' }, isMember: null }],
    ['unknown where Slack describes none', undefined, { channel: { kind: 'unknown' }, isMember: null }],
    ['unknown and not ours where Slack hides it', refused('channel_not_found'), { channel: { kind: 'unknown' }, isMember: false }],
    ['unknown where a scope is missing', refused('missing_scope'), { channel: { kind: 'unknown' }, isMember: null }],
  ])('may be %s', async (_what, said, expected) => {
    expect(await factsOf({ channels: { C1: said } }).channel('C1')).toMatchObject(expected);
  });

  test('is remembered for a minute, unless it was unknown', async () => {
    const facts = factsOf({ channels: { C1: plain, C2: refused('ratelimited') } });
    for (const id of ['C1', 'C1', 'C2', 'C2']) await facts.channel(id);
    expect(facts.asked).toEqual(['C1', 'C2', 'C2']);
  });
});

test('what the log is told of a failed call holds no request', async () => {
  const error = Object.assign(refused('ratelimited'), {
    message: 'failed for https://hooks.slack.com/actions/T1/2/3 with xoxb-1-2-abc and 1.2.0123456789abcdef0123456789abcdef',
    original: { config: { headers: { Authorization: 'Bearer xoxb-1-2-abc' } } },
  });
  await factsOf({ channels: { C1: error } }).channel('C1');
  expect(lines.at(-1)).toEqual({ channel: 'C1', name: 'Error', slack: 'ratelimited', error: 'failed for URL with TOKEN and TRIGGER' });
});
