import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubeproxy-rules-missing.ts';
import {
  captured,
  corednsIPs,
  dnsService,
  endpoint,
  endpointSlices,
  healthyFacts,
  homes,
  lookups,
  lookupsWhere,
  lost,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const toService = (over: object, node: string = homes[1]) =>
  lookupsWhere((row) => (row.serverKind === 'cluster-ip' && row.from.node === node ? over : null));

describe('kubeproxy-rules-missing', () => {
  test('a Service that is reached passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a node that reaches every pod, but not the Service, is found', () => {
    const finding = theFinding(check, healthyFacts({ lookups: toService(lost()) }));
    expect(finding).toMatchObject({ severity: 'critical', variant: 'missing', subject: { kind: 'Node', name: homes[1] } });
    expect(finding.remedies).toEqual([{ id: 'restart-kube-proxy', params: { node: homes[1] } }]);
  });

  test('rules that send a part to pods that are gone are found', () => {
    expect(theFinding(check, healthyFacts({ lookups: toService({ shots: 40, answered: 20 }) }))).toMatchObject({
      variant: 'stale',
      args: { percent: 50 },
    });
  });

  test('a few lost queries, or a small part, are not rules', () => {
    expect(judge(check, healthyFacts({ lookups: toService({ answered: 3 }) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ lookups: toService({ shots: 40, answered: 36 }) })).status).toBe('passed');
  });

  test('where a pod does not answer either, it is not the rules', () => {
    const both = lookupsWhere((row) =>
      row.from.node === homes[1] && (row.serverKind === 'cluster-ip' || row.server === corednsIPs[0]) ? lost() : null,
    );
    expect(judge(check, healthyFacts({ lookups: both })).status).toBe('passed');
  });

  test.each([
    ['has internalTrafficPolicy Local', { 'dns-service': dnsService({ internalTrafficPolicy: 'Local' }) }],
    ['has no UDP port', { 'dns-service': dnsService({ ports: [{ name: 'dns-tcp', port: 53, targetPort: 53, protocol: 'TCP' }] }) }],
    ['has no ready endpoint', { 'endpoint-slices': endpointSlices([endpoint(0, { ready: false })]) }],
    ['sends to another port', { 'endpoint-slices': endpointSlices(undefined, { ports: [{ name: 'dns', port: 5353, protocol: 'UDP' }] }) }],
    ['leads to other addresses', { 'endpoint-slices': endpointSlices([endpoint(0, { address: '10.0.9.9' })]) }],
  ])('a Service that %s is another fault', (_what, over) => {
    expect(judge(check, healthyFacts({ ...over, lookups: toService(lost()) })).status).toBe('not-applicable');
  });

  test('packets show it where lookups do not, and prove it where they do', () => {
    const capture = captured(({ to }) => ({ lostRequest: to === 'cluster-ip' }));
    const alone = theFinding(check, healthyFacts({ capture }));
    expect(alone).toMatchObject({ severity: 'critical', variant: 'missing', subject: { name: homes[0] } });
    expect(alone.proof.map(({ reading }) => reading)).toEqual(['capture']);
    expect(alone.remedies).toEqual([{ id: 'restart-kube-proxy', params: { node: homes[0] } }]);
    const both = theFinding(check, healthyFacts({ capture, lookups: toService(lost(), homes[0]) }));
    expect(both.proof.map(({ reading }) => reading)).toContain('capture');
    expect(both.proof.map(({ reading }) => reading)).toContain('lookups');
  });

  test('packets show rules that send a part to pods that are gone', () => {
    const capture = captured(({ to, via }) => ({ lostRequest: to === 'cluster-ip' && via === 'a' }));
    expect(theFinding(check, healthyFacts({ capture }))).toMatchObject({ variant: 'stale', args: { percent: 50 } });
  });

  test('what is lost straight to a pod too is not the rules', () => {
    const capture = captured(({ via }) => ({ lostRequest: via === 'b' }));
    expect(judge(check, healthyFacts({ capture })).status).toBe('passed');
  });

  test('without lookups there is nothing to judge', () => {
    expect(judge(check, healthyFacts({ lookups: lookups([]) })).status).toBe('not-applicable');
  });
});
