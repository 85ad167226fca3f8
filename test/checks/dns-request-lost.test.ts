import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/dns-request-lost.ts';
import { podB } from '../packets/traffic.ts';
import { captured, named, probed } from './evidence.ts';
import { findingsOf, judge, theFinding } from './judging.ts';

describe('dns-request-lost', () => {
  test('queries that arrive pass', () => {
    expect(judge(check, { capture: captured(() => ({})) }).status).toBe('passed');
  });

  test('what is lost between two nodes is found, with the two', () => {
    const finding = theFinding(check, { capture: captured(({ via }) => ({ lostRequest: via === 'b' })) });
    expect(finding).toMatchObject({
      severity: 'critical',
      variant: 'network',
      subject: { kind: 'Node', name: 'node-a' },
      args: { from: ['probe pod on node-a'], to: ['kube-system/coredns-b'], lost: 20, of: 20, percent: 100 },
    });
    expect(finding.proof).toHaveLength(2);
    expect(finding.remedies).toEqual([]);
  });

  test('a tenth is bad, but most lookups work', () => {
    const some = captured(({ via, shot }) => ({ lostRequest: via === 'b' && shot % 10 === 0 }));
    expect(theFinding(check, { capture: some })).toMatchObject({ severity: 'high', args: { percent: 10 } });
  });

  test.each([
    ['the node of the client', 'client-node', { client: 'in-only' }, { kind: 'Node', name: 'node-a' }],
    [
      'the node of CoreDNS',
      'server-node',
      { client: 'translated', server: true },
      { kind: 'Pod', namespace: 'kube-system', name: 'coredns-b' },
    ],
  ] as const)('captures on nodes tell that it is lost on %s', (_, variant, nodes, subject) => {
    const network = probed(({ via }) => (via === 'b' ? { lostRequest: true, nodes } : {}));
    const capture = named(network.report({}, ['c1', 's1', 's2', 'n1', 'n2']));
    expect(theFinding(check, { capture })).toMatchObject({ variant, subject });
  });

  test('whoever says that there is no way is named', () => {
    const capture = captured(({ via, to }) => (via === 'b' && to === 'pod' ? { icmpBy: '10.0.0.9', icmp: 'host' } : {}));
    expect(theFinding(check, { capture })).toMatchObject({ variant: 'unreachable', args: { by: '10.0.0.9', what: 'host' } });
  });

  test('what never left the client is no matter of the network', () => {
    expect(theFinding(check, { capture: captured(() => ({ notSent: true })) })).toMatchObject({
      variant: 'unsent',
      args: { from: ['probe pod on node-a'], lost: 40 },
    });
  });

  test('what goes wrong only through the Service is kube-proxy, a few lost ones are the network', () => {
    const all = captured(({ to }) => ({ lostRequest: to === 'cluster-ip' }));
    const half = captured(({ to, via }) => ({ lostRequest: to === 'cluster-ip' && via === 'a' }));
    const few = captured(({ to, shot }) => ({ lostRequest: to === 'cluster-ip' && shot % 10 === 0 }));
    expect([all, half, few].map((capture) => findingsOf(check, { capture }).length)).toEqual([0, 0, 1]);
  });

  test('what the upstream and other servers lose is not about CoreDNS', () => {
    const capture = captured(({ via }) => ({ lostRequest: via === 'b' }));
    const elsewhere = { ...capture, ways: capture.ways.map((way) => ({ ...way, kind: 'upstream' as const })) };
    const foreign = { ...capture, ways: capture.ways.map((way) => ({ ...way, kind: 'other' as const, marked: 0 })) };
    expect([elsewhere, foreign].map((one) => judge(check, { capture: one }).status)).toEqual(['not-applicable', 'not-applicable']);
  });

  test('a capture at one end cannot tell where queries were lost', () => {
    const capture = named(probed(({ via }) => ({ lostRequest: via === 'b' })).report({}, ['c1']));
    expect(capture.ways.find(({ server }) => server.address === podB)?.verdict).toBe('unanswered');
    expect(judge(check, { capture })).toMatchObject({ status: 'unknown', reason: expect.stringContaining('does not tell where') });
  });
});
