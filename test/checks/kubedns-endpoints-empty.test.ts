import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubedns-endpoints-empty.ts';
import { clusterClass, endpoint, endpointSlices, healthyFacts, lookupsWhere, lost } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const refused = lookupsWhere((row) => (row.serverKind === 'cluster-ip' ? lost('refused') : null));

describe('kubedns-endpoints-empty', () => {
  test('one ready endpoint is enough', () => {
    expect(judge(check, healthyFacts({ 'endpoint-slices': endpointSlices([endpoint(0), endpoint(1, { ready: false })]) })).status).toBe(
      'passed',
    );
  });

  test('endpoints that are all not ready are as good as none', () => {
    const slices = endpointSlices([endpoint(0, { ready: false }), endpoint(1, { ready: false })]);
    const finding = theFinding(check, healthyFacts({ 'endpoint-slices': slices, lookups: refused }));
    expect(finding).toMatchObject({ severity: 'critical', args: { notReady: 2 } });
    expect(finding.proof).toContainEqual({ reading: 'endpoint-slices', pointer: '/endpoints' });
  });

  test('no slice at all is found, too, and lookups that are still answered are not said to fail', () => {
    expect(theFinding(check, healthyFacts({ 'endpoint-slices': endpointSlices([], { slices: 0, ports: [] }) })).severity).toBe('high');
  });

  test('Auto Mode does not use the Service', () => {
    expect(
      judge(check, healthyFacts({ 'endpoint-slices': endpointSlices([]), 'cluster-class': clusterClass({ autoMode: 'all' }) })).status,
    ).toBe('not-applicable');
  });
});
