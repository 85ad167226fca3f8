import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseMetrics } from '../../src/formats/prometheus-text.ts';

const read = (text: string) => [...parseMetrics(text)];

describe('the exposition format', () => {
  test('samples with and without labels, values and times', () => {
    const text = '# HELP a b\n# TYPE a counter\na 1\na{b="c",d="e",} 2.5e+07 1395066363000\n  a{ b = "c" }\t-1\n';
    expect(read(text)).toEqual([
      { name: 'a', labels: {}, value: 1 },
      { name: 'a', labels: { b: 'c', d: 'e' }, value: 2.5e7, timestamp: 1_395_066_363_000 },
      { name: 'a', labels: { b: 'c' }, value: -1 },
    ]);
  });

  test('escapes, braces and hashes in labels', () => {
    expect(read('a{b="x\\"y\\\\z\\n}{ # ",code="<error>"} 3')[0]?.labels).toEqual({ b: 'x"y\\z\n}{ # ', code: '<error>' });
  });

  test('infinite values and those that are no number', () => {
    expect(read('a NaN\nb +Inf\nc -Inf\nd inf').map(({ value }) => value)).toEqual([Number.NaN, Infinity, -Infinity, Infinity]);
  });

  test('exemplars and the end mark of OpenMetrics, and quoted names', () => {
    const text = 'a_bucket{le="1"} 8 1395066363.5 # {trace_id="x # y"} 0.5 1395066363.4\n{"my.name",a="b"} 4\n# EOF\n';
    expect(read(text)).toEqual([
      { name: 'a_bucket', labels: { le: '1' }, value: 8, timestamp: 1_395_066_363.5 },
      { name: 'my.name', labels: { a: 'b' }, value: 4 },
    ]);
  });

  test('a label may be called like anything', () => {
    expect(Object.keys(read('a{__proto__="x",constructor="y"} 1')[0]?.labels ?? {})).toEqual(['__proto__', 'constructor']);
  });

  test.each(['a', 'a x', 'a{b="c" 1', 'a{b=c} 1', 'a{b="c"}', '{} 1', 'a{="x"} 1', 'a 0x10', 'a 1_0', '<html>', 'a{b} '])(
    '%j is no sample',
    (line) => {
      expect(read(line)).toEqual([]);
    },
  );

  test('nothing makes it throw', () => {
    const word = fc.constantFrom('a', '{', '}', '"', '\\', '=', ',', ' ', '1', '#', '\n', 'NaN');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(word).map((words) => words.join('')),
        ),
        (text) => void read(text),
      ),
      { numRuns: 1000 },
    );
  });

  test('what was written is read back', () => {
    const escape = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    const value = fc.string().filter((text) => !text.includes('\r'));
    fc.assert(
      fc.property(value, value, fc.double(), (one, two, number) => {
        const word = Number.isFinite(number) ? String(number) : String(number).replace('Infinity', 'Inf');
        expect(read(`a{b="${escape(one)}",c="${escape(two)}"} ${word}`)).toEqual([
          { name: 'a', labels: { b: one, c: two }, value: Number.isFinite(number) ? Number(word) : number },
        ]);
      }),
    );
  });

  test('ten megabytes of one line are read in no time', () => {
    const started = performance.now();
    for (const piece of ['a', 'a{b="', '"', '\\', 'a="b",', ' ', '#']) read(`x{${piece.repeat(10_000_000 / piece.length)}`);
    expect(performance.now() - started).toBeLessThan(1500);
  });
});
