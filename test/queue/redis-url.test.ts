import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UsageError } from '../../src/base/failure.ts';
import { plainError } from '../../src/queue/answered.ts';
import { redisAddress } from '../../src/queue/redis-url.ts';

describe('the address of Redis', () => {
  test.each([
    ['redis://localhost', { host: 'localhost', port: 6379, db: 0 }],
    ['redis://redis:7000/3', { host: 'redis', port: 7000, db: 3 }],
    ['redis://[::1]:7000', { host: '::1', port: 7000, db: 0 }],
    ['redis://:p%40ss@redis', { host: 'redis', port: 6379, db: 0, password: 'p@ss' }],
    ['redis://me:100%@redis', { host: 'redis', port: 6379, db: 0, username: 'me', password: '100%' }],
    ['rediss://me:x@redis:6380', { host: 'redis', port: 6380, db: 0, username: 'me', password: 'x', tls: { servername: 'redis' } }],
    ['unix:///run/redis.sock', { path: '/run/redis.sock' }],
    ['/run/redis.sock', { path: '/run/redis.sock' }],
  ])('%s is understood', (url, address) => {
    expect(redisAddress(url)).toEqual(address);
  });

  test.each([
    '',
    'localhost:6379',
    'http://redis',
    'redis://',
    'redis://redis/first',
    'unix://',
    'redis://a b:hunter2@',
    'redis://x:hunter2@redis:port',
  ])('%j is refused, without repeating it', (url) => {
    expect(() => redisAddress(url)).toThrow(UsageError);
    expect(() => redisAddress(url)).toThrow(/^(?!.*hunter2)the address of Redis is not understood/);
  });

  test('is an address or a UsageError, whatever is given', () => {
    const kindOf = (url: string): string => {
      try {
        return redisAddress(url) === null ? 'nothing' : 'address';
      } catch (error) {
        return error instanceof UsageError ? 'refused' : String(error);
      }
    };
    const rest = fc.string().map((text) => `redis://${text}`);
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl(), rest), (url) => ['address', 'refused'].includes(kindOf(url))));
  });
});

describe('an error of Redis', () => {
  test('loses the command and its arguments, and the password', () => {
    const error = Object.assign(new Error('WRONGPASS for hunter2'), { command: { name: 'auth', args: ['hunter2'] } });
    const plain = plainError(error, 'hunter2');
    expect(Object.getOwnPropertyNames(plain).toSorted()).toEqual(['message', 'stack']);
    expect(plain.message).toBe('WRONGPASS for ***');
  });

  test.each([
    [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['text', 'text'],
    [null, 'null'],
    [new Error('x'.repeat(1000)), 'x'.repeat(500)],
  ])('%p has words', (error, words) => {
    expect(plainError(error).message).toBe(words);
  });
});
