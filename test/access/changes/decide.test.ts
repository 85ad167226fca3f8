import { describe, expect, test } from '@jest/globals';
import {
  decideApply,
  decideApproval,
  decideDecline,
  decideRequest,
  decideStop,
  decideUndo,
  isApproved,
} from '../../../src/access/changes/decide.ts';
import type { ChangeRule, Decision, Policy } from '../../../src/domain/access.ts';
import { channel, person, policy, rule } from '../people.ts';
import { changeRule, MADE, MINUTE, order, yes } from './orders.ts';

const wish = { cluster: 'cluster-a', remedy: 'restart-coredns', risk: 'disruptive' } as const;
const rights = policy(
  rule({ users: ['U0ADA'], may: ['request'] }),
  rule({ users: ['U0ADA', 'U0BOB', 'U0CY'], groups: ['S0SRE'], channels: ['C0OPS', 'C0INCIDENT'], may: ['approve'] }),
);
const asking = (change: Partial<ChangeRule>, more: Partial<Policy> = {}): Policy => ({ ...rights, changes: [changeRule(change)], ...more });
const requested = order({ state: 'requested', requested: yes('U0ADA') });
const [ada, bob, cy] = [person({ user: 'U0ADA' }), person({ user: 'U0BOB' }), person({ user: 'U0CY' })];

const reason = (decision: Decision): string => (decision.allowed ? 'allowed' : decision.reason);

describe('a refusal of a change', () => {
  test('names those who may ask', () => {
    expect(decideRequest(rights, wish, bob, channel(), MADE)).toEqual({
      allowed: false,
      reason: 'person',
      mayUsers: ['U0ADA'],
      mayGroups: [],
      mayChannels: ['any'],
    });
  });

  test('names the others who may approve, to the one who asked', () => {
    expect(decideApproval(rights, wish, requested, ada, channel(), MADE)).toEqual({
      allowed: false,
      reason: 'own-request',
      mayUsers: ['U0BOB', 'U0CY'],
      mayGroups: ['S0SRE'],
      mayChannels: ['C0OPS', 'C0INCIDENT'],
    });
  });

  test('names those who have not approved yet, to one who has', () => {
    const once = { ...requested, approvals: [yes('U0BOB')] };
    const three = asking({ people: 3 });
    expect(decideApproval(three, wish, once, bob, channel(), MADE)).toMatchObject({ reason: 'approved-already', mayUsers: ['U0CY'] });
    expect(decideApproval(asking({ people: 1 }), wish, once, bob, channel(), MADE)).toMatchObject({ mayUsers: ['U0ADA', 'U0CY'] });
  });

  test('names those whom the rule for the change lets approve', () => {
    const listed = asking({ by: { users: ['U0CY'], groups: ['S0SRE'] } });
    const may = { mayUsers: ['U0CY'], mayGroups: ['S0SRE'], mayChannels: ['C0OPS', 'C0INCIDENT'] };
    expect(decideApproval(listed, wish, requested, bob, channel(), MADE)).toMatchObject({ reason: 'person', ...may });
    expect(decideApproval(listed, wish, requested, person(), channel(), MADE)).toMatchObject({ reason: 'person', ...may });
    expect(decideApproval(listed, wish, requested, cy, channel({ id: 'C0ELSE' }), MADE)).toMatchObject({ reason: 'channel', ...may });
    const hidden = { ...bob, groups: null };
    expect(decideApproval(listed, wish, requested, hidden, channel(), MADE)).toMatchObject({ reason: 'groups-unknown', ...may });
    expect(reason(decideApproval(listed, wish, requested, { ...bob, groups: ['S0SRE'] }, channel(), MADE))).toBe('allowed');
  });

  test('tells outsiders nothing, whatever the rule for the change says', () => {
    const listed = asking({ by: { users: ['U0CY'], groups: [] } });
    const nobody = { mayUsers: [], mayGroups: [], mayChannels: [] };
    expect(decideApproval(listed, wish, requested, { ...cy, team: 'T0ELSE' }, channel(), MADE)).toMatchObject({
      reason: 'external',
      ...nobody,
    });
  });

  test('says of a cluster that nothing may be changed in it, and of changes until when they rest and why', () => {
    const nobody = { mayUsers: [], mayGroups: [], mayChannels: [] };
    const readOnly = { ...rights, readOnly: ['cluster-a'] };
    expect(decideRequest(readOnly, wish, ada, channel(), MADE)).toEqual({
      allowed: false,
      reason: 'read-only',
      ...nobody,
      says: 'Nothing may be changed in cluster-a: it is read-only in dns-medic.yaml.',
    });
    const frozen = asking({ freeze: [{ from: MADE, to: MADE + 90 * MINUTE, says: 'Christmas sales.' }] });
    expect(decideApproval(frozen, wish, requested, bob, channel(), MADE)).toEqual({
      allowed: false,
      reason: 'frozen',
      ...nobody,
      says: 'Changes rest now: Christmas sales. They may be made again from 2026-11-25 13:30 UTC on.',
    });
    const all = { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 1440, zone: 'UTC', says: 'for ever' };
    expect(decideRequest(asking({ freeze: [all] }), wish, ada, channel(), MADE)).toMatchObject({ says: 'Changes rest now: for ever.' });
  });

  test('says first who may not, and only then that nothing may be changed', () => {
    const readOnly = { ...rights, readOnly: ['cluster-a'] };
    expect(reason(decideRequest(readOnly, wish, person(), channel(), MADE))).toBe('person');
    expect(reason(decideApproval(readOnly, wish, requested, person(), channel(), MADE))).toBe('person');
  });
});

