import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubedns-selector-mismatch.ts';
import {
  clusterClass,
  corednsPod,
  corednsPods,
  dnsService,
  endpoint,
  endpointSlices,
  healthyFacts,
  lookupsWhere,
  lost,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const refused = lookupsWhere((row) => (row.serverKind === 'cluster-ip' ? lost('refused') : null));
const broken = (over = {}) =>
  healthyFacts({
    'dns-service': dnsService({ selector: { 'k8s-app': 'nope' } }),
    'endpoint-slices': endpointSlices([], { ports: [] }),
    lookups: refused,
    ...over,
  });

describe('kubedns-selector-mismatch', () => {
  test('a selector that picks the pods passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a selector that picks none is found, with both sets of labels', () => {
    const finding = theFinding(check, broken());
    expect(finding.severity).toBe('critical');
    expect(finding.args).toMatchObject({ selector: 'k8s-app=nope', count: 2 });
    expect(finding.remedies).toEqual([
      { id: 'repair-dns-service', params: { namespace: 'kube-system', name: 'kube-dns', selector: { 'k8s-app': 'kube-dns' } } },
    ]);
  });

  test('pods that are not ready are selected all the same', () => {
    const facts = healthyFacts({ 'coredns-pods': corednsPods([corednsPod({ ready: false })]), 'endpoint-slices': endpointSlices([]) });
    expect(judge(check, facts).status).toBe('passed');
  });

  test('a Service that leads to other pods that are ready is left alone', () => {
    expect(judge(check, broken({ 'endpoint-slices': endpointSlices([endpoint(0, { address: '10.0.9.9', pod: 'dns-x' })]) })).status).toBe(
      'passed',
    );
  });

  test('without pods, without a selector, and in Auto Mode there is nothing to judge', () => {
    expect(judge(check, broken({ 'coredns-pods': corednsPods([]) })).status).toBe('not-applicable');
    expect(judge(check, broken({ 'dns-service': dnsService({ selector: {} }) })).status).toBe('not-applicable');
    expect(judge(check, broken({ 'cluster-class': clusterClass({ autoMode: 'all' }) })).status).toBe('not-applicable');
  });
});
