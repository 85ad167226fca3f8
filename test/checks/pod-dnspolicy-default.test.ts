import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/pod-dnspolicy-default.ts';
import { askedAt, clusterIP, coded, healthyFacts, lookups, namedPod, resolvConf, throughResolver, upstreamIP } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const pod = namedPod({ dnsPolicy: 'Default', resolvConf: resolvConf({ nameservers: [upstreamIP], search: [], ndots: 1 }), computed: null });
const denied = lookups([askedAt(upstreamIP, coded('NXDOMAIN'))]);

describe('pod-dnspolicy-default', () => {
  test('ClusterFirst passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a pod that gets no cluster name from the resolver of its node is found', () => {
    expect(theFinding(check, healthyFacts({ pod, lookups: denied }))).toMatchObject({
      severity: 'critical',
      args: { nameservers: [upstreamIP], target: 'deployment/cart' },
    });
  });

  test('a twin of the pod tells the same', () => {
    const twin = lookups(denied.rows.map((row) => ({ ...row, from: { ...row.from, how: 'twin' as const } })));
    expect(theFinding(check, healthyFacts({ pod, lookups: twin })).severity).toBe('critical');
  });

  test('without a lookup it is not said that lookups fail', () => {
    expect(theFinding(check, healthyFacts({ pod })).severity).toBe('high');
  });

  test('a node whose resolver knows the cluster makes it a pod like others', () => {
    expect(judge(check, healthyFacts({ pod, lookups: lookups([askedAt(upstreamIP)]) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ pod, lookups: lookups([throughResolver('kubernetes.default', 'search', true)]) })).status).toBe(
      'passed',
    );
    expect(judge(check, healthyFacts({ pod: { ...pod, resolvConf: resolvConf({ nameservers: [clusterIP] }) } })).status).toBe('passed');
  });

  test('CoreDNS itself has it for a reason', () => {
    expect(judge(check, healthyFacts({ pod: { ...pod, namespace: 'kube-system', name: 'coredns-a' } })).status).toBe('not-applicable');
  });
});
