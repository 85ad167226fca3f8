import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/pod-hostnetwork-clusterfirst.ts';
import { askedAt, coded, healthyFacts, lookups, namedPod, resolvConf, upstreamIP } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const pod = namedPod({ hostNetwork: true, resolvConf: resolvConf({ nameservers: [upstreamIP], search: [], ndots: 1 }), computed: null });

describe('pod-hostnetwork-clusterfirst', () => {
  test('pods of their own network, and those with ClusterFirstWithHostNet, pass', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
    expect(judge(check, healthyFacts({ pod: { ...pod, dnsPolicy: 'ClusterFirstWithHostNet' } })).status).toBe('passed');
  });

  test('a pod that gets no cluster name from the resolver of its node is found', () => {
    const finding = theFinding(check, healthyFacts({ pod, lookups: lookups([askedAt(upstreamIP, coded('NXDOMAIN'))]) }));
    expect(finding).toMatchObject({ severity: 'critical', args: { nameservers: [upstreamIP] } });
  });

  test('without a lookup it is not said that lookups fail', () => {
    expect(theFinding(check, healthyFacts({ pod })).severity).toBe('high');
  });

  test('a resolver of the node that knows the cluster makes up for it', () => {
    expect(judge(check, healthyFacts({ pod, lookups: lookups([askedAt(upstreamIP)]) })).status).toBe('passed');
  });

  test('Windows is not judged', () => {
    expect(judge(check, healthyFacts({ pod: { ...pod, os: 'windows' } })).status).toBe('not-applicable');
  });
});
