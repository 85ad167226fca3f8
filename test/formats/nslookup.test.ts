import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseBusyboxNslookup, parseGetent } from '../../src/formats/nslookup.ts';

const head = 'Server:\t\t127.0.0.1:5399\nAddress:\t127.0.0.1:5399\n\n';
const brief = (text: string, asked?: { name: string; type?: string }) =>
  parseBusyboxNslookup(text, asked).map(({ name, type, rcode, answers, failure }) => [name, type, rcode, answers, failure]);

describe('nslookup of BusyBox 1.35', () => {
  test('both families, one reply each', () => {
    expect(brief(`${head}Name:\ta.example\nAddress: 2001:db8::7\n\nName:\ta.example\nAddress: 192.0.2.7\n\n`)).toEqual([
      ['a.example', 'AAAA', 'NOERROR', ['2001:db8::7'], null],
      ['a.example', 'A', 'NOERROR', ['192.0.2.7'], null],
    ]);
  });

  test('an alias and several addresses', () => {
    expect(
      brief(
        `${head}x.cn.example\tcanonical name = a.example\nName:\ta.example\nAddress: 192.0.2.7\nName:\ta.example\nAddress: 192.0.2.8\n\n`,
        { name: 'x.cn.example.', type: 'A' },
      ),
    ).toEqual([['x.cn.example.', 'A', 'NOERROR', ['a.example', '192.0.2.7', '192.0.2.8'], null]]);
  });

  test.each(['NXDOMAIN', 'SERVFAIL', 'REFUSED'])('%s is an answer', (rcode) => {
    expect(brief(`${head}** server can't find x.nx.example.: ${rcode}\n\n`, { name: 'x.nx.example.', type: 'A' })).toEqual([
      ['x.nx.example.', 'A', rcode, [], null],
    ]);
  });

  test('no data', () => {
    expect(brief(`${head}\n`, { name: 'v4.example.', type: 'AAAA' })).toEqual([['v4.example.', 'AAAA', 'NOERROR', [], null]]);
    expect(brief(`${head}*** Can't find v4.example.: No answer\n\n`)).toEqual([['v4.example.', null, 'NOERROR', [], null]]);
  });

  test.each([
    ['\n;; connection timed out; no servers could be reached\n', 'timeout'],
    ["nslookup: write to '127.0.0.1:1': Connection refused\n;; connection timed out; no servers could be reached\n\n", 'refused'],
    ["nslookup: write to '192.0.2.1': Operation not permitted\n;; connection timed out; no servers could be reached\n", 'unreachable'],
    ["nslookup: can't connect to remote host (198.51.100.1): No route to host\n", 'unreachable'],
    ["nslookup: bad address 'nosuch.invalid'\n", 'other'],
    ["nslookup: can't resolve 'nosuch.invalid'\n", 'other'],
  ])('%j fails', (text, failure) => {
    expect(brief(text, { name: 'a.example.' })).toEqual([['a.example.', null, null, [], failure]]);
  });

  test('the small form of older ones', () => {
    const text =
      'Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\nName:      kubernetes.default\nAddress 1: 10.96.0.1 kubernetes.default.svc.cluster.local\n';
    expect(brief(text)).toEqual([['kubernetes.default', 'A', 'NOERROR', ['10.96.0.1'], null]]);
  });

  test('nothing gives nothing, and nothing makes it throw', () => {
    expect(parseBusyboxNslookup('')).toEqual([]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void parseBusyboxNslookup(head + text)),
      { numRuns: 300 },
    );
    expect(parseBusyboxNslookup(`${head}${`** server can't find x: NXDOMAIN\n`.repeat(50_000)}`).length).toBeLessThanOrEqual(1000);
  });
});

describe('getent', () => {
  test('gives each address once', () => {
    expect(
      parseGetent('10.100.0.1       STREAM kubernetes.default.svc.cluster.local\n10.100.0.1       DGRAM  \n10.100.0.1       RAW    \n', 0),
    ).toEqual({
      found: true,
      addresses: ['10.100.0.1'],
      failure: null,
    });
    expect(parseGetent('2001:db8::7     a.example\n', 0).addresses).toEqual(['2001:db8::7']);
  });

  test('tells a name that is not there from a resolver that does not answer by the time it took', () => {
    expect(parseGetent('', 2).failure).toBe('missing');
    expect(parseGetent('', 2, 5005).failure).toBe('timeout');
    expect(parseGetent('', 124).failure).toBe('timeout');
    expect(parseGetent('sh: getent: not found', 127)).toEqual({ found: false, addresses: [], failure: 'other' });
  });
});
