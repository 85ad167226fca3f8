import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyEdits, insertDirective, removeLines } from '../../../src/formats/corefile/edit.ts';
import { parseCorefile } from '../../../src/formats/corefile/parser.ts';
import { hostileText } from './hostile-text.ts';
import { block, eks } from './samples.ts';

describe('insertDirective', () => {
  test('puts lines directly after the brace of a server block, indented as its neighbours', () => {
    expect(insertDirective(eks, 0, ['log . {', '    class error', '}'])).toBe(
      eks.replace('{\n', '{\n    log . {\n        class error\n    }\n'),
    );
  });

  test('keeps CRLF, comments and other blocks', () => {
    const text = 'a.org {\r\n\terrors\r\n}\r\nb.org { # main\r\n\tcache\r\n}\r\n';
    expect(insertDirective(text, 1, ['log'])).toBe('a.org {\r\n\terrors\r\n}\r\nb.org { # main\r\n\tlog\r\n\tcache\r\n}\r\n');
  });

  test.each([
    ['an empty block', 'a {\n}\n', 'a {\n    log\n}\n'],
    [
      'a block whose first directive follows on the line of the brace',
      'a { health {\n  lameduck 5s\n }\n}\n',
      'a {\n    log\n    health {\n  lameduck 5s\n }\n}\n',
    ],
    ['a server without braces', 'a\nerrors\n', 'a\nlog\nerrors\n'],
  ])('finds the place in %s', (_what, text, expected) => expect(insertDirective(text, 0, ['log'])).toBe(expected));

  test('refuses a block that is not there', () => expect(() => insertDirective(block('log'), 1, ['log'])).toThrow(RangeError));

  test('adds a directive and changes no other', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const parsed = parseCorefile(text);
        for (const [at, { open }] of (parsed.blocks ?? []).entries()) {
          if (open === null || parsed.snippets.length > 0) continue;
          const names = (source: string): string[] => parseCorefile(source).servers[at]?.directives.map(({ name }) => name) ?? [];
          expect(names(insertDirective(text, at, ['log']))).toEqual(['log', ...names(text)]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('removeLines', () => {
  test('takes lines out and leaves the rest as it is', () => {
    expect(removeLines('a\r\nb\nc', 2, 2)).toBe('a\r\nc');
    expect(removeLines('a\nb\nc', 2, 9)).toBe('a\n');
    expect(removeLines('a\nb\n', 5, 6)).toBe('a\nb\n');
  });

  test('undoes an insertion', () => expect(removeLines(insertDirective(eks, 0, ['log']), 2, 2)).toBe(eks));
});

describe('applyEdits', () => {
  test('uses the offsets of the original text', () =>
    expect(
      applyEdits('abcdef', [
        { start: 4, end: 5, text: 'E' },
        { start: 1, end: 2, text: '' },
        { start: 0, end: 0, text: '>' },
      ]),
    ).toBe('>acdEf'));

  test('refuses edits that overlap', () =>
    expect(() =>
      applyEdits('abc', [
        { start: 0, end: 2, text: '' },
        { start: 1, end: 3, text: '' },
      ]),
    ).toThrow(RangeError));
});
