import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cipherOf } from '../../src/access/cipher.ts';

const [one, two] = ['1'.repeat(32), '2'.repeat(32)];
const text = Buffer.from('shop.example.com. from 10.0.1.7');

test('what is closed comes back, by each of the secrets in use, and only under the same words', () => {
  const closed = cipherOf(one).close(text, 'order/0');
  expect(cipherOf(one).open(closed, 'order/0')).toEqual(text);
  expect(cipherOf([two, one]).open(closed, 'order/0')).toEqual(text);
  expect(cipherOf(two).open(closed, 'order/0')).toBeNull();
  expect(cipherOf([two, one]).open(cipherOf([two, one]).close(text, 'a'), 'a')).toEqual(text);
  expect(cipherOf(two).open(cipherOf([two, one]).close(text, 'a'), 'a')).toEqual(text);
  for (const about of ['order/1', 'order', '', 'order/0 ']) expect(cipherOf(one).open(closed, about)).toBeNull();
});

test('it cannot be read, and is never the same twice', () => {
  const [first, again] = [cipherOf(one).close(text, 'a'), cipherOf(one).close(text, 'a')];
  expect(first.length).toBe(text.length + 28);
  expect(first.equals(again)).toBe(false);
  for (const closed of [first, again]) expect(closed.toString('latin1')).not.toContain('shop');
});

test('a bit that is changed, cut off or put on leaves nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(), fc.integer({ min: 0, max: 7 }), (plain, at, bit) => {
      const closed = cipherOf(one).close(plain, 'a');
      expect(cipherOf(one).open(closed, 'a')).toEqual(Buffer.from(plain));
      const changed = Buffer.from(closed);
      changed[at % closed.length]! ^= 1 << bit;
      for (const other of [changed, closed.subarray(1), closed.subarray(0, -1), Buffer.concat([closed, Buffer.alloc(1)])])
        expect(cipherOf(one).open(other, 'a')).toBeNull();
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (any) => cipherOf(one).open(any, 'a') === null));
});

test('a secret that is too short closes nothing', () => {
  expect(() => cipherOf('short')).toThrow('too short');
});
