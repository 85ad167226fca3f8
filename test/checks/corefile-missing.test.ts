import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/corefile-missing.ts';
import { corednsPod, corednsPods, factsWithout, healthyFacts, minutesAgo, workload } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const gone = factsWithout('corefile');
const mount = (message: string) => ({
  items: [{ kind: 'Pod', name: 'coredns-b', type: 'Warning', reason: 'FailedMount', message, count: 3, lastSeen: minutesAgo(1) }],
});

describe('corefile-missing', () => {
  test('passes when the Corefile was read', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('passes when it merely could not be read', () => {
    expect(judge(check, gone, {}, { corefile: 'forbidden' }).status).toBe('passed');
  });

  test('is high while pods serve, critical when none does', () => {
    expect(theFinding(check, gone, {}, { corefile: 'missing' })).toMatchObject({
      severity: 'high',
      args: { configMap: 'coredns', serving: 2 },
    });
    const facts = { ...gone, 'coredns-pods': corednsPods([corednsPod({ ready: false })]) };
    expect(theFinding(check, facts, {}, { corefile: 'missing' }).severity).toBe('critical');
  });

  test('believes the kubelet that it is not there', () => {
    const facts = {
      ...gone,
      'coredns-events': mount('MountVolume.SetUp failed for volume "config-volume" : configmap "coredns" not found'),
    };
    expect(theFinding(check, facts).proof).toContainEqual({ reading: 'coredns-events', pointer: '/items/0' });
    expect(judge(check, { ...gone, 'coredns-events': mount('configmap "kube-root-ca.crt" not found') }).status).toBe('passed');
  });

  test('does not apply to a CoreDNS without a ConfigMap', () => {
    expect(judge(check, { ...gone, 'coredns-workload': workload({ configMap: null }) }, {}, { corefile: 'missing' }).status).toBe(
      'not-applicable',
    );
  });
});
