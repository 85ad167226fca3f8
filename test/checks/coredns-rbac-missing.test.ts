import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-rbac-missing.ts';
import { corednsLog, corednsLogs, corednsPod, corednsPods, healthyFacts, logClass, minutesAgo, rbac, rbacSubject } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const missing = ['list', 'watch'].map((verb) => ({ group: 'discovery.k8s.io', resource: 'endpointslices', verb }));
const lacking = (over: Parameters<typeof rbacSubject>[1] = {}) =>
  rbac([rbacSubject('kube-proxy'), rbacSubject('coredns', { missing, ...over })]);
const unready = { ready: false, container: { ready: false, startedAt: minutesAgo(5) } };
const down = corednsPods([corednsPod(unready), corednsPod(unready, 1)]);

describe('coredns-rbac-missing', () => {
  test('passes when nothing is missing', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is critical when the pods are down, and says what is missing and where', () => {
    const finding = theFinding(check, healthyFacts({ rbac: lacking(), 'coredns-pods': down }));
    expect(finding).toMatchObject({
      severity: 'critical',
      variant: 'role',
      args: { missing: ['list endpointslices.discovery.k8s.io', 'watch endpointslices.discovery.k8s.io'], role: 'system:coredns' },
      proof: [{ reading: 'rbac', pointer: '/subjects/1/missing' }],
    });
  });

  test('is high while synced pods serve', () => {
    expect(theFinding(check, healthyFacts({ rbac: lacking() })).severity).toBe('high');
  });

  test('tells a missing binding from a missing rule', () => {
    expect(theFinding(check, healthyFacts({ rbac: lacking({ bindings: [] }) })).variant).toBe('binding');
  });

  test('what was only worked out from roles is not sure while nobody complains', () => {
    expect(theFinding(check, healthyFacts({ rbac: lacking({ method: 'roles' }) })).severity).toBe('info');
    const logs = corednsLogs([corednsLog({ classes: [logClass('api-forbidden')] })]);
    expect(theFinding(check, healthyFacts({ rbac: lacking({ method: 'roles' }), 'coredns-logs': logs })).severity).toBe('high');
  });

  test('does not apply where CoreDNS has no account of its own', () => {
    expect(judge(check, healthyFacts({ rbac: rbac([rbacSubject('kube-proxy')]) })).status).toBe('not-applicable');
  });
});
