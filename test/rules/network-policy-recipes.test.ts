import { describe, expect, test } from '@jest/globals';
import type { NetworkPolicy, PolicyPod } from '../../src/domain/network.ts';
import { egressVerdict, ingressVerdict } from '../../src/rules/network-policy.ts';
import { DNS_PORTS, coredns, label, policy, pod } from './policy-fixtures.ts';

const web = pod();

/** The recipes of ahmetb/kubernetes-network-policy-recipes, by number: what each allows and what it denies. */
describe('recipes', () => {
  const bookstoreDb = pod({ name: 'db', labels: { app: 'bookstore', role: 'db' } });
  const bookstoreApi = pod({ name: 'api', labels: { app: 'bookstore', role: 'api' } });
  const stranger = pod({ name: 'stranger', labels: {} });
  const other = pod({ namespace: 'other', labels: {} });
  const prod = pod({ namespace: 'prod', labels: { type: 'monitoring' }, namespaceLabels: { purpose: 'production' } });
  const api = pod({
    name: 'apiserver',
    labels: { app: 'apiserver' },
    ports: [{ name: 'metrics', port: 5000, protocol: 'TCP' }],
  });
  const reach = (policies: NetworkPolicy[], client: PolicyPod | { ip: string }, server: PolicyPod, port = 80) =>
    ingressVerdict(policies, client, server, port, 'TCP').allowed;

  test('01 deny all traffic to an application', () => {
    const deny = policy({ podSelector: label('app', 'web'), policyTypes: ['Ingress'] });
    expect([reach([deny], stranger, web), reach([deny], stranger, api)]).toEqual([false, true]);
  });

  test('02 limit traffic to an application', () => {
    const limit = policy({
      podSelector: { matchLabels: { app: 'bookstore', role: 'db' } },
      ingress: [{ from: [{ podSelector: label('app', 'bookstore') }] }],
    });
    expect([reach([limit], bookstoreApi, bookstoreDb), reach([limit], stranger, bookstoreDb)]).toEqual([true, false]);
  });

  test('02a allow all traffic beats a deny', () => {
    expect(reach([policy({ policyTypes: ['Ingress'] }), policy({ ingress: [{}] })], other, web)).toBe(true);
  });

  test('03 deny all non-whitelisted traffic in the namespace', () => {
    expect(reach([policy({ policyTypes: ['Ingress'] })], stranger, web)).toBe(false);
  });

  test('04 deny all traffic from other namespaces', () => {
    const own = policy({ ingress: [{ from: [{ podSelector: {} }] }] });
    expect([reach([own], stranger, web), reach([own], other, web)]).toEqual([true, false]);
  });

  test('05 allow traffic from all namespaces', () => {
    const all = policy({ podSelector: label('app', 'web'), ingress: [{ from: [{ namespaceSelector: {} }] }] });
    expect([reach([all], other, web), reach([all], { ip: '203.0.113.1' }, web)]).toEqual([true, false]);
  });

  test('06 allow all traffic from a namespace', () => {
    const production = policy({ ingress: [{ from: [{ namespaceSelector: label('purpose', 'production') }] }] });
    expect([reach([production], prod, web), reach([production], other, web)]).toEqual([true, false]);
  });

  test('07 allow traffic from some pods in another namespace', () => {
    const monitoring = policy({
      ingress: [{ from: [{ namespaceSelector: label('purpose', 'production'), podSelector: label('type', 'monitoring') }] }],
    });
    const unlabelled = { ...prod, labels: {} };
    const elsewhere = { ...other, labels: { type: 'monitoring' } };
    expect([prod, unlabelled, elsewhere].map((client) => reach([monitoring], client, web))).toEqual([true, false, false]);
  });

  test('08 allow traffic from external clients', () => {
    expect(reach([policy({ ingress: [{ from: [] }] })], { ip: '203.0.113.1' }, web)).toBe(true);
  });

  test('09 allow traffic only to a port', () => {
    const port5000 = policy({
      podSelector: label('app', 'apiserver'),
      ingress: [{ ports: [{ port: 5000 }], from: [{ podSelector: {} }] }],
    });
    expect([reach([port5000], stranger, api, 5000), reach([port5000], stranger, api, 8000)]).toEqual([true, false]);
    const named = policy({ ingress: [{ ports: [{ port: 'metrics' }] }] });
    expect([reach([named], stranger, api, 5000), reach([named], stranger, web, 5000)]).toEqual([true, false]);
  });

  test('10 allow traffic from clients selected by several peers', () => {
    const either = policy({ ingress: [{ from: [{ podSelector: label('role', 'api') }, { podSelector: label('role', 'search') }] }] });
    expect([reach([either], bookstoreApi, web), reach([either], stranger, web)]).toEqual([true, false]);
  });

  test('11 deny egress from an application, except DNS', () => {
    const dnsOnly = policy({ podSelector: label('app', 'web'), egress: [{ ports: DNS_PORTS }] });
    expect(egressVerdict([dnsOnly], web, coredns, 53, 'UDP').allowed).toBe(true);
    expect(egressVerdict([dnsOnly], web, bookstoreDb, 80, 'TCP').allowed).toBe(false);
  });

  test('14 deny external egress, but allow the cluster', () => {
    const inside = policy({ egress: [{ ports: DNS_PORTS, to: [{ namespaceSelector: {} }] }] });
    expect(egressVerdict([inside], web, coredns, 53, 'UDP').allowed).toBe(true);
    expect(egressVerdict([inside], web, { ip: '8.8.8.8' }, 53, 'UDP').allowed).toBe(false);
  });
});
