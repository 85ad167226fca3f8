import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-single-point.ts';
import { corednsPod, corednsPods, healthyFacts, node, nodes, workload } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const one = { 'coredns-workload': workload({ desired: 1, ready: 1 }), 'coredns-pods': corednsPods([corednsPod()]) };

describe('coredns-single-point', () => {
  test('passes with two', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is medium when one is wanted and two nodes could host it', () => {
    expect(theFinding(check, healthyFacts(one))).toMatchObject({
      severity: 'medium',
      variant: 'default',
      remedies: [{ id: 'scale-coredns' }],
    });
  });

  test('proposes no scaling against an autoscaler', () => {
    const facts = healthyFacts({ ...one, 'coredns-workload': workload({ desired: 1, autoscaler: 'HorizontalPodAutoscaler/coredns' }) });
    expect(theFinding(check, facts)).toMatchObject({ variant: 'autoscaled', remedies: [] });
  });

  test('does not apply with one usable node, or to a DaemonSet', () => {
    expect(judge(check, healthyFacts({ ...one, nodes: nodes([node(), node({ name: 'node-b', ready: false })]) })).status).toBe(
      'not-applicable',
    );
    expect(judge(check, healthyFacts({ ...one, 'coredns-workload': workload({ kind: 'DaemonSet', desired: 1 }) })).status).toBe(
      'not-applicable',
    );
  });

  test('tells when the controller cannot create the others', () => {
    const condition = { type: 'ReplicaFailure', reason: 'FailedCreate', message: 'quota' };
    expect(theFinding(check, healthyFacts({ ...one, 'coredns-workload': workload({ condition }) })).variant).toBe('short');
  });
});
