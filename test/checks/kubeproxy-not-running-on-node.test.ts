import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubeproxy-not-running-on-node.ts';
import {
  clusterClass,
  crashing,
  healthyFacts,
  homes,
  kubeProxy,
  kubeProxyPod,
  lookups,
  lookupsWhere,
  lost,
  minutesAgo,
  node,
  nodes,
} from './evidence.ts';
import { findingsOf, judge, theFinding } from './judging.ts';

const onlyFirst = kubeProxy({ pods: [kubeProxyPod()] });
const cut = lookupsWhere((row) => (row.serverKind === 'cluster-ip' && row.from.node === homes[1] ? lost() : null));
const second = (over: object) => nodes([node(), node({ name: homes[1], ...over })]);
const stuck = (over: object = {}) =>
  kubeProxy({
    pods: [
      kubeProxyPod(),
      kubeProxyPod(
        { ready: false, phase: 'Pending', container: { state: 'waiting', reason: 'ImagePullBackOff', startedAt: null }, ...over },
        1,
      ),
    ],
  });

describe('kubeproxy-not-running-on-node', () => {
  test('a kube-proxy on every node passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a node without one that is cut off from the Service is found', () => {
    const finding = theFinding(check, healthyFacts({ 'kube-proxy': onlyFirst, lookups: cut }));
    expect(finding).toMatchObject({ severity: 'critical', variant: 'none', args: { nodes: [homes[1]] } });
    expect(finding.proof.some(({ reading }) => reading === 'lookups')).toBe(true);
  });

  test('old rules that still work make it a matter of time', () => {
    expect(theFinding(check, healthyFacts({ 'kube-proxy': onlyFirst })).severity).toBe('high');
  });

  test('silence of CoreDNS itself is not put down to it', () => {
    expect(theFinding(check, healthyFacts({ 'kube-proxy': onlyFirst, lookups: lookupsWhere(() => lost()) })).severity).toBe('high');
  });

  test('a pod that cannot start is found with its reason', () => {
    const finding = theFinding(check, healthyFacts({ 'kube-proxy': stuck(), lookups: lookups([]) }));
    expect(finding).toMatchObject({ variant: 'stuck', remedies: [{ id: 'restart-kube-proxy', params: { node: homes[1] } }] });
    expect(finding.args['reason']).toContain('ImagePullBackOff');
  });

  test('a pod that was made a moment ago is left the time to start, and so is a rollout', () => {
    expect(judge(check, healthyFacts({ 'kube-proxy': stuck({ createdAt: minutesAgo(1) }) })).status).toBe('passed');
    expect(
      judge(check, healthyFacts({ 'kube-proxy': kubeProxy({ pods: [kubeProxyPod(), kubeProxyPod({ terminating: true }, 1)] }) })).status,
    ).toBe('passed');
  });

  test('one that crashes is found elsewhere', () => {
    expect(judge(check, healthyFacts({ 'kube-proxy': kubeProxy({ pods: [kubeProxyPod(), kubeProxyPod(crashing(), 1)] }) })).status).toBe(
      'passed',
    );
  });

  test.each([{ kind: 'fargate' }, { kind: 'virtual' }, { kind: 'auto' }, { os: 'windows' }, { ready: false }])(
    'a node with %o needs none',
    (over) => {
      expect(judge(check, healthyFacts({ 'kube-proxy': onlyFirst, nodes: second(over) })).status).toBe('passed');
    },
  );

  test.each(['replaced', 'absent'] as const)('a cluster whose kube-proxy is %s is not judged', (kind) => {
    const facts = healthyFacts({
      'kube-proxy': kubeProxy({ daemonSet: null, pods: [] }),
      'cluster-class': clusterClass({ kubeProxy: kind, kubeProxyReplacedBy: 'cilium' }),
    });
    expect(judge(check, facts).status).toBe('not-applicable');
  });

  test('in a big cluster only nodes whose pods were read are judged', () => {
    const many = nodes([node(), node({ name: homes[1] }), node({ name: 'node-c' })], { complete: false, total: 300 });
    const facts = healthyFacts({ nodes: many, 'kube-proxy': kubeProxy({ complete: false }) });
    expect(findingsOf(check, facts)).toEqual([]);
    expect(theFinding(check, facts, { node: 'node-c' }).args['nodes']).toEqual(['node-c']);
  });
});
