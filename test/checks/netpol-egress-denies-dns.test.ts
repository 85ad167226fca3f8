import { describe, expect, test } from '@jest/globals';
import type { NetworkPolicy } from '../../src/domain/network.ts';
import check from '../../src/checks/netpol-egress-denies-dns.ts';
import { healthyFacts, healthyRows, inPod, lookups, lost, networkPolicies, policyClient } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const policy = (egress: NetworkPolicy['egress'], over: Partial<NetworkPolicy> = {}): NetworkPolicy => ({
  namespace: 'shop',
  name: 'default-deny-egress',
  podSelector: {},
  policyTypes: ['Egress'],
  ingress: [],
  egress,
  ...over,
});
const toDns = (...protocols: string[]): NetworkPolicy['egress'] => [
  { to: [{ namespaceSelector: {} }], ports: protocols.map((protocol) => ({ protocol, port: 53 })) },
];
const facts = (policies: NetworkPolicy[], over: object = {}) =>
  healthyFacts({ 'network-policies': networkPolicies({ policies, client: policyClient() }), ...over });
const dead = lookups([...healthyRows(), inPod(lost()), inPod({ role: 'fresh', ...lost() })]);
const alive = lookups([...healthyRows(), inPod()]);

describe('netpol-egress-denies-dns', () => {
  test('without policies the way is open', () => {
    expect(judge(check, facts([])).status).toBe('passed');
  });

  test('a policy that opens nothing is found by its name', () => {
    const finding = theFinding(check, facts([policy([])], { lookups: dead }));
    expect(finding).toMatchObject({
      severity: 'critical',
      variant: 'default',
      args: { policies: ['default-deny-egress'], proto: 'UDP or TCP', namespace: 'shop' },
    });
    expect(finding.remedies).toEqual([{ id: 'allow-dns-policy', params: { side: 'egress' } }]);
    expect(finding.proof).toContainEqual({ reading: 'network-policies', pointer: '/policies/0' });
  });

  test('nobody could ask in the pod: the policy alone is proof', () => {
    expect(theFinding(check, facts([policy([])])).severity).toBe('critical');
  });

  test('a policy that opens port 53 passes, and one that opens UDP alone breaks a part', () => {
    expect(judge(check, facts([policy(toDns('UDP', 'TCP'))])).status).toBe('passed');
    expect(theFinding(check, facts([policy(toDns('UDP'))])).severity).toBe('medium');
  });

  test('a second policy that opens it makes up for the first', () => {
    expect(judge(check, facts([policy([]), policy(toDns('UDP', 'TCP'), { name: 'allow-dns' })])).status).toBe('passed');
  });

  test('a policy that nothing enforces is worth a word', () => {
    expect(theFinding(check, facts([policy([])], { lookups: alive }))).toMatchObject({
      severity: 'info',
      variant: 'unenforced',
      remedies: [],
    });
  });

  test('policies of other pods, other namespaces and for ingress do not matter', () => {
    expect(judge(check, facts([policy([], { podSelector: { matchLabels: { app: 'web' } } })])).status).toBe('passed');
    expect(judge(check, facts([policy([], { namespace: 'other' })])).status).toBe('passed');
    expect(judge(check, facts([policy([], { policyTypes: ['Ingress'] })])).status).toBe('passed');
  });

  test('pods on the host network, and runs without a pod, are not judged', () => {
    const host = networkPolicies({ policies: [policy([])], client: policyClient({ hostNetwork: true }) });
    expect(judge(check, healthyFacts({ 'network-policies': host })).status).toBe('not-applicable');
    expect(judge(check, healthyFacts({ 'network-policies': networkPolicies({ policies: [policy([])] }) })).status).toBe('not-applicable');
  });
});
