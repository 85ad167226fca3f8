import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CapturePointReport } from '../../../src/domain/capture.ts';
import { CapturePointReport as Schema } from '../../../src/domain/capture.ts';
import { PointAnalysis } from '../../../src/packets/point/analysis.ts';
import type { SeenMessage } from '../../../src/packets/seen.ts';
import {
  analyse,
  answer,
  type Ask,
  client,
  clusterIp,
  inOrder,
  knowledge,
  type Packet,
  podA,
  podB,
  point,
  query,
  resolver,
  segment,
  start,
  unreachable,
} from '../traffic.ts';

const report = (
  packets: readonly Packet[],
  ...rest: [Parameters<typeof analyse>[1]?, Parameters<typeof analyse>[2]?]
): CapturePointReport => Schema.parse(analyse(packets, ...rest).report);
const later = query({ at: 60_000, id: 9999, name: 'later.example', port: 9 });
const out = { direction: 'out', interface: 2 } as const;
const into = { direction: 'in', interface: 3 } as const;

describe('queries and answers', () => {
  test('are paired, and counted with their rcodes and latencies', () => {
    const seen = report([
      query({ id: 1 }),
      query({ id: 2, port: 40_001, name: 'b.example' }),
      answer({ id: 1, at: 10 }),
      answer({ id: 2, port: 40_001, name: 'b.example', at: 30 }, { rcode: 3 }),
    ]);
    expect(seen).toMatchObject({ packets: 4, queries: 2, answered: 2, unanswered: 0, rcodes: { NOERROR: 1, NXDOMAIN: 1 } });
    expect(seen.latency).toMatchObject({ count: 2, maxMs: 30 });
    expect(Math.abs((seen.latency?.p50Ms ?? 0) / 10 - 1)).toBeLessThanOrEqual(0.02);
  });

  test.each([
    ['id', { id: 2 }],
    ['port', { port: 40_001 }],
    ['name', { name: 'b.example' }],
    ['type', { type: 'AAAA' }],
    ['transport', { transport: 'tcp' as const }],
    ['client', { from: '10.244.1.99' }],
  ])('an answer with another %s is to another query', (_what, other) => {
    expect(report([query(), answer({ at: 1, ...other }), later])).toMatchObject({ answered: 0, unanswered: 1, strayAnswers: 1 });
  });

  test('an answer from another address than was asked is no answer, and is said to be that', () => {
    expect(report([query(), answer({ to: podA, at: 1 }), later])).toMatchObject({ unanswered: 1, strayAnswers: 1, fromElsewhere: 1 });
  });

  test('a query in the last two seconds is open, not unanswered, unless it is marked or was asked again', () => {
    expect(report([query({ at: 0 }), query({ at: 1999, id: 2, port: 2 })])).toMatchObject({ open: 2, unanswered: 0 });
    expect(report([query({ at: 0 }), query({ at: 2001, id: 2, port: 2 })])).toMatchObject({ open: 1, unanswered: 1 });
    expect(report([query({ name: 'dnsbot-01234567-1.x.example' })])).toMatchObject({ open: 0, unanswered: 1 });
    expect(report([query(), query({ at: 5000 })])).toMatchObject({ open: 0, unanswered: 1 });
    expect(report([query()], point('f', 'client'), { until: start + 3000 })).toMatchObject({ open: 0, unanswered: 1 });
  });

  test('an answer without question section is paired by id and port', () => {
    expect(report([query(), answer({ at: 1 }, { name: null, type: null, rcode: 1 })])).toMatchObject({
      answered: 1,
      rcodes: { FORMERR: 1 },
    });
  });
});

