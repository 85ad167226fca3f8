import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FirstBytes, LastBytes } from '../../src/cluster/bounded-bytes.ts';

const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 30 }), { maxLength: 30 });
const max = fc.integer({ min: 1, max: 60 });

describe('the first bytes', () => {
  test('are all there when they fit', () => {
    fc.assert(
      fc.property(pieces, (all) => {
        const kept = new FirstBytes(1_000);
        for (const piece of all) kept.push(Buffer.from(piece));
        return kept.text() === all.join('') && !kept.truncated;
      }),
    );
  });

  test('are the beginning, up to a whole line where there is one', () => {
    fc.assert(
      fc.property(pieces, max, (all, limit) => {
        const kept = new FirstBytes(limit);
        for (const piece of all) kept.push(Buffer.from(piece));
        const text = all.join('');
        const head = text.slice(0, limit);
        const whole = head.includes('\n') ? head.slice(0, head.lastIndexOf('\n') + 1) : head;
        return kept.truncated === text.length > limit && kept.text() === (text.length > limit ? whole : text);
      }),
    );
  });
});

describe('the last bytes', () => {
  test('are the end, from a whole line on where there is one', () => {
    fc.assert(
      fc.property(pieces, max, (all, limit) => {
        const kept = new LastBytes(limit);
        for (const piece of all) kept.push(Buffer.from(piece));
        const text = all.join('');
        const tail = text.slice(-limit);
        return kept.truncated === text.length > limit && kept.text() === (text.length > limit ? tail.slice(tail.indexOf('\n') + 1) : text);
      }),
    );
  });

  test('of a megabyte that comes byte by byte are kept without delay', () => {
    const kept = new LastBytes(512 * 1024);
    for (let index = 0; index < 1024 * 1024; index += 1) kept.push(Buffer.from('x'));
    // were all copied each time, it would take hours
    expect(kept.text().length).toBe(512 * 1024);
  }, 60_000);
});
