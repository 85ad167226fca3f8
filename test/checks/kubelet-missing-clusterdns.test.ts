import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubelet-missing-clusterdns.ts';
import { coded, healthyFacts, homes, kubelet, kubelets, lookups, namedPod, node, nodes, resolvConf, row, upstreamIP } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const second = (over: object) => kubelets([kubelet(), kubelet({ node: homes[1], ...over })]);
const asked = (over = {}) =>
  row({ from: { node: homes[1], pod: 'probe-node-b', how: 'probe' }, server: upstreamIP, serverKind: 'nameserver', ...over });
const event = { reason: 'MissingClusterDNS', message: 'pod: "cart-1_shop". kubelet does not have ClusterDNS IP configured' };

describe('kubelet-missing-clusterdns', () => {
  test('kubelets that have one pass', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a kubelet without clusterDNS is found, critical when its pods know no cluster name', () => {
    const facts = healthyFacts({ kubelets: second({ clusterDNS: [] }), lookups: lookups([asked(coded('NXDOMAIN'))]) });
    expect(theFinding(check, facts)).toMatchObject({ severity: 'critical', subject: { kind: 'Node', name: homes[1] } });
    expect(theFinding(check, { ...facts, lookups: lookups([]) }).severity).toBe('high');
  });

  test("a probe pod that got the node's resolver shows the same", () => {
    const facts = healthyFacts({ kubelets: second({ source: 'probe', clusterDNS: [upstreamIP], clusterDomain: null }) });
    expect(theFinding(check, facts).args).toMatchObject({ nodes: [homes[1]] });
  });

  test('what the kubelet said of the named pod is enough', () => {
    const pod = namedPod({ events: [event], resolvConf: resolvConf({ nameservers: [upstreamIP] }) });
    expect(theFinding(check, healthyFacts({ pod })).proof).toContainEqual({ reading: 'pod', pointer: '/events/0' });
  });

  test('an event of a pod that has cluster DNS by now is old', () => {
    expect(judge(check, healthyFacts({ pod: namedPod({ events: [event] }) })).status).toBe('passed');
  });

  test('a resolver of the node that knows the cluster makes up for it', () => {
    expect(judge(check, healthyFacts({ kubelets: second({ clusterDNS: [] }), lookups: lookups([asked()]) })).status).toBe('passed');
  });

  test('Auto Mode nodes need none', () => {
    const list = nodes([node(), node({ name: homes[1], kind: 'auto' })]);
    expect(judge(check, healthyFacts({ kubelets: second({ clusterDNS: [] }), nodes: list })).status).toBe('passed');
  });
});
