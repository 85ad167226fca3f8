import { describe, expect, test } from '@jest/globals';
import { checks } from '../../src/checks/registry.ts';
import type { CaptureReport } from '../../src/domain/capture.ts';
import type { Evidence, ReadingData } from '../../src/domain/evidence.ts';
import type { LookupRow } from '../../src/domain/lookups.ts';
import { explain, judgeAll } from '../../src/flows/judge.ts';
import { verdictOf } from '../../src/flows/verdict.ts';
import { podB } from '../packets/traffic.ts';
import { captured, endpoint, endpointSlices, healthyFacts, lookupsWhere, lost, named, now, probed, racing, withTcp } from './evidence.ts';

interface Judged {
  status: string;
  causes: string[];
  explained: Record<string, string | null>;
  remedies: string[];
}

function judged(facts: Partial<ReadingData>): Judged {
  const { pod: _unnamed, ...all } = healthyFacts(facts);
  const evidence: Evidence = Object.fromEntries(Object.entries(all).map(([id, data]) => [id, { id, status: 'ok', data, durationMs: 1 }]));
  const results = judgeAll(checks, evidence, { now, request: { pod: null, node: null, names: [], quick: false } });
  const findings = explain(results);
  const { status, causes } = verdictOf(findings, evidence, results);
  const explained = Object.fromEntries(findings.filter(({ severity }) => severity !== 'info').map((one) => [one.code, one.explainedBy]));
  const offered = findings.filter(({ explainedBy }) => explainedBy === null).flatMap(({ remedies }) => remedies.map(({ id }) => id));
  return { status, causes, explained, remedies: [...new Set(offered)] };
}

const toEndpointB = (over: Partial<LookupRow>) =>
  lookupsWhere((row) => (row.serverPod === 'coredns-b' && row.proto === 'udp' ? over : null));
const between = lookupsWhere((row) =>
  (row.serverNode !== null && row.serverNode !== row.from.node) || (row.serverKind === 'cluster-ip' && row.from.node === 'node-a')
    ? lost()
    : null,
);
const someLost = lookupsWhere((row) => (row.serverKind === 'endpoint' && row.proto === 'udp' ? { shots: 20, answered: 15 } : null));
const noTcp = lookupsWhere((row) => (row.serverKind === 'endpoint' && row.proto === 'tcp' ? lost() : null));
const noTcpAtB = lookupsWhere((row) => (row.serverPod === 'coredns-b' && row.proto === 'tcp' ? lost() : null));
const serviceGone = lookupsWhere((row) => (row.serverKind === 'cluster-ip' ? lost('refused') : null));
const cutOff = lookupsWhere((row) => (row.serverKind === 'cluster-ip' && row.from.node === 'node-a' ? lost() : null));

interface Fault {
  lookups: ReadingData['lookups'];
  more?: Partial<ReadingData>;
  /** What the check says by itself, and what it says with what was captured. */
  before: string[];
  capture: CaptureReport;
  causes: string[];
  status: string;
  explains: string[];
}

