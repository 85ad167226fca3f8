import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clustersFor, decide, decideCancel } from '../../src/access/decide.ts';
import { Action, type Decision, type Person, type Policy } from '../../src/domain/access.ts';
import { channel, person, policy, rule, TEAM } from './people.ts';

const ada = person({ user: 'U0ADA' });
const check = { cluster: 'cluster-a', action: 'check' } as const;
const reasonOf = (decision: Decision): string => (decision.allowed ? 'allowed' : decision.reason);

describe('the policy', () => {
  test.each([
    ['a user whom a rule names', ada, rule(), 'allowed'],
    ['somebody whom no rule names', person(), rule(), 'person'],
    ['a member of a group', person({ groups: ['S0SRE'] }), rule({ users: [], groups: ['S0SRE'] }), 'allowed'],
    ['a member of another group', person({ groups: ['S0DEV'] }), rule({ users: [], groups: ['S0SRE'] }), 'person'],
    ['somebody whose groups are unknown', person({ groups: null }), rule({ users: [], groups: ['S0SRE'] }), 'groups-unknown'],
    ['somebody whose groups are unknown and who is named', { ...ada, groups: null }, rule({ groups: ['S0SRE'] }), 'allowed'],
    ['somebody whose groups are unknown where no group counts', person({ groups: null }), rule(), 'person'],
    ['a user, for another cluster', ada, rule({ clusters: ['cluster-b'] }), 'no-policy'],
    ['a user, for something else', ada, rule({ may: ['read'] }), 'no-policy'],
    ['a user, from another channel', ada, rule({ channels: ['C0OTHER'] }), 'channel'],
    ['a user, from a channel named', ada, rule({ channels: ['C0OTHER', 'C0INCIDENT'] }), 'allowed'],
    ['anybody, from nowhere', ada, rule({ channels: [] }), 'no-policy'],
    ['nobody', ada, rule({ users: [] }), 'no-policy'],
    ['a pattern', ada, rule({ clusters: ['cluster-*'] }), 'allowed'],
    ['a pattern of others', ada, rule({ clusters: ['prod-*'] }), 'no-policy'],
    ['every cluster', ada, rule({ clusters: ['*'] }), 'allowed'],
    ['a name that only begins alike', ada, rule({ clusters: ['cluster'] }), 'no-policy'],
  ])('for %s', (_what, who, only, expected) => {
    expect(reasonOf(decide(policy(only), who, channel(), check))).toBe(expected);
  });

  test.each([
    ['a bot', person({ user: 'U0ADA', isBot: true, isDeleted: true }), channel(), 'bot'],
    ['a deactivated user', { ...ada, isDeleted: true, team: 'T0ELSE' }, channel(), 'deactivated'],
    ['one of another workspace', { ...ada, team: 'T0ELSE', isGuest: true }, channel(), 'external'],
    ['one of no workspace', { ...ada, team: '' }, channel(), 'external'],
    ['a stranger', { ...ada, isStranger: true }, channel(), 'external'],
    ['a guest', { ...ada, isGuest: true }, channel({ isShared: true }), 'guest'],
    ['a shared channel', ada, channel({ isShared: true, kind: 'unknown' }), 'shared-channel'],
    ['an unknown channel', ada, channel({ kind: 'unknown' }), 'unknown-channel'],
  ])('gives nothing to %s, whatever its rules say', (_what, who, where, expected) => {
    expect(reasonOf(decide(policy(rule({ channels: ['any', where.id] })), who, where, check))).toBe(expected);
  });

  test('lets nobody in when it names no workspace', () => {
    expect(reasonOf(decide({ team: '', rules: [rule()] }, { ...ada, team: '' }, channel(), check))).toBe('external');
  });

  test('takes no right together from two rules', () => {
    const halves = policy(rule({ channels: ['C0OTHER'] }), rule({ users: ['U0BOB'] }));
    expect(reasonOf(decide(halves, ada, channel(), check))).toBe('channel');
  });

  test('says who may and from where, of the rules for this cluster and action only', () => {
    const rules = policy(
      rule({ users: ['U0BOB'], groups: ['S0SRE'], channels: ['C0OPS'] }),
      rule({ users: ['U0BOB', 'U0EVE'], channels: ['C0OPS', 'any'] }),
      rule({ users: ['U0DAN'], clusters: ['cluster-b'] }),
      rule({ users: ['U0DAN'], may: ['read'] }),
    );
    expect(decide(rules, ada, channel(), check)).toEqual({
      allowed: false,
      reason: 'person',
      mayUsers: ['U0BOB', 'U0EVE'],
      mayGroups: ['S0SRE'],
      mayChannels: ['C0OPS', 'any'],
    });
  });

  test('tells outsiders nothing of the inside', () => {
    expect(decide(policy(rule()), { ...ada, team: 'T0ELSE' }, channel(), check)).toEqual({
      allowed: false,
      reason: 'external',
      mayUsers: [],
      mayGroups: [],
      mayChannels: [],
    });
  });
});

