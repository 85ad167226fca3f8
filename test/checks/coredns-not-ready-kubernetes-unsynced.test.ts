import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-not-ready-kubernetes-unsynced.ts';
import {
  coded,
  corednsLog,
  corednsLogs,
  corednsPod,
  corednsPods,
  corefileWith,
  healthyFacts,
  logClass,
  lookups,
  lookupsWhere,
  minutesAgo,
  without,
} from './evidence.ts';
import { findingsOf, judge, theFinding } from './judging.ts';

const unready = { ready: false, container: { ready: false, startedAt: minutesAgo(5) } };
const pods = corednsPods([corednsPod(unready), corednsPod(unready, 1)]);
const waiting = [
  logClass('not-ready-plugins', { fields: { plugins: 'kubernetes' } }),
  logClass('api-bare', { count: 12, sample: '[ERROR] plugin/kubernetes: Failed to watch' }),
];
const logs = corednsLogs([corednsLog({ classes: waiting }), corednsLog({ classes: waiting }, 1)]);
const servfail = lookupsWhere((row) => (row.role === 'internal' || row.role === 'fresh' ? coded('SERVFAIL', ['aa', 'qr', 'rd']) : null));

describe('coredns-not-ready-kubernetes-unsynced', () => {
  test('passes when the pods are ready, whatever they said at their start', () => {
    expect(judge(check, healthyFacts({ 'coredns-logs': logs })).status).toBe('passed');
  });

  test('is critical when no pod is ready, and names what the log says', () => {
    const finding = theFinding(check, healthyFacts({ 'coredns-pods': pods, 'coredns-logs': logs, lookups: servfail }));
    expect(finding).toMatchObject({ severity: 'critical', args: { count: 2, reason: '[ERROR] plugin/kubernetes: Failed to watch' } });
  });

  test('sees it from the answers alone', () => {
    expect(findingsOf(check, healthyFacts({ 'coredns-pods': pods, lookups: servfail }))).toHaveLength(1);
  });

  test('is silent when the pod knows its Services', () => {
    expect(judge(check, healthyFacts({ 'coredns-pods': pods, 'coredns-logs': logs })).status).toBe('passed');
  });

  test('leaves a missing ready plugin to that check', () => {
    const facts = healthyFacts({
      'coredns-pods': pods,
      'coredns-logs': logs,
      lookups: lookups([]),
      corefile: corefileWith(without('ready')),
    });
    expect(judge(check, facts).status).toBe('passed');
  });
});
