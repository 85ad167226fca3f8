import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubeproxy-crashloop.ts';
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
  node,
  nodes,
  rbac,
  rbacSubject,
  refusal,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const second = kubeProxy({ pods: [kubeProxyPod(), kubeProxyPod(crashing(), 1)] });
const said = (over: object) => kubeProxyLogs([kubeProxyLog(), kubeProxyLog({ classes: [], ...over }, 1)]);
const cut = lookupsWhere((row) => (row.serverKind === 'cluster-ip' && row.from.node === homes[1] ? lost() : null));

describe('kubeproxy-crashloop', () => {
  test('one that runs passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a mode that does not exist is named as the reason', () => {
    const facts = healthyFacts({
      'kube-proxy': second,
      'kube-proxy-config': kubeProxyConfig({ mode: 'iptable', problem: 'mode: unknown mode "iptable"' }),
    });
    const finding = theFinding(check, facts);
    expect(finding).toMatchObject({
      severity: 'high',
      variant: 'config',
      args: { nodes: [homes[1]], reason: 'mode: unknown mode "iptable"' },
    });
  });

  test('its last words are quoted where the configuration shows nothing', () => {
    const words = logClass('config-invalid', { fields: { afterSync: 'true', reason: 'failed to decode: unknown field "mod"' } });
    const finding = theFinding(check, healthyFacts({ 'kube-proxy': second, 'kube-proxy-logs': said({ previous: [words] }) }));
    expect(finding).toMatchObject({ variant: 'config', args: { reason: 'failed to decode: unknown field "mod"' } });
    expect(finding.proof).toContainEqual({ reading: 'kube-proxy-logs', pointer: '/pods/1/previous/0' });
  });

  test('without any words the exit of the container is told', () => {
    const finding = theFinding(check, healthyFacts({ 'kube-proxy': second }));
    expect(finding).toMatchObject({ variant: 'default', args: { reason: 'Error, exit code 1' } });
  });

  test('it is critical where the Service is not reached', () => {
    expect(theFinding(check, healthyFacts({ 'kube-proxy': second, lookups: cut })).severity).toBe('critical');
  });

  test.each([
    ['cannot reach the API server', lasting('api-timeout')],
    ['is refused', refusal('services')],
  ])('one that ends because it %s is found elsewhere', (_why, entry) => {
    const lacking = rbac([rbacSubject('kube-proxy', { missing: [{ group: '', resource: 'services', verb: 'list' }] })]);
    const facts = healthyFacts({ 'kube-proxy': second, 'kube-proxy-logs': said({ previous: [entry] }), rbac: lacking });
    expect(judge(check, facts).status).toBe('passed');
  });

  test('a harmless refusal does not hide a crash', () => {
    const facts = healthyFacts({ 'kube-proxy': second, 'kube-proxy-logs': said({ classes: [refusal('servicecidrs')] }) });
    expect(judge(check, facts).status).toBe('found');
  });

  test('pods that were evicted, that end, or whose node is gone do not crash', () => {
    const pods = (over: object) => kubeProxy({ pods: [kubeProxyPod(), kubeProxyPod({ ...crashing(), ...over }, 1)] });
    expect(judge(check, healthyFacts({ 'kube-proxy': pods({ phase: 'Failed' }) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ 'kube-proxy': pods({ terminating: true }) })).status).toBe('passed');
    expect(
      judge(check, healthyFacts({ 'kube-proxy': second, nodes: nodes([node(), node({ name: homes[1], ready: false })]) })).status,
    ).toBe('passed');
  });

  test('where something replaces kube-proxy, leftovers are not judged', () => {
    expect(judge(check, healthyFacts({ 'kube-proxy': second, 'cluster-class': clusterClass({ kubeProxy: 'replaced' }) })).status).toBe(
      'not-applicable',
    );
  });
});
