import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Refused } from '../../src/access/refused.ts';
import { signOrder } from '../../src/access/sign.ts';
import { acceptOrder, type Expected } from '../../src/access/verify.ts';
import type { ChangeRule, Policy } from '../../src/domain/access.ts';
import type { Approval, ChangeOrder } from '../../src/domain/change.ts';
import type { RunOrder } from '../../src/domain/run.ts';
import { changeRule, MADE, MINUTE, yes } from './changes/orders.ts';
import { channel, person, policy, rule } from './people.ts';

const SECRET = 's'.repeat(32);
const ISSUED = MADE + 5 * MINUTE;

const change: ChangeOrder = {
  of: '0123456789',
  change: '0123456789abcdef0123456789abcdef',
  act: 'apply',
  remedy: 'restart-coredns',
  risk: 'disruptive',
  digest: 'd'.repeat(64),
  requested: yes('U0ADA'),
  approvals: [yes('U0BOB')],
  reason: null,
  ends: false,
};
const order: RunOrder = {
  version: 1,
  run: 'aaaaaaaaaa',
  kind: 'change',
  request: { cluster: 'cluster-a', pod: null, node: null, names: [], quick: false, probePods: true, ephemeral: false, timeoutMs: 90_000 },
  person: person({ user: 'U0BOB' }),
  channel: channel(),
  issuedAt: ISSUED,
  expiresAt: ISSUED + 15 * MINUTE,
  change,
};
const rights = policy(rule({ users: ['U0ADA'], may: ['request'] }), rule({ users: ['U0BOB', 'U0CY'], may: ['approve'] }));
const asking = (more: Partial<ChangeRule>): Policy => ({ ...rights, changes: [changeRule(more)] });
const both: Policy = policy(rule({ users: ['U0ADA', 'U0BOB'], may: ['request', 'approve'] }));
const expected: Expected = { run: order.run, cluster: 'cluster-a', begun: null, now: ISSUED + MINUTE };

/** Signed by whoever has the secret, even where a bot of ours would not sign such. */
function signed(given: unknown) {
  const text = JSON.stringify(given);
  return { order: text, signature: createHmac('sha256', SECRET).update('dns-medic/order/v1\n').update(text).digest('hex') };
}

/** What a worker makes of the order: `accepted`, or why not. */
function judged(of: Policy, set: Partial<ChangeOrder> = {}, more: Partial<RunOrder> = {}, seen: Partial<Expected> = {}): string {
  const whole = { ...change, ...set };
  const last = whole.approvals.at(-1) ?? whole.requested;
  try {
    acceptOrder(SECRET, of, signed({ ...order, person: last.person, change: whole, ...more }), { ...expected, ...seen });
    return 'accepted';
  } catch (error) {
    if (error instanceof Refused) return error.reason;
    throw error;
  }
}
const guest = (user: string): Approval => yes(user, { person: person({ user, isGuest: true }) });

