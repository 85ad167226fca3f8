import { describe, expect, test } from '@jest/globals';
import { CaptureReport, type FailurePattern, type Way, WayVerdict } from '../../src/domain/capture.ts';
import { probeMarker } from '../../src/packets/point/analysis.ts';
import { redactCapture } from '../../src/packets/redact.ts';
import { nextStep } from '../../src/report/capture-next.ts';
import { pointSentences } from '../../src/report/capture-point-words.ts';
import { countsOf, percent, verdictSentence } from '../../src/report/capture-words.ts';
import { captureText } from '../../src/report/terminal/capture.ts';
import { columns } from '../../src/report/terminal/layout.ts';
import { ansi, plain } from '../../src/report/terminal/palette.ts';
import { type Happens, Network, wayTo } from '../packets/network.ts';
import { clusterIp, podA, podB } from '../packets/traffic.ts';
import { expectGolden } from './golden.ts';

type Where = { to: string; via: 'a' | 'b'; i: number };

/** The report on probes of both pods and the ClusterIP, with labels as a cluster gives them. */
function reportOn(happens: (where: Where) => Happens): CaptureReport {
  const network = new Network();
  for (let i = 0; i < 80; i++) {
    const [to, via] = (
      [
        [podA, 'a'],
        [podB, 'b'],
        [clusterIp, 'a'],
        [clusterIp, 'b'],
      ] as const
    )[i % 4] ?? [podA, 'a'];
    network.probe(i, to, via, happens({ to, via, i: Math.floor(i / 4) }));
  }
  const names: Record<string, string> = { c1: 'shop/cart-1', s1: 'kube-system/coredns-5d78c-abcde', s2: 'kube-system/coredns-5d78c-fghij' };
  const text = JSON.stringify(network.report(), (key, value: unknown) =>
    key === 'label' && typeof value === 'string' ? (names[value] ?? value) : value,
  );
  return redactCapture(CaptureReport.parse(JSON.parse(text)), { marker: probeMarker, zones: ['cluster.local'] });
}

const scenarios: Record<string, (where: Where) => Happens> = {
  healthy: () => ({}),
  'dropped-in-pod': ({ via }) => ({ droppedInPod: via === 'b' }),
  'between-nodes': ({ via }) => ({ lostRequest: via === 'b' }),
  'half-lost': ({ i }) => ({ lostRequest: i % 2 === 0 }),
  'kube-proxy': ({ to }) => ({ lostRequest: to === clusterIp }),
  'no-endpoints': ({ to }) => (to === clusterIp ? { icmpBy: '10.244.1.1' } : {}),
  'not-sent': () => ({ notSent: true }),
};

