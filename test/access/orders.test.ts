import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UsageError } from '../../src/base/failure.ts';
import { Refused } from '../../src/access/refused.ts';
import { secretsOf, signOrder } from '../../src/access/sign.ts';
import { acceptOrder, type Expected, verifyOrder } from '../../src/access/verify.ts';
import type { RunOrder } from '../../src/domain/run.ts';
import { channel, person, policy, rule } from './people.ts';

const OLD = 'o'.repeat(32);
const NEW = 'n'.repeat(32);
const MINUTE = 60_000;
const ISSUED = 1_800_000_000_000;
const EXPIRES = ISSUED + 15 * MINUTE;

const order: RunOrder = {
  version: 1,
  run: '0123456789',
  kind: 'check',
  request: {
    cluster: 'cluster-a',
    pod: 'shop/cart',
    node: null,
    names: ['ü.example'],
    quick: false,
    probePods: true,
    ephemeral: false,
    timeoutMs: 90_000,
  },
  person: person({ user: 'U0ADA' }),
  channel: channel(),
  issuedAt: ISSUED,
  expiresAt: EXPIRES,
};
const expected: Expected = { run: order.run, cluster: 'cluster-a', begun: null, now: ISSUED + MINUTE };
const signed = signOrder(NEW, order);

const fault = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof Refused) return error.reason;
    throw error;
  }
  return 'accepted';
};
const faultOf = (given: unknown, change: Partial<Expected> = {}): string =>
  fault(() => verifyOrder(NEW, given, { ...expected, ...change }));

describe('a signed order', () => {
  test('is read back as it was given', () => {
    expect(verifyOrder(NEW, signed, expected)).toEqual(order);
    expect(verifyOrder(NEW, JSON.parse(JSON.stringify(signed)), expected)).toEqual(order);
  });

  test('is accepted while the secret is exchanged: the first signs, all verify', () => {
    expect(verifyOrder([OLD, NEW], signed, expected)).toEqual(order);
    expect(fault(() => verifyOrder([OLD], signOrder([NEW, OLD], order), expected))).toBe('forged');
  });

  test.each([
    ['signed with another secret', signOrder(OLD, order)],
    ['changed by a letter', { ...signed, order: signed.order.replace('shop', 'shoq') }],
    ['written anew with the same meaning', { ...signed, order: JSON.stringify(JSON.parse(signed.order), null, 1) }],
    ['signed for another purpose', { ...signed, signature: createHmac('sha256', NEW).update(signed.order).digest('hex') }],
    ['signed with zeros', { ...signed, signature: '0'.repeat(64) }],
  ])('is forged when it was %s', (_what, given) => {
    expect(faultOf(given)).toBe('forged');
  });

  test.each([
    null,
    undefined,
    'text',
    {},
    { order: 1, signature: 2 },
    { ...signed, signature: 'zz' },
    { ...signed, order: 'x'.repeat(20_000) },
  ])('is malformed as %j', (given) => {
    expect(faultOf(given)).toBe('malformed');
  });

  test('is malformed when what was signed is no order of this version', () => {
    const text = JSON.stringify({ ...order, version: 2 });
    const signature = createHmac('sha256', NEW).update(`dns-medic/order/v1\n${text}`).digest('hex');
    expect(faultOf({ order: text, signature })).toBe('malformed');
  });

  test('is worth nothing for another run or cluster', () => {
    expect(faultOf(signed, { run: 'aaaaaaaaaa' })).toBe('other-run');
    expect(faultOf(signed, { cluster: 'cluster-b' })).toBe('other-cluster');
  });

  test.each([
    [ISSUED - 61_000, 'not-yet'],
    [ISSUED - 59_000, 'accepted'],
    [EXPIRES + 59_000, 'accepted'],
    [EXPIRES + 61_000, 'expired'],
  ])('at %d is %s', (now, result) => {
    expect(faultOf(signed, { now })).toBe(result);
  });

  test.each([
    ['may be taken over for an hour', EXPIRES, EXPIRES + 60 * MINUTE, 'accepted'],
    ['may not be taken over after an hour', EXPIRES, EXPIRES + 61 * MINUTE, 'expired'],
    ['is not prolonged by a beginning that is too late', EXPIRES + 2 * MINUTE, EXPIRES + 3 * MINUTE, 'expired'],
    ['is not prolonged by a beginning before it was issued', ISSUED - 2 * MINUTE, EXPIRES + 2 * MINUTE, 'expired'],
  ])('that had begun %s', (_what, begun, now, result) => {
    expect(faultOf(signed, { begun, now })).toBe(result);
  });

  test('is refused by a worker whose own policy does not allow it', () => {
    const allowing = policy(rule());
    expect(acceptOrder(NEW, allowing, signed, expected)).toEqual(order);
    expect(fault(() => acceptOrder(NEW, policy(rule({ may: ['read'] })), signed, expected))).toBe('not-allowed');
    expect(fault(() => acceptOrder(NEW, { ...allowing, team: 'T0ELSE' }, signed, expected))).toBe('not-allowed');
    expect(fault(() => acceptOrder(OLD, allowing, signed, expected))).toBe('forged');
  });

  test('never says more than that it is refused, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ order: fc.string(), signature: fc.stringMatching(/^[0-9a-f]{64}$/) })), (given) => {
        expect(['forged', 'malformed']).toContain(faultOf(given));
      }),
    );
  });
});

describe('the secret', () => {
  test.each([['short'], [''], [[NEW, 'short']], [[]]])('is not accepted as %j', (secrets) => {
    expect(() => secretsOf(secrets)).toThrow(UsageError);
    expect(() => signOrder(secrets, order)).toThrow('at least 32 characters');
  });

  test('is not in the message', () => {
    expect(() => secretsOf('hunter2')).toThrow(/^(?!.*hunter2)/);
  });
});
