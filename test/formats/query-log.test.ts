import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseQueryLine, queryStats } from '../../src/formats/query-log.ts';
import type { QueryLine } from '../../src/formats/query-log.ts';

const body = '10.244.1.9:43480 - 32783 "A IN a.example. udp 50 false 1232" NOERROR qr,aa,rd 52 0.000164847s';

describe('a query line', () => {
  test('is read with the time of the kubelet', () => {
    expect(parseQueryLine(`2026-11-23T07:03:47.068721247Z [INFO] ${body}`)).toEqual({
      at: Date.parse('2026-11-23T07:03:47.068Z'),
      ip: '10.244.1.9',
      qtype: 'A',
      name: 'a.example.',
      proto: 'udp',
      rcode: 'NOERROR',
      flags: 'qr,aa,rd',
      seconds: 0.000164847,
    });
  });

  test('is read without a time, with two, with that of another zone, and from CoreDNS 1.2.0', () => {
    expect(parseQueryLine(`[INFO] ${body}`)).toMatchObject({ at: null, name: 'a.example.' });
    expect(parseQueryLine(`2019-12-05T09:05:43.9Z 2019-12-05T09:05:43.218Z [INFO] ${body}`)?.at).toBe(
      Date.parse('2019-12-05T09:05:43.900Z'),
    );
    expect(parseQueryLine(`2019-12-05T09:05:43+01:00 [INFO] ${body}`)?.at).toBe(Date.parse('2019-12-05T08:05:43Z'));
    expect(parseQueryLine(body.replace(' - ', ' - [15/Aug/2018:14:37:17 +0000] '))).toMatchObject({ ip: '10.244.1.9', name: 'a.example.' });
  });

  test.each<[string, Partial<QueryLine>]>([
    [
      '[INFO] [2001:db8::9]:5 - 6 "TYPE65 IN x. tcp 28 true 65535" NXDOMAIN qr,aa,rd 125 0.1s',
      { ip: '2001:db8::9', qtype: 'TYPE65', proto: 'tcp', rcode: 'NXDOMAIN' },
    ],
    ['[INFO] 1.2.3.4:5 - 6 "A IN x. udp 28 false 512" - - 0 2.000512s', { rcode: '-', flags: '-', seconds: 2.000512 }],
    ['[INFO] 1.2.3.4:5 - 6 "A IN x. udp 28 false 512" SERVFAIL qr,rd 28 2.000512s "0"', { rcode: 'SERVFAIL', seconds: 2.000512 }],
    ['[INFO] 1.2.3.4:5 - 6 "A IN x. udp 28 false 512" 17  - 0.1s', { rcode: '17', flags: '' }],
  ])('%s', (line, expected) => {
    expect(parseQueryLine(line)).toMatchObject(expected);
  });

  test.each([
    '',
    '[INFO] Reloading',
    `[ERROR] ${body}`,
    `[INFO] ${body} `,
    `[INFO] ${body.replace('udp', 'u dp')}`,
    `[INFO] ${body.replace('0.000164847s', '1.2ms')}`,
    `x${body}"`,
  ])('%j is none', (line) => {
    expect(parseQueryLine(line)).toBeNull();
  });

  test('a time that is none leaves the line', () => {
    expect(parseQueryLine(`2026-99-23T07:03:47.068721247Z [INFO] ${body}`)?.at).toBeNull();
    expect(parseQueryLine(`2026-11-23T07:03:99.068721247Z [INFO] ${body}`)?.at).toBeNull();
  });

  test('whatever is changed in it, reading does not throw and is quick', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.string({ unit: 'binary', maxLength: 8 }), (at, junk) => {
        const line = `2026-11-23T07:03:47.068721247Z [INFO] ${body}`;
        parseQueryLine(line.slice(0, at) + junk + line.slice(at));
      }),
      { numRuns: 1000 },
    );
    const started = performance.now();
    for (const piece of ['[INFO] 1', '1.', '"', ' ', '2026-11-23T07:03:47Z ']) parseQueryLine(piece.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

const zones = ['cluster.local'];
const query = (name: string, rcode = 'NOERROR', more: Partial<QueryLine> = {}): QueryLine => ({
  at: 1_000_000,
  ip: '10.244.1.9',
  qtype: 'A',
  name,
  proto: 'udp',
  rcode,
  flags: 'qr,rd,ra',
  seconds: 0.001,
  ...more,
});
const path = ['shop.svc.cluster.local.', 'svc.cluster.local.', 'cluster.local.', 'eu-west-1.compute.internal.'];
/** One lookup of an outer name by a pod of the namespace shop. */
const lookup = (name: string, more: Partial<QueryLine> = {}) => [
  ...path.map((suffix) => query(`${name}.${suffix}`, 'NXDOMAIN', more)),
  query(`${name}.`, 'NOERROR', more),
];

describe('what a query log adds up to', () => {
  test('an outer name through the search path wastes four of five queries', () => {
    const stats = queryStats(lookup('amazon.com'), { zones });
    expect(stats).toMatchObject({ lines: 5, rcodes: { NXDOMAIN: 4, NOERROR: 1 } });
    expect(stats.clients).toEqual([
      { ip: '10.244.1.9', queries: 5, wasted: 4, names: [{ name: 'amazon.com', queries: 5, wasted: 4, dots: 1 }], neededDots: [] },
    ]);
  });

  test('the order of the lines does not matter, for the pods of CoreDNS share a lookup', () => {
    expect(queryStats(lookup('amazon.com').toReversed(), { zones }).clients[0]?.wasted).toBe(4);
  });

  test('a name that is nowhere is no waste, nor one that was found long after', () => {
    const nowhere = path.map((suffix) => query(`nope.example.${suffix}`, 'NXDOMAIN'));
    expect(queryStats([...nowhere, query('nope.example.', 'NXDOMAIN')], { zones }).clients[0]?.wasted).toBe(0);
    expect(queryStats([...nowhere, query('nope.example.', 'NOERROR', { at: 1_002_001 })], { zones }).clients[0]?.wasted).toBe(0);
    expect(queryStats([...nowhere, query('nope.example.', 'NOERROR', { at: 1_002_000 })], { zones }).clients[0]?.wasted).toBe(4);
    expect(queryStats([...nowhere, query('nope.example.')], { zones }).clients[0]?.wasted).toBe(4);
  });

  test('without times the same client is enough, another is not', () => {
    const failed = query('amazon.com.svc.cluster.local.', 'NXDOMAIN', { at: null });
    expect(queryStats([failed, query('amazon.com.', 'NOERROR', { at: null })], { zones }).clients[0]?.wasted).toBe(1);
    expect(
      queryStats([failed, query('amazon.com.', 'NOERROR', { at: null, ip: '10.244.1.8' })], { zones }).clients.map(({ wasted }) => wasted),
    ).toEqual([0, 0]);
  });

  test('the span is that of the times, and upstream failures and slow queries are counted', () => {
    const stats = queryStats(
      [query('a.', '-', { at: 5000, seconds: 2 }), query('b.', 'SERVFAIL', { at: 65_000, seconds: 2.1 }), query('c.', 'SERVFAIL')],
      { zones },
    );
    expect(stats).toMatchObject({ spanSeconds: 995, upstreamFailed: 2, slow: 2, rcodes: { '-': 1, SERVFAIL: 2 } });
  });

  test('search domains that nobody named are learned from two names that were found without them', () => {
    const asked = ['a.example', 'b.example'].flatMap((name) => [query(`${name}.corp.test.`, 'NXDOMAIN'), query(`${name}.`)]);
    expect(queryStats(asked, { zones }).clients[0]?.wasted).toBe(2);
    expect(queryStats(asked.slice(0, 2), { zones }).clients[0]?.wasted).toBe(0);
    expect(queryStats(asked.slice(0, 2), { zones, searchSuffixes: ['corp.test'] }).clients[0]?.wasted).toBe(1);
  });

  test('dots that the search list is needed for: svc.ns has one, a name in full none', () => {
    const needed = (...queries: QueryLine[]) => queryStats(queries, { zones }).clients[0]?.neededDots;
    expect(needed(query('pay.other.shop.svc.cluster.local.', 'NXDOMAIN'), query('pay.other.svc.cluster.local.'))).toEqual([1]);
    expect(needed(query('pay.other.svc.shop.svc.cluster.local.', 'NXDOMAIN'), query('pay.other.svc.cluster.local.'))).toEqual([2]);
    expect(needed(query('pay.shop.svc.cluster.local.'))).toEqual([0]);
    expect(needed(...lookup('pay.other.svc.cluster.local'))).toEqual([0]);
    expect(needed(...lookup('amazon.com'))).toEqual([]);
  });

  test('own probes are left out, by address and by name', () => {
    expect(
      queryStats([query('dns-medic-x1.kubernetes.default.svc.cluster.local.', 'NXDOMAIN'), query('a.', 'NOERROR', { ip: '10.9.9.9' })], {
        zones,
        ignoreClients: ['10.9.9.9'],
      }).lines,
    ).toBe(0);
  });

  test('a flood of clients and names is bounded', () => {
    const flood = function* () {
      for (let i = 0; i < 150_000; i++) yield query(`n${i}.example.`, 'NXDOMAIN', { ip: `10.${i % 6000}.0.1` });
    };
    const stats = queryStats(flood(), { zones });
    expect([stats.lines, stats.clients.length, stats.clients[0]?.names.length]).toEqual([150_000, 200, 10]);
  });
});
