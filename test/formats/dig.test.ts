import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDig } from '../../src/formats/dig.ts';

/** As dig 9.18.49 prints it. */
const answered = (name: string, type: string, rcode: string, flags: string, records: string[] = [], ms = 0) =>
  [
    ';; Got answer:',
    `;; ->>HEADER<<- opcode: QUERY, status: ${rcode}, id: 32783`,
    `;; flags: ${flags}; QUERY: 1, ANSWER: ${records.length}, AUTHORITY: 0, ADDITIONAL: 1`,
    ';; WARNING: recursion requested but not available',
    '',
    ';; OPT PSEUDOSECTION:',
    '; EDNS: version: 0, flags:; udp: 1232',
    '; COOKIE: 7003aeb95daebaeb (echoed)',
    ';; QUESTION SECTION:',
    `;${name}\t\t\tIN\t${type}`,
    '',
    ...(records.length > 0 ? [';; ANSWER SECTION:', ...records, ''] : []),
    `;; Query time: ${ms} msec`,
    ';; SERVER: 127.0.0.1#5399(127.0.0.1) (UDP)',
    ';; WHEN: Mon Nov 23 07:32:16 UTC 2026',
    ';; MSG SIZE  rcvd: 75',
    '',
  ].join('\n');
const silent = ';; communications error to 127.0.0.1#5393: timed out\n;; no servers could be reached\n';