describe('retransmissions', () => {
  test.each([
    [5000, 'glibc'],
    [2500, 'musl'],
    [1000, 'other'],
  ])('after %d ms are of %s', (ms, mode) => {
    const seen = report([query(), query({ at: ms }), answer({ at: ms + 1 })]);
    expect(seen).toMatchObject({ queries: 1, answered: 1, seenAgain: 0 });
    expect(seen.retransmissions).toEqual({ glibc: 0, musl: 0, afterServfail: 0, other: 0, [mode]: 1 });
    expect(seen.latency?.maxMs).toBe(ms + 1);
  });

  test('at once after SERVFAIL are those of musl', () => {
    const fail = { rcode: 2 };
    const seen = report([
      query(),
      answer({ at: 1 }, fail),
      query({ at: 1.1 }),
      answer({ at: 2 }, fail),
      query({ at: 2.1 }),
      answer({ at: 3 }, fail),
    ]);
    expect(seen).toMatchObject({ queries: 1, answered: 1, seenAgain: 0, retransmissions: { afterServfail: 2 } });
  });

  test('an answered query that comes again at any other time is a new one', () => {
    expect(report([query(), answer({ at: 1 }), query({ at: 700 }), answer({ at: 701 })])).toMatchObject({ queries: 2, answered: 2 });
  });
});

describe('one packet at several places of a machine', () => {
  test('is counted once: veth, bridge and network card, before and after DNAT', () => {
    const seen = report([
      query({ at: 0 }, into),
      query({ at: 0.01 }, { direction: 'in', interface: 5 }),
      query({ at: 0.02, to: podB }, out),
      answer({ at: 1, to: podB }, { direction: 'in', interface: 2 }),
      answer({ at: 1.01 }, { direction: 'out', interface: 5 }),
      answer({ at: 1.02 }, { direction: 'out', interface: 3 }),
    ]);
    expect(seen).toMatchObject({
      packets: 6,
      queries: 1,
      answered: 1,
      seenAgain: 4,
      strayAnswers: 0,
      servers: [{ value: clusterIp, count: 1 }],
    });
  });

  test('is counted once where a masquerade changes its source', () => {
    const masked = { to: resolver, from: '172.30.0.11' };
    const seen = report([
      query({ to: resolver, from: podA }, into),
      query({ ...masked, at: 0.01 }, out),
      answer({ ...masked, at: 1 }, { direction: 'in', interface: 2 }),
      answer({ to: resolver, from: podA, at: 1.01 }, { direction: 'out', interface: 3 }),
    ]);
    expect(seen).toMatchObject({ queries: 1, answered: 1, seenAgain: 2, clients: [{ value: podA, count: 1 }] });
  });

  test('DNAT is known by the ClusterIP where no direction is', () => {
    expect(report([query(), query({ at: 0.01, to: podA }), answer({ at: 1, to: podA }), answer({ at: 1.01 })])).toMatchObject({
      queries: 1,
      answered: 1,
      seenAgain: 2,
    });
  });

  test('musl asks two nameservers at once with one id: these are two queries', () => {
    const seen = report([query({ to: podA }), query({ to: podB, at: 0.01 }), answer({ to: podA, at: 1 }), answer({ to: podB, at: 1.1 })]);
    expect(seen).toMatchObject({ queries: 2, answered: 2, seenAgain: 0 });
  });

  test('a retransmission is none of that', () => {
    const once = (at: number): Packet[] => [query({ at }, into), query({ at: at + 0.02, to: podB }, out)];
    expect(report([...once(0), ...once(5000), later])).toMatchObject({ queries: 2, seenAgain: 2, retransmissions: { glibc: 1 } });
  });
});

describe('TCP', () => {
  test('connections that are made, refused, and left without an answer', () => {
    const seen = report([
      segment({ port: 1 }, 'syn'),
      segment({ port: 1, at: 1 }, 'syn-ack'),
      segment({ port: 2 }, 'syn'),
      segment({ port: 2, at: 1 }, 'reset'),
      segment({ port: 3 }, 'syn'),
      segment({ port: 3, at: 1000 }, 'syn'),
      segment({ port: 4 }, 'syn'),
      unreachable({ port: 4, at: 1, transport: 'tcp' }, '10.244.1.1'),
      segment({ port: 5, at: 1500 }, 'syn'),
      segment({ port: 1, at: 2000 }, 'fin'),
    ]);
    expect(seen.connections).toEqual({ attempted: 5, accepted: 1, refused: 2, unanswered: 1, open: 1, untracked: 0 });
    expect(seen.unreachable).toEqual([{ what: 'port', by: '10.244.1.1', about: 'query', count: 1 }]);
  });

  test('a reset by the client itself refuses nothing', () => {
    const reset = { ...segment({ port: 1, at: 1 }, 'fin'), flag: 'reset' as const };
    expect(report([segment({ port: 1 }, 'syn'), reset, later]).connections).toMatchObject({ refused: 0, unanswered: 1 });
  });

  test('truncated answers, and those asked for again over TCP', () => {
    const seen = report([
      query(),
      answer({ at: 1 }, { truncated: true }),
      query({ id: 2, port: 2, name: 'b.example', at: 2 }),
      answer({ id: 2, port: 2, name: 'b.example', at: 3 }, { truncated: true }),
      query({ id: 3, port: 3, at: 4, transport: 'tcp' }),
      answer({ id: 3, port: 3, at: 5, transport: 'tcp' }),
    ]);
    expect(seen).toMatchObject({ truncated: { answers: 2, askedOverTcp: 1 }, queries: 3, tcpQueries: 1, answered: 3 });
  });
});

