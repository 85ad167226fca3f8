import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubeproxy-apiserver-unreachable.ts';
import {
  clusterClass,
  crashing,
  healthyFacts,
  homes,
  kubeProxy,
  kubeProxyConfig,
  kubeProxyLog,
  kubeProxyLogs,
  kubeProxyPod,
  lasting,
  logClass,
  lookupsWhere,
  lost,
  minutesAgo,
  synced,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const said = (classes: ReturnType<typeof lasting>[], over: object = {}) =>
  kubeProxyLogs([kubeProxyLog(), kubeProxyLog({ classes, ...over }, 1)]);
const logged = (classes: ReturnType<typeof lasting>[], over: object = {}) => healthyFacts({ 'kube-proxy-logs': said(classes), ...over });

describe('kubeproxy-apiserver-unreachable', () => {
  test('a log without trouble passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('timeouts that last are found, with the address it was given', () => {
    const facts = logged([synced(), lasting('api-timeout')], {
      'kube-proxy-config': kubeProxyConfig({ server: 'https://172.30.0.99:6443' }),
    });
    expect(theFinding(check, facts)).toMatchObject({
      severity: 'high',
      variant: 'default',
      args: { nodes: [homes[1]], server: 'https://172.30.0.99:6443' },
    });
  });

  test.each([
    ['api-refused', 'default'],
    ['api-name', 'name'],
    ['api-cert', 'cert'],
  ])('%s has words of its own', (name, variant) => {
    expect(theFinding(check, logged([synced(), lasting(name)])).variant).toBe(variant);
  });

  test('it is critical where the rules are wrong already', () => {
    const lookups = lookupsWhere((row) => (row.serverKind === 'cluster-ip' && row.from.node === homes[1] ? lost() : null));
    expect(theFinding(check, logged([synced(), lasting('api-timeout')], { lookups })).severity).toBe('critical');
  });

  test('one that has not read the API once since it started needs no more lines', () => {
    const first = logClass('api-refused', {
      lastAt: minutesAgo(0),
      fields: { afterSync: 'true', countSince: '1', firstAt: minutesAgo(0), ageSeconds: '1' },
    });
    expect(judge(check, logged([first])).status).toBe('found');
    expect(judge(check, logged([synced(), first])).status).toBe('passed');
  });

  test('lines that are old, isolated, or older than the last start are no fault', () => {
    expect(judge(check, logged([synced(), lasting('api-timeout', { ageSeconds: '900' })])).status).toBe('passed');
    expect(judge(check, logged([synced(), lasting('api-timeout', { countSince: '2' })])).status).toBe('passed');
    expect(judge(check, logged([synced(), lasting('api-timeout', { afterSync: 'false' })])).status).toBe('passed');
    expect(judge(check, logged([synced(), lasting('api-timeout', { firstAt: minutesAgo(0.4) })])).status).toBe('passed');
  });

  test('what a crashing one said at its end counts, however long ago', () => {
    const facts = healthyFacts({
      'kube-proxy': kubeProxy({ pods: [kubeProxyPod(), kubeProxyPod(crashing(), 1)] }),
      'kube-proxy-logs': said([], { previous: [lasting('api-timeout', { ageSeconds: '290' })] }),
    });
    expect(theFinding(check, facts).proof).toContainEqual({ reading: 'kube-proxy-logs', pointer: '/pods/1/previous/0' });
  });

  test('what a healthy one said before its last restart does not', () => {
    expect(judge(check, healthyFacts({ 'kube-proxy-logs': said([synced()], { previous: [lasting('api-timeout')] }) })).status).toBe(
      'passed',
    );
  });

  test('where something replaces kube-proxy, it is not judged', () => {
    expect(judge(check, logged([lasting('api-timeout')], { 'cluster-class': clusterClass({ kubeProxy: 'replaced' }) })).status).toBe(
      'not-applicable',
    );
  });
});