describe('ending a run', () => {
  const run = { cluster: 'cluster-a', kind: 'check', askedBy: 'U0ADA' } as const;

  test('is allowed to the one who asked, as long as they may still ask', () => {
    expect(decideCancel(policy(rule()), ada, channel(), run)).toEqual({ allowed: true });
    expect(decideCancel(policy(rule({ may: ['read'] })), ada, channel(), run)).toMatchObject({ allowed: false });
    expect(decideCancel(policy(rule({ may: ['check'] })), ada, channel(), { ...run, kind: 'doctor' })).toMatchObject({ allowed: false });
    expect(decideCancel(policy(rule()), { ...ada, isGuest: true }, channel(), run)).toMatchObject({ reason: 'guest' });
  });

  test('needs the right to cancel for the runs of others, and names those who have it', () => {
    const rules = policy(rule(), rule({ users: ['U0BOB'], may: ['cancel'] }));
    expect(decideCancel(rules, ada, channel(), { ...run, askedBy: 'U0EVE' })).toMatchObject({ reason: 'person', mayUsers: ['U0BOB'] });
    expect(decideCancel(rules, person({ user: 'U0BOB' }), channel(), run)).toEqual({ allowed: true });
  });
});

describe('the clusters that somebody may use', () => {
  const rules = policy(rule(), rule({ clusters: ['prod-*'], channels: ['C0OPS'] }), rule({ users: ['U0BOB'], clusters: ['*'] }));
  const names = ['prod-1', 'cluster-a', 'cluster-b'];

  test('are those that the policy allows in the channel', () => {
    expect(clustersFor(rules, ada, channel(), 'check', names)).toEqual(['cluster-a']);
    expect(clustersFor(rules, ada, channel({ id: 'C0OPS' }), 'check', names)).toEqual(['prod-1', 'cluster-a']);
    expect(clustersFor(rules, ada, channel(), 'cancel', names)).toEqual([]);
  });

  test('are, without a channel, those that it allows somewhere', () => {
    expect(clustersFor(rules, ada, null, 'check', names)).toEqual(['prod-1', 'cluster-a']);
    expect(clustersFor(rules, { ...ada, isGuest: true }, null, 'check', names)).toEqual([]);
    expect(clustersFor(rules, person({ groups: null }), null, 'check', names)).toEqual([]);
  });
});

const few = (...values: string[]): fc.Arbitrary<string[]> => fc.subarray(values);
const anyRule = fc.record({
  clusters: few('cluster-a', 'cluster-*', '*', 'other'),
  users: few('U0ADA', 'U0BOB'),
  groups: few('S0SRE', 'S0DEV'),
  channels: few('any', 'C0INCIDENT', 'C0OTHER'),
  may: fc.subarray([...Action.options]),
});
const anyPerson = fc.record({
  user: fc.constantFrom('U0ADA', 'U0BOB', 'U0EVE'),
  team: fc.constantFrom(TEAM, 'T0ELSE'),
  isBot: fc.boolean(),
  isDeleted: fc.boolean(),
  isGuest: fc.boolean(),
  isStranger: fc.boolean(),
  groups: fc.option(few('S0SRE', 'S0DEV')),
});
const anyChannel = fc.record({
  id: fc.constantFrom('C0INCIDENT', 'C0OTHER', 'any'),
  kind: fc.constantFrom('public' as const, 'private' as const, 'direct' as const, 'unknown' as const),
  isShared: fc.boolean(),
});

/** The policy once more, as one sentence. */
function plainly({ rules }: Policy, who: Person, where: { id: string; kind: string; isShared: boolean }, action: Action): boolean {
  const home = who.team === TEAM && !who.isBot && !who.isDeleted && !who.isGuest && !who.isStranger;
  if (!home || where.isShared || where.kind === 'unknown') return false;
  return rules.some(
    ({ clusters, users, groups, channels, may }) =>
      clusters.some((name) => ['cluster-a', 'cluster-*', '*'].includes(name)) &&
      may.includes(action) &&
      (users.includes(who.user) || groups.some((group) => (who.groups ?? []).includes(group))) &&
      (channels.includes('any') || channels.includes(where.id)),
  );
}

test('a decision is the same as the rules read aloud, for any rules, person and channel', () => {
  fc.assert(
    fc.property(
      fc.array(anyRule, { maxLength: 4 }),
      anyPerson,
      anyChannel,
      fc.constantFrom(...Action.options),
      (rules, who, where, action) => {
        const { allowed } = decide({ team: TEAM, rules }, who, where, { cluster: 'cluster-a', action });
        expect(allowed).toBe(plainly({ team: TEAM, rules }, who, where, action));
      },
    ),
    { numRuns: 2000 },
  );
});
