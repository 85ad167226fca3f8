import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTerminal, harmless } from '../../../src/cli/demo/terminal.ts';
import { ansi, plain } from '../../../src/report/terminal/palette.ts';

/** What a terminal obeys, or does not show. */
// oxlint-disable-next-line no-control-regex
const obeyed = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe('what the demo prints', () => {
  test('keeps its margin and loses what a terminal would obey', () => {
    expect(harmless('    \u001b[2Jgone\u0007 and \u009b31mred\u202e')).toBe('    [2Jgone  and  31mred');
    expect(harmless('      ')).toBe('');
  });

  test('is harmless whatever it was', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !obeyed.test(harmless(text))));
  });

  test('is dim where it is small print, and a line is never two', () => {
    const out = new PassThrough();
    createTerminal(out, ansi).say(['one\ntwo', { text: '\u001b[31msmall', quiet: true }]);
    expect(String(out.read())).toBe('one two\n\u001b[2m[31msmall\u001b[22m\n');
  });

  test('is as wide as the terminal, between 60 columns and 100', () => {
    const widthOf = (columns?: number) => createTerminal(Object.assign(new PassThrough(), { columns }) as never, plain).width;
    expect([undefined, 0, 20, 80, 300].map(widthOf)).toEqual([100, 100, 60, 80, 100]);
  });
});
