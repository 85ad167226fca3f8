import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-cpu-throttled.ts';
import { corednsLog, corednsLogs, corednsMetrics, healthyFacts, logClass, lookupsWhere, podMetrics, workload } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const limited = workload({ cpuLimitMillis: 100 });
const metrics = corednsMetrics([podMetrics({ cpuThrottledShare: 0.6 }), podMetrics({ cpuThrottledShare: 0.1 }, 1)]);
const late = corednsLogs([corednsLog({ classes: [logClass('health-slow', { count: 6 })] })]);

describe('coredns-cpu-throttled', () => {
  test('passes without a limit and without complaints', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is medium when periods are throttled, high when health is late too', () => {
    const facts = healthyFacts({ 'coredns-workload': limited, 'coredns-metrics': metrics });
    expect(theFinding(check, facts)).toMatchObject({ severity: 'medium', args: { share: '60 %', pods: ['coredns-a'], limit: 100 } });
    expect(theFinding(check, { ...facts, 'coredns-logs': late }).severity).toBe('high');
  });

  test('a late health check without a limit is only worth knowing', () => {
    expect(theFinding(check, healthyFacts({ 'coredns-logs': late }))).toMatchObject({
      severity: 'info',
      variant: 'slow',
      args: { times: 6 },
    });
  });

  describe('a pod that is slow at names that it knows itself', () => {
    const slowly = (p50Ms: number) =>
      lookupsWhere((one) => (one.serverKind === 'endpoint' && one.serverPod === 'coredns-a' ? { ...one, p50Ms, maxMs: p50Ms } : null));

    test('is high when a CPU limit is set', () => {
      const facts = healthyFacts({ 'coredns-workload': limited, lookups: slowly(180) });
      expect(theFinding(check, facts)).toMatchObject({
        severity: 'high',
        variant: 'latency',
        args: { ms: 180, limit: 100, pods: ['coredns-a'] },
      });
    });

    test('passes without a limit, and below a tenth of a second', () => {
      expect(judge(check, healthyFacts({ lookups: slowly(180) })).status).toBe('passed');
      expect(judge(check, healthyFacts({ 'coredns-workload': limited, lookups: slowly(60) })).status).toBe('passed');
    });
  });
});