describe('what else is counted', () => {
  test('ICMP errors, with the query that they are about', () => {
    const { report: seen, exchanges } = analyse([query(), unreachable({ at: 1 }, clusterIp), later]);
    expect(seen).toMatchObject({ unanswered: 1, open: 1, unreachable: [{ what: 'port', by: clusterIp, about: 'query', count: 1 }] });
    expect(exchanges[0]?.unreachable).toEqual({ what: 'port', by: clusterIp, number: 2 });
  });

  test('pairs of A and AAAA from one port, and of which one got no answer at the first try', () => {
    const pair = (i: number, lost: string[]): Packet[] =>
      ['A', 'AAAA'].flatMap((type, at) => {
        const one = { port: 1000 + i, id: 2 * i + at, type, at: i * 100 + at * 0.01 };
        return [query(one), ...(lost.includes(type) ? [] : [answer({ ...one, at: one.at + 1 })])];
      });
    const seen = report(inOrder([...pair(0, []), ...pair(1, ['A']), ...pair(2, ['A', 'AAAA']), ...pair(3, ['AAAA']), later]));
    expect(seen.pairs).toEqual({ sent: 4, oneLost: 2, bothLost: 1 });
  });

  test('queries that only the search list made', () => {
    const names = ['s3.example.shop.svc.cluster.local', 's3.example.svc.cluster.local', 's3.example.cluster.local', 's3.example'];
    const seen = report(
      names.flatMap((name, i) => [
        query({ name, id: i, port: i + 1, at: i * 10 }),
        answer({ name, id: i, port: i + 1, at: i * 10 + 1 }, { rcode: i < 3 ? 3 : 0 }),
      ]),
    );
    expect(seen.search).toEqual({ queries: 4, wasted: 3 });
  });

  test('nothing is wasted where another client finds the name, or the same one long after', () => {
    const inVain = (at: number): Packet[] => [
      query({ name: 's3.example.cluster.local', at }),
      answer({ name: 's3.example.cluster.local', at: at + 1 }, { rcode: 3 }),
    ];
    const found = (rest: Ask): Packet[] => [
      query({ name: 's3.example', id: 7, port: 7, ...rest }),
      answer({ name: 's3.example', id: 7, port: 7, ...rest }),
    ];
    expect(report([...inVain(0), ...found({ at: 10 })]).search.wasted).toBe(1);
    expect(report([...inVain(0), ...found({ at: 3000 })]).search.wasted).toBe(0);
    expect(report([...inVain(0), ...found({ at: 10, name: 'cluster.local' })]).search.wasted).toBe(0);
    // so many that some of them share their place with the first client
    const others = Array.from({ length: 20_000 }, (_, i) =>
      found({ at: 10 + i / 100, from: `10.9.${i >> 8}.${i & 255}`, id: i, port: 100 + i }),
    );
    expect(report([...inVain(0), ...others.flat()]).search.wasted).toBe(0);
  });

  test('the busiest second towards each server, and the limit of a VPC’s resolver only where it is known to be one', () => {
    const burst = (to: string, count: number, at: number): Packet[] =>
      Array.from({ length: count }, (_, i) => query({ to, port: 1000 + i, id: i, at: at + (i * 500) / count }));
    const seen = report(
      inOrder([
        ...burst(resolver, 1100, 4000),
        ...burst(resolver, 10, 6000),
        ...burst('169.254.169.253', 5, 0),
        ...burst('10.9.0.2', 3, 0),
      ]),
    );
    expect(seen.peaks).toEqual([
      { server: resolver, perSecond: 1100, at: start + 4000, limit: 1024 },
      { server: '169.254.169.253', perSecond: 5, at: start, limit: 1024 },
      { server: '10.9.0.2', perSecond: 3, at: start, limit: null },
    ]);
  });

  test('encrypted and unreadable packets', () => {
    const rest = {
      direction: null,
      interface: null,
      at: 1,
      source: client,
      sourcePort: 1,
      destination: '1.1.1.1',
      destinationPort: 853,
    } as const;
    expect(
      report([
        { kind: 'encrypted', transport: 'tcp', ...rest },
        { kind: 'unreadable', why: 'short', ...rest },
      ]),
    ).toMatchObject({
      encrypted: 1,
      unreadable: 1,
      packets: 2,
    });
  });

  test('nothing at all', () => {
    expect(report([])).toMatchObject({ packets: 0, queries: 0, from: null, to: null, latency: null, file: null });
  });
});

