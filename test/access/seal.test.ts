import { expect, test } from '@jest/globals';
import { sealOf } from '../../src/access/seal.ts';
import { signOrder } from '../../src/access/sign.ts';

const [one, two] = ['1'.repeat(32), '2'.repeat(32)];

test('a seal holds for its text alone, and by each of the secrets in use', () => {
  const seal = sealOf(one).make('a life');
  expect(seal).toMatch(/^[0-9a-f]{64}$/);
  expect(sealOf(one).holds('a life', seal)).toBe(true);
  expect(sealOf([two, one]).holds('a life', seal)).toBe(true);
  expect(sealOf(one).holds('another life', seal)).toBe(false);
  expect(sealOf(two).holds('a life', seal)).toBe(false);
  for (const none of ['', 'x', seal.slice(2), `${seal}00`, seal.toUpperCase()]) expect(sealOf(one).holds('a life', none)).toBe(false);
});

test('a seal is no signature of an order, and a secret that is too short seals nothing', () => {
  const request = { cluster: 'a', pod: null, node: null, names: [], quick: false, probePods: true, ephemeral: true, timeoutMs: 1 };
  const person = { user: 'U1', team: 'T1', isBot: false, isDeleted: false, isGuest: false, isStranger: false, groups: [] };
  const about = { version: 1, run: '0123456789', kind: 'check', request, person, issuedAt: 1, expiresAt: 2 } as const;
  const { order, signature } = signOrder(one, { ...about, channel: { id: 'C1', kind: 'public', isShared: false } });
  expect(sealOf(one).holds(order, signature)).toBe(false);
  expect(() => sealOf('short')).toThrow('too short');
});
