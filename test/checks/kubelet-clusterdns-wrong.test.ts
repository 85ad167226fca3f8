import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubelet-clusterdns-wrong.ts';
import { clusterIP, healthyFacts, homes, kubelet, kubelets, lookups, lost, node, nodes, row } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const wrong = '10.100.0.99';
const second = (clusterDNS: string[], over = {}) => kubelets([kubelet(), kubelet({ node: homes[1], clusterDNS, ...over })]);
const asked = (over = {}) =>
  row({ from: { node: homes[1], pod: 'probe-node-b', how: 'probe' }, server: wrong, serverKind: 'nameserver', ...over });

describe('kubelet-clusterdns-wrong', () => {
  test('one node whose kubelet gives an address that nobody answers at is found', () => {
    const finding = theFinding(check, healthyFacts({ kubelets: second([wrong]), lookups: lookups([asked(lost())]) }));
    expect(finding.severity).toBe('critical');
    expect(finding.subject).toEqual({ kind: 'Node', name: homes[1] });
    expect(finding.args).toMatchObject({ nameservers: [wrong], address: clusterIP });
  });

  test('a second address that is right keeps the node working', () => {
    expect(judge(check, healthyFacts({ kubelets: second([wrong, clusterIP]) })).status).toBe('passed');
  });

  test('a forwarder of one node that works is no fault', () => {
    expect(judge(check, healthyFacts({ kubelets: second([wrong]), lookups: lookups([asked()]) })).status).toBe('passed');
  });

  test("an address that is the node's own may be a cache there", () => {
    const list = nodes([node(), node({ name: homes[1], internalIP: '10.0.2.10' })]);
    expect(judge(check, healthyFacts({ kubelets: second(['10.0.2.10']), nodes: list })).status).toBe('passed');
  });

  test.each(['auto', 'virtual'] as const)('a node of kind %s has DNS of its own', (kind) => {
    const list = nodes([node(), node({ name: homes[1], kind })]);
    expect(judge(check, healthyFacts({ kubelets: second([wrong]), nodes: list })).status).toBe('passed');
  });

  test('a kubelet without any address is another fault', () => {
    expect(judge(check, healthyFacts({ kubelets: second([]) })).status).toBe('passed');
  });
});
