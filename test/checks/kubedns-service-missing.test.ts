import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubedns-service-missing.ts';
import { clusterClass, clusterIP, healthyFacts, healthyRows, kubelets, lookups, lost } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const { 'dns-service': _service, ...rest } = healthyFacts();
const missing = { 'dns-service': 'missing' } as const;
/** Without the Service its address is only a nameserver among others. */
const asNameserver = (over = {}) =>
  lookups(healthyRows().map((row) => (row.serverKind === 'cluster-ip' ? { ...row, serverKind: 'nameserver' as const, ...over } : row)));

describe('kubedns-service-missing', () => {
  test('a Service that is there passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a Service that is gone is found, with the address that pods still ask at', () => {
    const finding = theFinding(check, { ...rest, lookups: asNameserver(lost()) }, {}, missing);
    expect(finding.severity).toBe('critical');
    expect(finding.args).toMatchObject({ address: clusterIP, namespace: 'kube-system' });
    expect(finding.remedies).toEqual([{ id: 'repair-dns-service', params: { namespace: 'kube-system', name: 'kube-dns', clusterIP } }]);
  });

  test('without lookups it is not said that lookups fail', () => {
    const { lookups: _lookups, ...known } = rest;
    expect(theFinding(check, known, {}, missing).severity).toBe('high');
  });

  test('a Service of another name, that answers pods on every node, is no fault', () => {
    expect(judge(check, { ...rest, lookups: asNameserver() }, {}, missing).status).toBe('unknown');
  });

  test('EKS Auto Mode needs none', () => {
    const facts = { ...rest, 'cluster-class': clusterClass({ autoMode: 'all' }), lookups: asNameserver(lost()) };
    expect(judge(check, facts, {}, missing).status).toBe('not-applicable');
  });

  test('a Service that may not be read is not said to be missing', () => {
    expect(judge(check, { ...rest, lookups: asNameserver(lost()) }, {}, { 'dns-service': 'forbidden' }).status).toBe('unknown');
  });

  test('nothing is said of a place where neither CoreDNS nor its Service was found', () => {
    const { lookups: _lookups, 'coredns-workload': _workload, ...known } = rest;
    expect(judge(check, known, {}, missing).status).toBe('unknown');
  });

  test('the address of a cache on the node is not taken for that of the Service', () => {
    const cached = kubelets(kubelets().items.map((item) => ({ ...item, clusterDNS: ['169.254.20.10'] })));
    const { lookups: _lookups, ...known } = rest;
    expect(theFinding(check, { ...known, kubelets: cached }, {}, missing).remedies).toEqual([]);
  });
});
