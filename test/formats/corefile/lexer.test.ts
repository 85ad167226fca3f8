import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lex } from '../../../src/formats/corefile/lexer.ts';
import { eks } from './samples.ts';
import { hostileText } from './hostile-text.ts';

const words = (text: string): string[] => lex(text).map((token) => token.text);

describe('the lexer', () => {
  test('says where each word stands', () => {
    expect(lex('.:53 {\r\n  log "a b"\r\n}')).toEqual([
      { text: '.:53', line: 1, start: 0, end: 4, quoted: false },
      { text: '{', line: 1, start: 5, end: 6, quoted: false },
      { text: 'log', line: 2, start: 10, end: 13, quoted: false },
      { text: 'a b', line: 2, start: 14, end: 19, quoted: true },
      { text: '}', line: 3, start: 21, end: 22, quoted: false },
    ]);
  });

  test('ends a comment that is glued to a word at the next whitespace', () => {
    expect(words('log# Enabling CoreDNS Logging\nerrors')).toEqual(['log', 'Enabling', 'CoreDNS', 'Logging', 'errors']);
    expect(words('log # Enabling CoreDNS Logging\nerrors')).toEqual(['log', 'errors']);
  });

  test('takes a quote only at the start of a word', () => expect(words('a"b c" "d e"')).toEqual(['a"b', 'c"', 'd e']));

  test('counts the line breaks within quotes', () => expect(lex('"a\n\nb" c\nd').map(({ line }) => line)).toEqual([1, 3, 4]));

  test('drops a byte order mark', () => expect(words('\ufeff.:53')).toEqual(['.:53']));

  test('never loses a byte', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        let back = '';
        let at = 0;
        for (const { start, end, text: word } of lex(text)) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(word.length).toBeLessThanOrEqual(end - start);
          back += text.slice(at, start) + text.slice(start, end);
          at = end;
        }
        expect(back + text.slice(at)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  test('leaves only whitespace and comments between words', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const tokens = lex(text);
        const gaps = tokens.map(({ start }, at) => text.slice(tokens[at - 1]?.end ?? 0, start));
        expect(gaps.every((gap) => /^(?:[\s\u0085]|#[^\n]*)*$/.test(gap))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['words', 'a '.repeat(500_000), 500_000],
    ['braces', '{\n'.repeat(500_000), 500_000],
    ['quotes', '"" '.repeat(300_000), 300_000],
    ['a quote that does not end', `"${'\\"\n'.repeat(300_000)}`, 1],
    ['one long word', 'a'.repeat(1_000_000), 1],
    ['one long comment', `#${'#'.repeat(1_000_000)}`, 0],
    ['carriage returns', `a${'\r'.repeat(1_000_000)}`, 1],
    ['the default Corefile again and again', eks.repeat(1000), 31_000],
  ])('finds the words of a megabyte of %s', (_what, text, count) => expect(lex(text)).toHaveLength(count));
});