describe('in bounded memory', () => {
  test('a million open queries: the oldest are given up, and said to be', () => {
    const analysis = new PointAnalysis(point('f', 'unknown'), knowledge);
    const base = query() as SeenMessage;
    for (let i = 0; i < 1_000_000; i++)
      analysis.take({
        ...base,
        number: i + 1,
        at: start + i / 1000,
        source: `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
        sourcePort: 1024 + (i % 60_000),
        id: (i * 31) & 0xffff,
        name: `n${i}.example`,
      });
    const { report: seen, exchanges } = analysis.end(null);
    expect(seen.queries).toBe(1_000_000);
    expect(seen.answered + seen.unanswered + seen.open + seen.untracked).toBe(1_000_000);
    expect(seen.untracked).toBeGreaterThan(900_000);
    expect(exchanges.length).toBeLessThanOrEqual(16_384);
    expect(seen.clients.length).toBe(10);
  });

  test('all from one port with one id: no look-up grows slow', () => {
    const began = performance.now();
    const packets = function* (): Generator<Packet> {
      for (let i = 0; i < 100_000; i++) yield query({ at: i / 1000, from: `10.0.${(i >> 8) & 255}.${i & 255}`, name: `n${i}.example` });
    };
    const { report: seen } = analyse(packets());
    expect(seen.queries).toBe(100_000);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

describe('whatever comes', () => {
  const address = fc.constantFrom(client, podA, podB, clusterIp, resolver);
  const ask = fc.record({
    from: address,
    to: address,
    port: fc.integer({ min: 1, max: 3 }),
    id: fc.integer({ min: 0, max: 2 }),
    name: fc.constantFrom('a.example', 'b.example', '?', '.'),
    type: fc.constantFrom('A', 'AAAA'),
    at: fc.double({ min: 0, max: 40_000, noNaN: true }),
    transport: fc.constantFrom<'udp' | 'tcp'>('udp', 'tcp'),
  });
  const place = fc.record({ direction: fc.constantFrom('in', 'out', null), interface: fc.constantFrom(1, 2, null) });
  const packet: fc.Arbitrary<Packet> = fc.oneof(
    fc.tuple(ask, place).map(([one, where]) => query(one, where)),
    fc
      .tuple(ask, place, fc.integer({ min: 0, max: 15 }), fc.boolean())
      .map(([one, where, rcode, truncated]) => answer(one, { ...where, rcode, truncated })),
    fc.tuple(ask, address, fc.constantFrom('port', 'host', 'other')).map(([one, by, what]) => unreachable(one, by, what as 'port')),
    fc.tuple(ask, fc.constantFrom('syn', 'syn-ack', 'reset', 'fin')).map(([one, flag]) => segment(one, flag as 'syn')),
  );

  test('each query and each connection ends in one way', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
        const { queries, answered, unanswered, open, untracked, rcodes, latency, connections } = report(packets);
        const { attempted, accepted, refused } = connections;
        expect(answered + unanswered + open + untracked).toBe(queries);
        expect(Object.values(rcodes).reduce((sum, count) => sum + count, 0)).toBe(answered);
        expect(latency?.count ?? 0).toBe(answered);
        expect(accepted + refused + connections.unanswered + connections.open + connections.untracked).toBe(attempted);
      }),
    );
  });
});
