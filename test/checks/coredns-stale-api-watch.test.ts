import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-stale-api-watch.ts';
import { coded, corednsLog, corednsLogs, healthyFacts, logClass, lookupsWhere, minutesAgo, row } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const failing = (minutes: number, count: number) =>
  corednsLogs([
    corednsLog({
      classes: [
        logClass('api-timeout', { count, lastAt: minutesAgo(minutes), fields: { reason: 'dial tcp 10.100.0.1:443: i/o timeout' } }),
      ],
    }),
  ]);
const at = (server: string, serverPod: string, over: Parameters<typeof row>[0]) =>
  row({ server, serverPod, serverKind: 'endpoint', role: 'asked', name: 'new.shop.svc.cluster.local.', ...over });
const split = lookupsWhere(
  () => null,
  [at('10.0.1.11', 'coredns-a', { answers: ['10.100.7.7'] }), at('10.0.2.12', 'coredns-b', coded('NXDOMAIN'))],
);

describe('coredns-stale-api-watch', () => {
  test('passes when the log is quiet', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is high while a ready pod goes on failing', () => {
    expect(theFinding(check, healthyFacts({ 'coredns-logs': failing(1, 30) }))).toMatchObject({
      severity: 'high',
      args: { pods: ['coredns-a'], reason: 'dial tcp 10.100.0.1:443: i/o timeout' },
    });
  });

  test('does not mind a moment, or errors of long ago', () => {
    expect(judge(check, healthyFacts({ 'coredns-logs': failing(1, 4) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ 'coredns-logs': failing(30, 90) })).status).toBe('passed');
  });

  test('is medium when pods contradict each other', () => {
    expect(theFinding(check, healthyFacts({ lookups: split }))).toMatchObject({
      severity: 'medium',
      variant: 'differs',
      args: { pods: ['coredns-b'], lookup: 'new.shop.svc.cluster.local.' },
    });
  });

  test('one pod is replaced alone, several one after the other', () => {
    const ids = (facts: Parameters<typeof theFinding>[1]) => theFinding(check, facts).remedies;
    const [log] = failing(1, 30).pods;
    const both = corednsLogs([log!, { ...log!, pod: 'coredns-b' }]);
    expect(ids(healthyFacts({ 'coredns-logs': failing(1, 30) }))).toEqual([{ id: 'delete-coredns-pod', params: { pod: 'coredns-a' } }]);
    expect(ids(healthyFacts({ 'coredns-logs': both }))).toEqual([{ id: 'restart-coredns', params: {} }]);
    expect(ids(healthyFacts({ lookups: split }))).toEqual([{ id: 'delete-coredns-pod', params: { pod: 'coredns-b' } }]);
  });
});
