import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/nodelocaldns-down.ts';
import { clusterClass, healthyFacts, healthyRows, homes, lookups, lookupsWhere, lost, node, nodes, row } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const cache = '169.254.20.10';
const local = (over: object = {}) =>
  clusterClass({ nodeLocalDns: { namespace: 'kube-system', name: 'node-local-dns', desired: 2, ready: 2, ips: [cache], ...over } });
const at = (home: string, over: object = {}) =>
  row({ from: { node: home, pod: `probe-${home}`, how: 'probe' }, server: cache, serverKind: 'node-local', ...over });
const asked = (over: object = {}) => lookups([...healthyRows(), at(homes[0]), at(homes[1], over)]);

describe('nodelocaldns-down', () => {
  test('a cluster without the cache is not judged, one with a cache that answers passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('not-applicable');
    expect(judge(check, healthyFacts({ 'cluster-class': local(), lookups: asked() })).status).toBe('passed');
  });

  test('a cache that does not answer on a node is found', () => {
    const finding = theFinding(check, healthyFacts({ 'cluster-class': local({ ready: 1 }), lookups: asked(lost()) }));
    expect(finding).toMatchObject({
      severity: 'critical',
      variant: 'silent',
      subject: { kind: 'Node', name: homes[1] },
      args: { address: cache },
    });
  });

  test('pods that ask a cache which nobody runs any more are found', () => {
    expect(theFinding(check, healthyFacts({ lookups: asked(lost()) })).severity).toBe('critical');
  });

  test('when no CoreDNS pod answers that node, the cache has nothing to say either', () => {
    const silent = lookupsWhere(
      (one) => (one.serverKind === 'endpoint' && one.from.node === homes[1] ? lost() : null),
      [at(homes[1], lost())],
    );
    expect(judge(check, healthyFacts({ 'cluster-class': local(), lookups: silent })).status).toBe('passed');
  });

  test('pods that are not ready break a part', () => {
    expect(theFinding(check, healthyFacts({ 'cluster-class': local({ ready: 1 }) }))).toMatchObject({
      severity: 'high',
      variant: 'missing',
      args: { count: 1, desired: 2 },
    });
  });

  test('those of nodes that are not ready are another fault', () => {
    const facts = healthyFacts({ 'cluster-class': local({ ready: 1 }), nodes: nodes([node(), node({ name: homes[1], ready: false })]) });
    expect(judge(check, facts).status).toBe('passed');
  });
});
