import { describe, expect, test } from '@jest/globals';
import mismatch from '../../src/checks/kubedns-clusterip-mismatch.ts';
import wrongKubelet from '../../src/checks/kubelet-clusterdns-wrong.ts';
import { clusterClass, dnsService, healthyFacts, homes, kubelet, kubelets, lookups, lost, namedPod, resolvConf, row } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const old = '10.100.0.99';
const at = (node: string, over = {}) =>
  row({ from: { node, pod: `probe-${node}`, how: 'probe' }, server: old, serverKind: 'nameserver', ...over });
const given = (...addresses: string[]) =>
  kubelets(addresses.map((address, index) => kubelet({ node: homes[index] ?? `node-${index}`, clusterDNS: [address] })));

describe('kubedns-clusterip-mismatch', () => {
  test('kubelets that give the address of the Service pass', () => {
    expect(judge(mismatch, healthyFacts()).status).toBe('passed');
    expect(judge(wrongKubelet, healthyFacts()).status).toBe('passed');
  });

  test('a Service that got another address than all pods have is found, and not put down to the kubelets', () => {
    const facts = healthyFacts({ kubelets: given(old, old), lookups: lookups(homes.map((home) => at(home, lost()))) });
    const finding = theFinding(mismatch, facts);
    expect(finding.severity).toBe('critical');
    expect(finding.args).toMatchObject({ nameservers: [old], nodes: [...homes] });
    expect(judge(wrongKubelet, facts).status).toBe('passed');
  });

  test('when nobody could ask the address, lookups are not said to fail', () => {
    expect(theFinding(mismatch, healthyFacts({ kubelets: given(old, old), lookups: lookups([]) })).severity).toBe('high');
  });

  test.each(['169.254.20.10', '169.254.25.10'])('the cache on the node at %s is no mismatch', (address) => {
    expect(judge(mismatch, healthyFacts({ kubelets: given(address, address) })).status).toBe('passed');
  });

  test('a cache at an address of its own is known by its DaemonSet', () => {
    const nodeLocalDns = { namespace: 'kube-system', name: 'node-local-dns', desired: 2, ready: 2, ips: ['10.9.9.9'] };
    const facts = healthyFacts({ kubelets: given('10.9.9.9', '10.9.9.9'), 'cluster-class': clusterClass({ nodeLocalDns }) });
    expect(judge(mismatch, facts).status).toBe('passed');
  });

  test('the resolver of the cloud is no cache of the cluster', () => {
    expect(judge(mismatch, healthyFacts({ kubelets: given('169.254.169.253', '169.254.169.253') })).status).toBe('found');
  });

  test('a forwarder that knows the names of the cluster is no mismatch', () => {
    const facts = healthyFacts({ kubelets: given(old, old), lookups: lookups(homes.map((home) => at(home))) });
    expect(judge(mismatch, facts).status).toBe('passed');
  });

  test('the second address of a dual-stack Service is as good as the first', () => {
    const service = dnsService({ clusterIPs: ['10.100.0.10', 'fd00::a'] });
    expect(judge(mismatch, healthyFacts({ 'dns-service': service, kubelets: given('fd00::a', '10.100.0.10') })).status).toBe('passed');
  });

  test('one node alone is judged by the complaint: with a pod that has its nameserver it is the kubelet', () => {
    const pod = namedPod({ resolvConf: resolvConf({ nameservers: [old] }) });
    const facts = healthyFacts({ kubelets: given(old), pod, lookups: lookups([at(homes[0], lost())]) });
    expect(judge(mismatch, facts).status).toBe('passed');
    expect(judge(wrongKubelet, facts).status).toBe('found');
    const { pod: _pod, ...noPod } = facts;
    expect(judge(mismatch, noPod).status).toBe('found');
    expect(judge(wrongKubelet, noPod).status).toBe('passed');
  });
});