describe('an order that is approved', () => {
  const backed = (policyNow: Policy, approvals = [yes('U0BOB')], by = yes('U0ADA')): boolean =>
    isApproved(policyNow, wish, { requested: by, approvals }, MADE + 2 * MINUTE);

  test.each<[string, Policy, boolean]>([
    ['under the policy that it was approved under', rights, true],
    ['where more people are asked now', asking({ people: 3 }), false],
    ['where the one who asked may ask no longer', { ...rights, rules: rights.rules.slice(1) }, false],
    ['where the one who approved may approve no longer', policy(rights.rules[0]!, rule({ users: ['U0CY'], may: ['approve'] })), false],
    ['where the rule lets others approve now', asking({ by: { users: ['U0CY'], groups: [] } }), false],
    ['where the cluster is read-only now', { ...rights, readOnly: ['cluster-a'] }, false],
    ['where changes rest now', asking({ freeze: [{ from: MADE, to: MADE + 5 * MINUTE, says: 'x' }] }), false],
    ['where changes rested before', asking({ freeze: [{ from: MADE, to: MADE + MINUTE, says: 'x' }] }), true],
    ['of another workspace now', { ...rights, team: 'T0ELSE' }, false],
  ])('%s is so still: %s', (_what, now, still) => {
    expect(backed(now)).toBe(still);
  });

  test.each([
    ['two of one person', [yes('U0BOB'), yes('U0BOB')], false],
    ['two people', [yes('U0BOB'), yes('U0CY')], true],
    ['the one who asked and another', [yes('U0BOB'), yes('U0ADA')], false],
    ['a guest and another', [yes('U0BOB'), yes('U0CY', { person: person({ user: 'U0CY', isGuest: true }) })], false],
    ['one from another channel', [yes('U0BOB'), yes('U0CY', { channel: 'C0ELSE' })], false],
    ['one whose groups were unknown', [yes('U0BOB'), yes('U0DAN', { person: person({ user: 'U0DAN', groups: null }) })], false],
    ['one of the group', [yes('U0BOB'), yes('U0DAN', { person: person({ user: 'U0DAN', groups: ['S0SRE'] }) })], true],
  ])('by %s has three behind it: %s', (_what, approvals, enough) => {
    expect(backed(asking({ people: 3 }), approvals)).toBe(enough);
  });

  test('is not where nobody asked for it, nor where a guest did', () => {
    expect(isApproved(rights, wish, { requested: null, approvals: [yes('U0BOB'), yes('U0CY')] }, MADE)).toBe(false);
    expect(backed(rights, [yes('U0BOB')], yes('U0ADA', { person: person({ user: 'U0ADA', isGuest: true }) }))).toBe(false);
  });

  test('takes one person where one is asked: the one who asks, if this one may approve, or another', () => {
    const one = asking({ people: 1 });
    expect(backed(one, [])).toBe(true);
    const onlyAsks = { ...one, rules: [rule({ users: ['U0ADA'], may: ['request'] }), rule({ users: ['U0BOB'], may: ['approve'] })] };
    expect(backed(onlyAsks, [])).toBe(false);
    expect(backed(onlyAsks)).toBe(true);
  });

  test('is told how many are missing', () => {
    const decision = decideApply(asking({ people: 3 }), wish, { requested: yes('U0ADA'), approvals: [yes('U0BOB')] }, MADE);
    expect(decision).toMatchObject({ allowed: false, says: 'The policy now asks for 3 people, and counts the yes of 2.' });
    const gone = decideApply({ ...rights, rules: [] }, wish, { requested: yes('U0ADA'), approvals: [] }, MADE);
    expect(gone).toMatchObject({ reason: 'no-policy', says: 'The policy no longer lets the one who asked for it ask.' });
  });
});

describe('to undo, to decline and to stop', () => {
  const more = policy(...rights.rules, rule({ users: ['U0STOP'], may: ['cancel'] }));

  test('name all who may, where somebody may not', () => {
    const eve = person({ user: 'U0EVE' });
    expect(decideDecline(more, wish, eve, channel())).toMatchObject({ reason: 'person', mayUsers: ['U0ADA', 'U0BOB', 'U0CY'] });
    expect(decideStop(more, wish, requested, eve, channel())).toMatchObject({ mayUsers: ['U0ADA', 'U0BOB', 'U0CY', 'U0STOP'] });
    expect(decideUndo(more, wish, requested, eve, channel(), MADE)).toMatchObject({ mayUsers: ['U0ADA', 'U0BOB', 'U0CY'] });
  });

  test('are for one’s own as long as one may ask for such', () => {
    const only = policy(rule({ users: ['U0ADA', 'U0EVE'], may: ['request'] }));
    for (const decide of [decideUndo, decideStop]) {
      expect(reason(decide(only, wish, requested, ada, channel(), MADE))).toBe('allowed');
      expect(reason(decide(only, wish, requested, person({ user: 'U0EVE' }), channel(), MADE))).toBe('no-policy');
      expect(reason(decide(only, wish, requested, { ...ada, isGuest: true }, channel(), MADE))).toBe('guest');
      expect(reason(decide(policy(), wish, requested, ada, channel(), MADE))).toBe('no-policy');
    }
  });
});