/** What the lab breaks: what lookups tell of it, and what captured packets add. */
const faults: Readonly<Record<string, Fault>> = {
  'one CoreDNS pod drops UDP': {
    lookups: toEndpointB(lost()),
    before: ['coredns-endpoint-unanswering'],
    capture: captured(({ via }) => ({ droppedInPod: via === 'b' })),
    causes: ['coredns-drops-queries'],
    status: 'broken',
    explains: ['coredns-endpoint-unanswering'],
  },
  'a pod that does not answer, because the way to it is closed': {
    lookups: toEndpointB(lost()),
    before: ['coredns-endpoint-unanswering'],
    capture: captured(({ via }) => ({ lostRequest: via === 'b' })),
    causes: ['dns-request-lost'],
    status: 'broken',
    explains: ['coredns-endpoint-unanswering'],
  },
  'a pod that does not answer, because its answers are lost': {
    lookups: toEndpointB(lost()),
    before: ['coredns-endpoint-unanswering'],
    capture: captured(({ via }) => ({ lostReply: via === 'b' })),
    causes: ['dns-reply-lost'],
    status: 'broken',
    explains: ['coredns-endpoint-unanswering'],
  },
  'port 53 is blocked between nodes': {
    lookups: between,
    before: ['node-to-node-dns-blocked'],
    capture: captured(({ via }) => ({ lostRequest: via === 'b' })),
    causes: ['node-to-node-dns-blocked'],
    status: 'broken',
    explains: ['dns-request-lost'],
  },
  'what looks blocked between nodes arrives, and is dropped in the pods': {
    lookups: between,
    before: ['node-to-node-dns-blocked'],
    capture: captured(({ via }) => ({ droppedInPod: via === 'b' })),
    causes: ['coredns-drops-queries'],
    status: 'broken',
    explains: ['node-to-node-dns-blocked'],
  },
  'a quarter of the packets is lost': {
    lookups: someLost,
    before: ['dns-packet-loss'],
    capture: captured(({ shot }) => ({ lostRequest: shot % 4 === 0 })),
    causes: ['dns-request-lost'],
    status: 'broken',
    explains: ['dns-packet-loss'],
  },
  'a race in conntrack': {
    lookups: lookupsWhere(() => null),
    before: [],
    capture: racing(),
    causes: ['conntrack-race'],
    status: 'degraded',
    explains: [],
  },
  'TCP port 53 is blocked': {
    lookups: noTcp,
    before: ['tcp53-blocked'],
    capture: named(
      withTcp(
        probed(() => ({})),
        () => ({ blocked: 'network' }),
      ).report(),
    ),
    causes: ['tcp53-blocked'],
    status: 'degraded',
    explains: [],
  },
  'TCP of one pod is dropped': {
    lookups: noTcpAtB,
    before: ['coredns-endpoint-unanswering'],
    capture: named(
      withTcp(
        probed(() => ({})),
        (via) => (via === 'b' ? { blocked: 'pod' } : {}),
      ).report(),
    ),
    causes: ['coredns-drops-queries'],
    status: 'broken',
    explains: ['coredns-endpoint-unanswering'],
  },
  'the Service has no endpoints': {
    lookups: serviceGone,
    more: { 'endpoint-slices': endpointSlices([endpoint(0, { ready: false }), endpoint(1, { ready: false })]) },
    before: ['kubedns-endpoints-empty'],
    capture: captured(({ to }) => (to === 'cluster-ip' ? { icmpBy: '10.244.1.1', icmp: 'port' } : {})),
    causes: ['kubedns-endpoints-empty'],
    status: 'broken',
    explains: ['coredns-nothing-listening'],
  },
  'kube-proxy has no rules on one node': {
    lookups: cutOff,
    before: ['kubeproxy-rules-missing'],
    capture: captured(({ to }) => ({ lostRequest: to === 'cluster-ip' })),
    causes: ['kubeproxy-rules-missing'],
    status: 'broken',
    explains: [],
  },
  'nothing listens at one pod': {
    lookups: toEndpointB(lost('refused')),
    before: ['coredns-endpoint-unanswering'],
    capture: captured(({ via }) => (via === 'b' ? { icmpBy: podB, icmp: 'port' } : {})),
    causes: ['coredns-nothing-listening'],
    status: 'broken',
    explains: ['coredns-endpoint-unanswering'],
  },
  'CoreDNS takes seconds': {
    lookups: someLost,
    before: ['dns-packet-loss'],
    capture: captured(() => ({ delayMs: 1_700 })),
    causes: ['coredns-slow-answers'],
    status: 'degraded',
    explains: ['dns-packet-loss'],
  },
};

describe('what captured packets add to what is known', () => {
  test.each(Object.entries(faults))('%s', (_, { lookups, more = {}, before, capture, causes, status, explains }) => {
    expect(judged({ lookups, ...more }).causes).toEqual(before);
    const after = judged({ lookups, ...more, capture });
    expect({ causes: after.causes, status: after.status }).toEqual({ causes, status });
    expect(Object.entries(after.explained).flatMap(([code, by]) => (by === causes[0] ? [code] : []))).toEqual(explains);
  });

  test('a capture is offered where the cause is not located, and not again after one', () => {
    const open = Object.values(faults).filter(({ before }) => before.some((code) => !/^kube|^$/.test(code)));
    expect(open.length).toBeGreaterThan(8);
    expect(open.filter(({ lookups, more = {} }) => !judged({ lookups, ...more }).remedies.includes('capture-packets'))).toEqual([]);
    expect(
      Object.values(faults).filter(({ lookups, more = {}, capture }) =>
        judged({ lookups, ...more, capture }).remedies.includes('capture-packets'),
      ),
    ).toEqual([]);
  });

  test('a capture on which all is well takes nothing back, and adds nothing', () => {
    const capture = captured(() => ({}));
    expect(judged({ capture })).toMatchObject({ status: 'healthy', causes: [] });
    for (const { lookups, more = {}, before } of Object.values(faults))
      expect(judged({ lookups, ...more, capture }).causes).toEqual(before);
  });
});

describe('the table of what explains what', () => {
  const ofCapture = checks.filter(({ requires }) => requires.includes('capture'));
  const claims = (entries: readonly string[]): string[] =>
    checks
      .map(({ id }) => id)
      .filter((id) => entries.some((entry) => (entry.endsWith('*') ? id.startsWith(entry.slice(0, -1)) : entry === id)));
  const explainedBy = (id: string): string[] => claims(checks.find((check) => check.id === id)?.explains ?? []);

  test.each(ofCapture.map(({ id }) => id))('%s is not explained by what it explains', (id) => {
    const seen = new Set<string>();
    for (const next = explainedBy(id); next.length > 0;) {
      const one = next.pop() ?? '';
      if (seen.has(one)) continue;
      seen.add(one);
      next.push(...explainedBy(one));
    }
    expect([...seen]).not.toContain(id);
  });

  test('has the checks that packets alone tell', () => {
    expect(ofCapture.map(({ id }) => id).toSorted()).toEqual([
      'conntrack-race',
      'coredns-drops-queries',
      'coredns-nothing-listening',
      'coredns-slow-answers',
      'dns-reply-lost',
      'dns-request-lost',
    ]);
  });
});
