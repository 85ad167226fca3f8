import { describe, expect, test } from '@jest/globals';
import type { LookupRow } from '../../src/domain/lookups.ts';
import check from '../../src/checks/vpc-dns-pps-throttle.ts';
import {
  clusterClass,
  corednsLog,
  corednsLogs,
  corednsMetrics,
  healthyFacts,
  logClass,
  lookupsWhere,
  lost,
  podMetrics,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const logs = (upstream: string, count = 60) =>
  corednsLogs([corednsLog({ classes: [logClass('upstream-timeout', { count, fields: { upstream } })] })]);
const isOutside = (one: LookupRow) => one.role === 'external' || one.role === 'fresh-external';
const partly = lookupsWhere((one) =>
  one.role === 'fresh-external' && one.serverKind !== 'upstream' ? { answered: 3, rcodes: { NXDOMAIN: 3 }, failure: 'timeout' } : null,
);
const metrics = (answered: number) =>
  corednsMetrics([
    podMetrics({
      upstreams: [{ to: '10.0.0.2:53', attempts: 100_000, answered, servfail: 0, meanSeconds: 0.01, healthcheckFailures: 0, tcpShare: 0 }],
    }),
  ]);

describe('vpc-dns-pps-throttle', () => {
  test('passes when nothing is lost', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
    expect(judge(check, healthyFacts({ 'coredns-logs': logs('10.0.0.2:53', 2), lookups: partly })).status).toBe('passed');
    expect(judge(check, healthyFacts({ 'coredns-logs': logs('10.0.0.2:53') })).status).toBe('passed');
  });

  test('is high when a part is lost now', () => {
    expect(theFinding(check, healthyFacts({ 'coredns-logs': logs('10.0.0.2:53'), lookups: partly }))).toMatchObject({
      severity: 'high',
      args: { upstream: ['10.0.0.2:53'], times: 60 },
    });
  });

  test('reads the loss from the metrics', () => {
    const facts = healthyFacts({ 'coredns-logs': logs('169.254.169.253:53'), 'coredns-metrics': metrics(93_000) });
    expect(theFinding(check, facts).args).toMatchObject({ loss: '7.0 % since it started' });
    expect(judge(check, { ...facts, 'coredns-metrics': metrics(99_900) }).status).toBe('passed');
  });

  test('all lost is another fault, and so is an upstream of one’s own', () => {
    const dead = lookupsWhere((one) => (isOutside(one) ? lost() : null));
    expect(judge(check, healthyFacts({ 'coredns-logs': logs('10.0.0.2:53'), lookups: dead })).status).toBe('passed');
    expect(judge(check, healthyFacts({ 'coredns-logs': logs('192.168.7.53:53'), lookups: partly })).status).toBe('passed');
  });

  test('does not apply outside AWS', () => {
    expect(judge(check, healthyFacts({ 'cluster-class': clusterClass({ platform: 'kubeadm' }) })).status).toBe('not-applicable');
  });
});
