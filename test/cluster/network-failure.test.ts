import { expect, test } from '@jest/globals';
import { Failure, UsageError } from '../../src/base/failure.ts';
import { isReset, networkFailure } from '../../src/cluster/network-failure.ts';

const coded = (code: string, message = 'raw') => Object.assign(new Error(message), { code });

test.each([
  ['ECONNREFUSED', 'error', 'the connection was refused: nothing listens there'],
  ['ENOTFOUND', 'error', "the server's name cannot be resolved"],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout', 'no answer to the connection attempt (a firewall, a VPN that is off, a private endpoint?)'],
  ['CERT_HAS_EXPIRED', 'error', "the server's certificate has expired"],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'error', "the server's certificate is not signed by the authority of the kubeconfig"],
])('%s is told in plain words', (code, reason, words) => {
  const failure = networkFailure(new TypeError('fetch failed', { cause: coded(code) }), 'https://s');
  expect(failure).toMatchObject({ reason, message: `https://s: ${words} (${code})` });
});

test('the first of several attempts counts', () => {
  expect(networkFailure(new AggregateError([coded('ECONNREFUSED')]), 's').message).toContain('refused');
});

test('an unknown code keeps its message, on one line', () => {
  expect(networkFailure(coded('EWHAT', 'a\nb'), 's').message).toBe('s: a b (EWHAT)');
  expect(networkFailure('text', 's').message).toBe('s: text');
});

test('a Failure stays, and a UsageError of a credential plugin becomes one', () => {
  const failure = new Failure('missing', 'x');
  expect(networkFailure(failure, 's')).toBe(failure);
  expect(networkFailure(new UsageError('plugin failed'), 's')).toMatchObject({
    name: 'Failure',
    reason: 'error',
    message: 'plugin failed',
  });
});

test('only a broken connection is worth another try', () => {
  expect(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNREFUSED', 'CERT_HAS_EXPIRED'].map((code) => isReset(coded(code)))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  const circle: { cause?: unknown } = {};
  circle.cause = circle;
  expect(isReset(circle)).toBe(false);
});