describe('the output of dig', () => {
  test('an answer', () => {
    expect(parseDig(answered('a.example.', 'A', 'NOERROR', 'qr aa rd', ['a.example.\t\t3600\tIN\tA\t192.0.2.7'], 12))).toEqual([
      {
        name: 'a.example.',
        type: 'A',
        rcode: 'NOERROR',
        flags: ['aa', 'qr', 'rd'],
        answers: ['192.0.2.7'],
        timeMs: 12,
        failure: null,
        server: '127.0.0.1#5399',
        truncated: false,
      },
    ]);
  });

  test('several queries in one run, answered and not', () => {
    const text = [
      answered('x.nx.example.', 'A', 'NXDOMAIN', 'qr aa rd'),
      answered('x.cn.example.', 'A', 'NOERROR', 'qr rd ra', [
        'x.cn.example.\t\t60\tIN\tCNAME\ta.example.',
        'a.example.\t\t3600\tIN\tA\t192.0.2.7',
      ]),
      silent,
      answered('t.example.', 'TXT', 'NOERROR', 'qr aa rd', ['t.example.\t\t60\tIN\tTXT\t"hello world"']),
    ].join('\n');
    expect(parseDig(text).map(({ name, rcode, answers, failure }) => [name, rcode, answers, failure])).toEqual([
      ['x.nx.example.', 'NXDOMAIN', [], null],
      ['x.cn.example.', 'NOERROR', ['a.example.', '192.0.2.7'], null],
      [null, null, [], 'timeout'],
      ['t.example.', 'NOERROR', ['"hello world"'], null],
    ]);
  });

  test('what dig does not say is taken from what was asked', () => {
    const asked = ['a.example.', 'b.example.'].map((name) => ({ name, type: 'A' }));
    expect(parseDig(answered('a.example.', 'A', 'NOERROR', 'qr') + silent, asked).map(({ name, type }) => [name, type])).toEqual([
      ['a.example.', 'A'],
      ['b.example.', 'A'],
    ]);
    expect(parseDig(silent, asked)).toHaveLength(1);
  });

  test.each([
    [';; communications error to 10.0.0.1#53: timed out', 'timeout', '10.0.0.1#53', null],
    [';; communications error to 127.0.0.1#1: connection refused', 'refused', '127.0.0.1#1', null],
    [';; communications error to 198.51.100.1#9: end of file', 'other', '198.51.100.1#9', null],
    [';; communications error to 2001:db8::1#53: timed out', 'timeout', '2001:db8::1#53', null],
    [';; Connection to 127.0.0.1#1(127.0.0.1) for a.example. failed: connection refused.', 'refused', '127.0.0.1#1', 'a.example.'],
    [';; Connection to 192.0.2.1#53(192.0.2.1) for a.example. failed: host unreachable.', 'unreachable', '192.0.2.1#53', 'a.example.'],
    [';; Connection to 192.0.2.1#53(192.0.2.1) for a.example. failed: timed out.', 'timeout', '192.0.2.1#53', 'a.example.'],
    [';; UDP setup with 192.0.2.1#53(192.0.2.1) for a.example. failed: network unreachable.', 'unreachable', '192.0.2.1#53', 'a.example.'],
    [
      ';; UDP setup with 203.0.113.1#53(203.0.113.1) for a.example. failed: permission denied.',
      'unreachable',
      '203.0.113.1#53',
      'a.example.',
    ],
  ])('%s', (line, failure, server, name) => {
    expect(parseDig(`${line}\n;; no servers could be reached\n`)).toMatchObject([{ rcode: null, failure, server, name }]);
  });

  test('of BIND 9.16 and older', () => {
    expect(parseDig('\n;; connection timed out; no servers could be reached\n')).toMatchObject([{ failure: 'timeout', server: null }]);
  });

  test('trouble before an answer is forgotten', () => {
    const text = `;; communications error to 10.0.0.1#53: timed out\n${answered('a.example.', 'A', 'NOERROR', 'qr')}`;
    expect(parseDig(text)).toMatchObject([{ rcode: 'NOERROR', failure: null }]);
  });

  test('a truncated answer that was asked again over TCP', () => {
    expect(parseDig(`;; Truncated, retrying in TCP mode.\n${answered('a.example.', 'A', 'NOERROR', 'qr aa rd')}`)).toMatchObject([
      { rcode: 'NOERROR', truncated: true },
    ]);
    const blocked =
      ';; Truncated, retrying in TCP mode.\n;; Connection to 10.0.0.1#53(10.0.0.1) for a.example. failed: timed out.\n;; no servers could be reached\n';
    expect(parseDig(blocked)).toMatchObject([{ rcode: null, failure: 'timeout', truncated: true, name: 'a.example.' }]);
  });

  test('an unknown server', () => {
    expect(parseDig("dig: couldn't get address for 'nosuchhost.invalid': failure")).toMatchObject([{ failure: 'other' }]);
  });

  test('nothing gives nothing, and a run that was killed gives what it had', () => {
    expect(parseDig('')).toEqual([]);
    expect(parseDig('sh: dig: not found')).toEqual([]);
    expect(parseDig(answered('a.example.', 'A', 'NOERROR', 'qr').split('\n').slice(0, 9).join('\n'))).toMatchObject([
      { rcode: 'NOERROR', timeMs: null },
    ]);
  });

  test('nothing makes it throw, and a flood is bounded', () => {
    const word = fc.constantFrom(
      ';; ',
      ';; flags: ',
      'communications error to ',
      '#53: timed out',
      '\n',
      ';; QUESTION SECTION:\n',
      ';; ANSWER SECTION:\n',
      ';; ->>HEADER<<- opcode: QUERY, status: X, id: 1\n',
      'a.\t1\tIN\tA\t1',
      ';a. IN A',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(word).map((words) => words.join('')),
        ),
        (text) => void parseDig(text),
      ),
      { numRuns: 500 },
    );
    const started = performance.now();
    parseDig('x'.repeat(10_000_000));
    parseDig(`;; Connection to ${'('.repeat(10_000_000)}`);
    parseDig(';; communications error to x: '.repeat(300_000));
    const many = parseDig(
      answered(
        'a.',
        'A',
        'NOERROR',
        'qr',
        Array.from({ length: 1000 }, () => 'a.\t1\tIN\tA\t192.0.2.1'),
      ),
    );
    expect(many[0]?.answers).toHaveLength(64);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
