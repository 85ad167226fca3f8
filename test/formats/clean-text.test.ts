import { describe, expect, test } from '@jest/globals';
import { cleanLine, isDirty, lines, splitTimestamp } from '../../src/formats/clean-text.ts';

describe('cleanLine', () => {
  test('takes out colours, titles, control characters and text-direction marks', () => {
    expect(cleanLine('\x1b[31;1m[ERROR]\x1b[0m \x1b]0;title\x07plugin\u202e/errors\x00\x07: x\ty\r')).toBe('[ERROR] plugin/errors: x y');
  });

  test('takes out bytes that were no text and halves of characters', () => {
    expect(cleanLine('a\ufffd\ufffdb\ud800')).toBe('ab\ufffd');
  });

  test('cuts, and is quick with ten megabytes of escapes', () => {
    const started = performance.now();
    expect(cleanLine('x'.repeat(10_000_000))).toHaveLength(2000);
    expect(cleanLine('\x1b['.repeat(5_000_000))).toBe('');
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('a log without anything to clean is told by one look', () => {
    expect(isDirty('[INFO] ok\n\tmore\n')).toBe(false);
    expect(isDirty('[INFO] \x1b[0m')).toBe(true);
  });
});

describe('lines', () => {
  test('gives lines without their ends', () => {
    expect([...lines('a\r\n\nb\nc')]).toEqual(['a', '', 'b', 'c']);
    expect([...lines('')]).toEqual([]);
  });

  test('cuts a ten-megabyte line and goes on behind it', () => {
    expect([...lines(`${'x'.repeat(10_000_000)}\ny\n`, 100)].map((line) => line.length)).toEqual([100, 1]);
  });
});

describe('splitTimestamp', () => {
  test('parts the time of the kubelet from the line', () => {
    expect(splitTimestamp('2026-11-23T07:03:47.068721247Z CoreDNS-1.12.4')).toEqual({
      at: '2026-11-23T07:03:47.068721247Z',
      rest: 'CoreDNS-1.12.4',
    });
    expect(splitTimestamp('2026-11-23T07:03:47+01:00 x').at).toBe('2026-11-23T07:03:47+01:00');
    expect(splitTimestamp('2026-11-23T07:03:47.068721247Z ')).toEqual({ at: '2026-11-23T07:03:47.068721247Z', rest: '' });
  });

  test.each(['[INFO] Reloading', '', '2026-99-23T07:03:47.068721247Z x', '2026-11-23T07:03:47', 'xxxx-xx-xxTxx:xx:xx.xxxxxxxZ y'])(
    'leaves %j as it is',
    (line) => {
      expect(splitTimestamp(line)).toEqual({ at: null, rest: line });
    },
  );
});
