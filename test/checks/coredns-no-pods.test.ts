import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-no-pods.ts';
import { clusterClass, corednsPod, corednsPods, endpointSlices, factsWithout, healthyFacts, lookups, workload } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const none = { 'coredns-pods': corednsPods([]), 'endpoint-slices': endpointSlices([]), lookups: lookups([]) };

describe('coredns-no-pods', () => {
  test('passes when pods exist', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a workload scaled to 0 is critical and can be scaled back', () => {
    const finding = theFinding(check, healthyFacts({ ...none, 'coredns-workload': workload({ desired: 0, ready: 0 }) }));
    expect(finding).toMatchObject({
      severity: 'critical',
      variant: 'scaled',
      subject: { kind: 'Deployment', name: 'coredns' },
      remedies: [{ id: 'scale-coredns' }],
    });
  });

  test('pods that are wanted but refused are told with the reason of the controller', () => {
    const condition = { type: 'ReplicaFailure', reason: 'FailedCreate', message: 'exceeded quota: pods' };
    const finding = theFinding(check, healthyFacts({ ...none, 'coredns-workload': workload({ condition }) }));
    expect(finding).toMatchObject({ variant: 'refused', args: { message: 'exceeded quota: pods', desired: 2 } });
  });

  test('pods that are only on their way out are none', () => {
    const finding = theFinding(
      check,
      healthyFacts({
        ...none,
        'coredns-pods': corednsPods([corednsPod({ terminating: true })]),
        'coredns-workload': workload({ desired: 0 }),
      }),
    );
    expect(finding.severity).toBe('critical');
  });

  test('a deleted workload is found', () => {
    const finding = theFinding(check, { ...factsWithout('coredns-workload'), ...none }, {}, { 'coredns-workload': 'missing' });
    expect(finding).toMatchObject({ severity: 'critical', variant: 'missing', subject: { kind: 'Namespace', name: 'kube-system' } });
  });

  test('says nothing of a workload that it may not read', () => {
    expect(judge(check, { ...factsWithout('coredns-workload'), ...none }, {}, { 'coredns-workload': 'forbidden' }).status).toBe('unknown');
  });

  test('does not apply to EKS Auto Mode', () => {
    const facts = { ...factsWithout('coredns-workload'), ...none, 'cluster-class': clusterClass({ autoMode: 'all' }) };
    expect(judge(check, facts).status).toBe('not-applicable');
  });

  test('cannot tell where something else answers DNS', () => {
    expect(judge(check, { ...factsWithout('coredns-workload'), 'coredns-pods': corednsPods([]) }).status).toBe('unknown');
  });
});
