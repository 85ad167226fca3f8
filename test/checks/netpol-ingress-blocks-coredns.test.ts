import { describe, expect, test } from '@jest/globals';
import type { NetworkPolicy } from '../../src/domain/network.ts';
import check from '../../src/checks/netpol-ingress-blocks-coredns.ts';
import { healthyFacts, healthyRows, inPod, lookups, lookupsWhere, lost, networkPolicies, policyClient } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const policy = (ingress: NetworkPolicy['ingress'], over: Partial<NetworkPolicy> = {}): NetworkPolicy => ({
  namespace: 'kube-system',
  name: 'coredns-clients',
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  policyTypes: ['Ingress'],
  ingress,
  egress: [],
  ...over,
});
const onlyLabelled = policy([{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { access: 'dns' } } }] }]);
const web = policyClient({ name: 'web-1', labels: { app: 'web' } });
const facts = (policies: NetworkPolicy[], over: object = {}, more: object = {}) =>
  healthyFacts({ 'network-policies': networkPolicies({ policies, sample: [web, policyClient()], ...over }), ...more });
const silent = { lookups: lookupsWhere((row) => (row.serverKind === 'endpoint' && row.serverNode !== row.from.node ? lost() : null)) };

describe('netpol-ingress-blocks-coredns', () => {
  test('without policies the pods are open', () => {
    expect(judge(check, facts([])).status).toBe('passed');
  });

  test('a policy that admits only pods with a label is found', () => {
    const finding = theFinding(check, facts([onlyLabelled], {}, silent));
    expect(finding).toMatchObject({
      severity: 'critical',
      variant: 'default',
      args: { policies: ['coredns-clients'], namespace: 'kube-system' },
    });
    expect(finding.args['who']).toContain('2 of 2 pods');
  });

  test('the named pod is named', () => {
    const lookup = { lookups: lookups([...silent.lookups.rows, inPod(lost())]) };
    expect(theFinding(check, facts([onlyLabelled], { client: policyClient() }, lookup)).args['who']).toBe('pod shop/cart-1');
  });

  test('a policy that admits all namespaces passes', () => {
    expect(judge(check, facts([policy([{ from: [{ namespaceSelector: {} }] }])])).status).toBe('passed');
    expect(judge(check, facts([policy([{}])])).status).toBe('passed');
  });

  test('what keeps out a few is meant so, unless they are the complaint', () => {
    const admitsShop = policy([{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }] }]);
    const outsider = policyClient({ namespace: 'lab', namespaceLabels: { 'kubernetes.io/metadata.name': 'lab' } });
    expect(judge(check, facts([admitsShop], { sample: [web, policyClient(), outsider] }, silent)).status).toBe('passed');
    expect(judge(check, facts([admitsShop], { sample: [web, policyClient()], client: outsider }, silent)).status).toBe('found');
  });

  test('a policy that nothing enforces is worth a word', () => {
    expect(theFinding(check, facts([onlyLabelled]))).toMatchObject({ severity: 'info', variant: 'unenforced', remedies: [] });
    const works = { lookups: lookups([...healthyRows(), inPod()]) };
    expect(theFinding(check, facts([onlyLabelled], { client: policyClient() }, works)).severity).toBe('info');
  });

  test('policies that do not select CoreDNS, or only its egress, do not matter', () => {
    expect(judge(check, facts([policy([], { podSelector: { matchLabels: { app: 'x' } } })], {}, silent)).status).toBe('passed');
    expect(judge(check, facts([policy([], { policyTypes: ['Egress'] })], {}, silent)).status).toBe('passed');
  });

  test('without CoreDNS pods there is nothing to judge', () => {
    expect(judge(check, facts([onlyLabelled], { coredns: [] })).status).toBe('not-applicable');
  });
});