describe('an order to change something', () => {
  test('is accepted with all who stand behind it, as the bot signs it', () => {
    expect(acceptOrder(SECRET, rights, signOrder(SECRET, order), expected)).toEqual(order);
  });

  test.each<[string, Policy, Partial<ChangeOrder>, string]>([
    ['that nobody approved', rights, { approvals: [] }, 'not-allowed'],
    ['that its requester approved, where two are asked', both, { approvals: [yes('U0ADA')] }, 'not-allowed'],
    [
      'that its requester may approve, where one is asked',
      { ...both, changes: [changeRule({ people: 1 })] },
      { approvals: [] },
      'accepted',
    ],
    ['that its requester may not approve, where one is asked', asking({ people: 1 }), { approvals: [] }, 'not-allowed'],
    ['that one may do alone as long as it is safe', both, { risk: 'safe', approvals: [] }, 'accepted'],
    ['that a guest approved', rights, { approvals: [guest('U0BOB')] }, 'not-allowed'],
    ['that a guest approved besides others', rights, { approvals: [guest('U0CY'), yes('U0BOB')] }, 'accepted'],
    ['that a guest asked for', rights, { requested: guest('U0ADA') }, 'not-allowed'],
    ['that somebody asked for who may not', rights, { requested: yes('U0EVE') }, 'not-allowed'],
    ['that was asked for in another channel', asking({}), { requested: yes('U0ADA', { channel: 'C0ELSE' }) }, 'accepted'],
    ['that one approved twice, where three are asked', asking({ people: 3 }), { approvals: [yes('U0BOB'), yes('U0BOB')] }, 'not-allowed'],
    ['that two approved, where three are asked', asking({ people: 3 }), { approvals: [yes('U0BOB'), yes('U0CY')] }, 'accepted'],
    ['that others should approve', asking({ by: { users: ['U0CY'], groups: [] } }), {}, 'not-allowed'],
    ['for a read-only cluster', { ...rights, readOnly: ['cluster-a'] }, {}, 'not-allowed'],
    ['while changes rest', asking({ freeze: [{ from: ISSUED, to: ISSUED + 9 * MINUTE, says: 'sale' }] }), {}, 'not-allowed'],
    ['under a policy without rules', policy(), {}, 'not-allowed'],
    ['of another workspace', { ...rights, team: 'T0ELSE' }, {}, 'not-allowed'],
    ['without the digest of a plan', rights, { digest: 'plan' }, 'malformed'],
    ['with a digest in capitals', rights, { digest: 'D'.repeat(64) }, 'malformed'],
    ['that begins because its time is over', rights, { ends: true }, 'malformed'],
    ['without an id that could be guessed', rights, { change: '0123456789' }, 'malformed'],
  ])('%s', (_what, of, set, result) => {
    expect(judged(of, set)).toBe(result);
  });

  test('that does not say which, or is for a check, is malformed', () => {
    expect(judged(rights, {}, { change: undefined })).toBe('malformed');
    expect(judged(policy(rule({ users: ['U0BOB'] })), {}, { kind: 'check' })).toBe('malformed');
  });

  test('that was started by somebody who does not stand behind it is refused', () => {
    expect(judged(rights, {}, { person: person({ user: 'U0CY' }) })).toBe('not-allowed');
    expect(judged(rights, {}, { person: person({ user: 'U0ADA' }) })).toBe('accepted');
  });

  test('is worth nothing for another run or cluster, or when it is too old', () => {
    expect(judged(rights, {}, {}, { cluster: 'cluster-b' })).toBe('other-cluster');
    expect(judged(rights, {}, {}, { run: 'bbbbbbbbbb' })).toBe('other-run');
    expect(judged(rights, {}, {}, { now: ISSUED + 17 * MINUTE })).toBe('expired');
    expect(judged(rights, {}, {}, { now: ISSUED - 2 * MINUTE })).toBe('not-yet');
  });

  test('that had begun before changes rest is gone on with, but a beginning before the order is none', () => {
    const resting = asking({ freeze: [{ from: ISSUED + 2 * MINUTE, to: ISSUED + 60 * MINUTE, says: 'sale' }] });
    const now = ISSUED + 5 * MINUTE;
    expect(judged(resting, {}, {}, { now, begun: ISSUED + MINUTE })).toBe('accepted');
    expect(judged(resting, {}, {}, { now, begun: ISSUED + 3 * MINUTE })).toBe('not-allowed');
    expect(judged(resting, {}, {}, { now, begun: null })).toBe('not-allowed');
    expect(judged(resting, {}, {}, { now, begun: ISSUED - 5 * MINUTE })).toBe('not-allowed');
    expect(judged(resting, {}, {}, { now, begun: now + MINUTE })).toBe('not-allowed');
  });

  test('says why it is refused', () => {
    const accept = (): RunOrder => acceptOrder(SECRET, asking({ people: 3 }), signOrder(SECRET, order), expected);
    expect(accept).toThrow('the policy of the worker refuses it (The policy now asks for 3 people, and counts the yes of 2.)');
  });
});

describe('an order to undo something', () => {
  const undo = { act: 'undo', ends: false } as const;

  test.each<[string, string, Policy, string]>([
    ['one who may approve', 'U0CY', rights, 'accepted'],
    ['the one who asked for it', 'U0ADA', rights, 'accepted'],
    ['somebody else', 'U0EVE', rights, 'not-allowed'],
    ['one who asked for it and may no longer', 'U0ADA', policy(rights.rules[1]!), 'not-allowed'],
    ['one who may, in a read-only cluster', 'U0CY', { ...rights, readOnly: ['cluster-a'] }, 'accepted'],
    ['one who may, while changes rest', 'U0CY', asking({ freeze: [{ from: MADE, to: ISSUED + 60 * MINUTE, says: 'sale' }] }), 'accepted'],
  ])('is for %s (%s)', (_what, user, of, result) => {
    expect(judged(of, undo, { person: person({ user }) })).toBe(result);
  });

  test('is not for guests', () => {
    expect(judged(rights, undo, { person: person({ user: 'U0CY', isGuest: true }) })).toBe('not-allowed');
  });

  test('ends what is temporary whatever the policy says then, in its own time', () => {
    const ends = { act: 'undo', ends: true } as const;
    expect(judged(policy(), ends)).toBe('accepted');
    expect(judged(rights, ends, { expiresAt: ISSUED + 120 * MINUTE }, { now: ISSUED + 120 * MINUTE })).toBe('accepted');
    expect(judged(rights, { ...ends, digest: '' })).toBe('malformed');
    expect(judged(rights, ends, {}, { cluster: 'cluster-b' })).toBe('other-cluster');
  });
});