describe('captures in words', () => {
  test.each(Object.keys(scenarios))('of %s', (name) => {
    expectGolden(`capture-${name}`, captureText(reportOn(scenarios[name] ?? (() => ({}))), { width: 100, palette: plain }));
  });

  test('fit into the width, in colours too', () => {
    const coloured = captureText(
      reportOn(({ i }) => ({ lostReply: i % 3 === 0 })),
      { width: 80, palette: ansi },
    );
    // oxlint-disable-next-line no-control-regex
    const text = coloured.replace(/\u001b\[\d+m/g, '');
    expect(coloured).not.toBe(text);
    expect(text.split('\n').filter((line) => columns(line) > 80)).toEqual([]);
  });

  const base = reportOn(({ via }) => ({ droppedInPod: via === 'b' }));
  const judged = (verdict: WayVerdict, pattern: FailurePattern | null, change: Partial<Way> = {}): CaptureReport => {
    const ways = [{ ...wayTo(base, podB), verdict, outcomes: { [verdict]: 20 }, ...change }];
    return { ...base, verdict: { status: verdict === 'dns-ok' ? 'healthy' : 'broken', code: verdict, way: 0, pattern }, ways };
  };

  test.each(WayVerdict.options)('%s has a sentence and, if it is bad, a next step, whatever is known besides', (verdict) => {
    const patterns = [null, 'all', 'cluster-ip', 'cross-node', 'one-server', 'one-client', 'tcp', 'outside-names', 'mixed'] as const;
    const changes: Partial<Way>[] = [
      {},
      { stoppedAt: null, udp: { ...wayTo(base, podB).udp, told: null } },
      { stoppedAt: 'client' },
      { stoppedAt: 'kube-proxy', unreachable: { what: 'host', by: '10.1.1.1', count: 3 } },
      { why: 'no-overlap', share: 0.5 },
      { why: 'server-not-captured', kind: 'other' },
    ];
    for (const pattern of patterns)
      for (const change of changes) {
        const report = judged(verdict, pattern, change);
        expect(verdictSentence(report)).toMatch(/^[A-Z0-9“].{20,}\.$/);
        expect(`${verdictSentence(report)} ${nextStep(report)}`).not.toMatch(/undefined|NaN|null|  /);
        expect(verdict === 'dns-ok' ? 20 : nextStep(report).length).toBeGreaterThan(15);
      }
  });

  test('say how many of how many, and never all or none when it is neither', () => {
    expect(countsOf(wayTo(base, clusterIp))).toEqual({ failed: 20, of: 40 });
    expect([0, 0.001, 0.5, 0.999, 1].map(percent)).toEqual(['0 %', 'under 1 %', '50 %', 'over 99 %', '100 %']);
  });

  test('say that answers are bad although packets come and go', () => {
    const way = { ...wayTo(base, podA), rcodes: { SERVFAIL: 6, NOERROR: 14 } };
    const report: CaptureReport = { ...base, verdict: { status: 'degraded', code: 'dns-ok', way: 0, pattern: null }, ways: [way] };
    expect(verdictSentence(report)).toContain('6 of 20 answers');
    expect(nextStep(report)).toContain('SERVFAIL');
  });

  test('let no name or label of others into the terminal as it is', () => {
    const evil = '\u001b[31mred\u202e\n\u0007';
    const proof = wayTo(base, podB).proof.map((packet) => ({ ...packet, name: evil, type: evil, point: evil }));
    const way = {
      ...wayTo(base, podB),
      proof,
      client: { point: evil, address: evil, label: evil, node: evil },
      unreachable: { what: 'port', by: evil, count: 1 },
    };
    const counted = [{ value: evil, count: 1, error: 1 }];
    const points = base.points.map((point) => ({
      ...point,
      ...{ id: evil, label: evil, node: evil, addresses: [evil], names: counted, clients: counted, servers: counted },
      unreachable: [{ what: 'port', by: evil, about: 'query' as const, count: 2 }],
      peaks: [{ server: evil, perSecond: 2000, at: 0, limit: 1024 }],
      file: { packets: 1, bytes: 1, cut: evil, skipped: {}, format: 'pcap', linkTypes: [] },
    }));
    const text = captureText({ ...base, ways: [way], verdict: { ...base.verdict, way: 0 }, points }, { width: 100, palette: plain });
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).not.toMatch(/\nred/);
  });
});

describe('a capture by itself', () => {
  const point = reportOn(() => ({})).points[0]!;

  test('says first how far it can be trusted', () => {
    const file = {
      packets: 9,
      bytes: 900,
      cut: 'the file ends in the middle of a record: 5 bytes are missing',
      skipped: {},
      format: 'pcap',
      linkTypes: ['ethernet'],
    };
    expect(pointSentences({ ...point, file, dropped: 12, untracked: 3 }).slice(0, 3)).toEqual([
      expect.stringContaining('The file ends before its end'),
      expect.stringContaining('12 packets missing'),
      expect.stringContaining('3 were given up'),
    ]);
  });

  test('says how clients ask again, what the search list wastes, what TCP does, and what a VPC’s resolver is sent', () => {
    const text = pointSentences({
      ...point,
      retransmissions: { glibc: 4, musl: 1, afterServfail: 0, other: 0 },
      search: { queries: 100, wasted: 75 },
      truncated: { answers: 2, askedOverTcp: 1 },
      connections: { attempted: 3, accepted: 1, refused: 1, unanswered: 1, open: 0, untracked: 0 },
      pairs: { sent: 10, oneLost: 3, bothLost: 0 },
      peaks: [
        { server: '172.30.0.2', perSecond: 900, at: 0, limit: 1024 },
        { server: '10.0.0.1', perSecond: 5000, at: 0, limit: null },
      ],
    }).join('\n');
    for (const said of [
      '4 after 5 s, as glibc does',
      '1 after 2.5 s',
      '75 %',
      '2 answers did not fit',
      '3 connections, 1 made, 1 refused',
      '10 pairs',
      '900 packets in one second',
    ])
      expect(text).toContain(said);
    expect(text).not.toContain('5,000');
  });
});
