import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/corefile-max-concurrent.ts';
import { corednsLog, corednsLogs, corednsMetrics, healthyFacts, logClass, minutesAgo, podMetrics } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const logs = (minutes: number) =>
  corednsLogs([
    corednsLog({ classes: [logClass('max-concurrent', { count: 70, lastAt: minutesAgo(minutes), fields: { limit: '1000' } })] }),
  ]);

describe('corefile-max-concurrent', () => {
  test('passes when nothing was refused', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
    expect(judge(check, healthyFacts({ 'coredns-logs': logs(60) })).status).toBe('passed');
  });

  test('is high while queries are refused', () => {
    expect(theFinding(check, healthyFacts({ 'coredns-logs': logs(1) }))).toMatchObject({
      severity: 'high',
      args: { limit: '1000', times: 70, pods: ['coredns-a'] },
    });
  });

  test('refusals of some time are only worth knowing', () => {
    expect(theFinding(check, healthyFacts({ 'coredns-metrics': corednsMetrics([podMetrics({ maxConcurrentRejects: 4 })]) }))).toMatchObject(
      { severity: 'info', variant: 'before' },
    );
  });
});
