import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubeproxy-forbidden.ts';
import {
  crashing,
  healthyFacts,
  homes,
  kubeProxy,
  kubeProxyLog,
  kubeProxyLogs,
  kubeProxyPod,
  lasting,
  lookupsWhere,
  lost,
  rbac,
  rbacSubject,
  refusal,
  synced,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const lacking = rbac([
  rbacSubject('coredns'),
  rbacSubject('kube-proxy', { missing: [{ group: '', resource: 'services', verb: 'list' }], bindings: [] }),
]);
const said = (entry: ReturnType<typeof lasting>) => kubeProxyLogs([kubeProxyLog({ classes: [synced(), entry] }), kubeProxyLog({}, 1)]);
const { rbac: _rbac, ...unknownRights } = healthyFacts();

describe('kubeproxy-forbidden', () => {
  test('a log without refusals passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a refusal of Services is found, with who may not do what', () => {
    const finding = theFinding(check, healthyFacts({ 'kube-proxy-logs': said(refusal('services')), rbac: lacking }));
    expect(finding).toMatchObject({
      severity: 'high',
      variant: 'forbidden',
      args: { nodes: [homes[0]], verb: 'list', resource: ['services'] },
    });
    expect(finding.proof).toContainEqual({ reading: 'rbac', pointer: '/subjects/1' });
    expect(finding.remedies).toEqual([{ id: 'restore-rbac', params: { component: 'kube-proxy' } }]);
  });

  test('it is critical where the rules send to pods that are gone', () => {
    const lookups = lookupsWhere((row) => (row.serverKind === 'cluster-ip' ? lost() : null));
    expect(theFinding(check, healthyFacts({ 'kube-proxy-logs': said(refusal('services')), rbac: lacking, lookups })).severity).toBe(
      'critical',
    );
  });

  test('where the rights were not found out, the log is believed', () => {
    expect(judge(check, { ...unknownRights, 'kube-proxy-logs': said(refusal('endpointslices')) }).status).toBe('found');
    expect(judge(check, { ...unknownRights, 'kube-proxy-logs': said(refusal('nodes')) }).status).toBe('found');
  });

  test('what kube-proxy can do without is no fault', () => {
    expect(judge(check, { ...unknownRights, 'kube-proxy-logs': said(refusal('servicecidrs')) }).status).toBe('passed');
    expect(judge(check, healthyFacts({ 'kube-proxy-logs': said(refusal('events')) })).status).toBe('passed');
  });

  test('one that may read them again is not held to its old lines, but another user is', () => {
    expect(judge(check, healthyFacts({ 'kube-proxy-logs': said(refusal('services')) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ 'kube-proxy-logs': said(refusal('services', { user: 'system:kube-proxy' })) })).status).toBe(
      'found',
    );
  });

  test('credentials that are not accepted have words of their own', () => {
    expect(
      theFinding(check, healthyFacts({ 'kube-proxy-logs': said(lasting('api-unauthorized', { reason: 'Unauthorized' })) })),
    ).toMatchObject({ variant: 'unauthorized', remedies: [] });
  });

  test('one that crashes because it may not read its Node is found', () => {
    const facts = healthyFacts({
      'kube-proxy': kubeProxy({ pods: [kubeProxyPod(crashing()), kubeProxyPod({}, 1)] }),
      'kube-proxy-logs': kubeProxyLogs([kubeProxyLog({ classes: [], previous: [refusal('nodes')] }), kubeProxyLog({}, 1)]),
    });
    expect(judge(check, facts).status).toBe('found');
  });

  test('few lines are no fault', () => {
    expect(judge(check, { ...unknownRights, 'kube-proxy-logs': said(refusal('services', { countSince: '1' })) }).status).toBe('passed');
  });
});
