import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/corefile-reload-failed.ts';
import {
  corednsLog,
  corednsLogs,
  corednsPod,
  corednsPods,
  corefile,
  corefileSha,
  crashing,
  healthyFacts,
  logClass,
  minutesAgo,
  workload,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const refused = logClass('reload-failed', {
  lastAt: minutesAgo(9),
  fields: { message: "Unknown directive 'lg'", line: '3', afterReload: 'true' },
});
const logs = (...classes: ReturnType<typeof logClass>[]) =>
  corednsLogs([corednsLog({ classes, runningSha512: 'a'.repeat(128) }), corednsLog({}, 1)]);
const error = { line: 3, message: "Unknown directive 'lg'", kind: 'directive' as const };
const broken = corefile({ error, sha512: null, changedAt: minutesAgo(10) });

describe('corefile-reload-failed', () => {
  test('passes when nothing failed', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is high while the old text serves, and quotes the reason', () => {
    const finding = theFinding(check, healthyFacts({ 'coredns-logs': logs(refused), corefile: broken }));
    expect(finding).toMatchObject({
      severity: 'high',
      variant: 'refused',
      args: { message: "Unknown directive 'lg'", line: '3', pods: ['coredns-a'] },
      remedies: [{ id: 'restore-corefile' }],
    });
  });

  test('forgets it when a good reload followed', () => {
    const good = logClass('running-hash', { lastAt: minutesAgo(5) });
    expect(judge(check, healthyFacts({ 'coredns-logs': logs(refused, good) })).status).toBe('passed');
    const marked = { ...refused, fields: { ...refused.fields, afterReload: 'false' } };
    expect(judge(check, healthyFacts({ 'coredns-logs': logs(marked) })).status).toBe('passed');
  });

  test('forgets it when the pod runs what the ConfigMap has', () => {
    const same = corednsLogs([corednsLog({ classes: [refused], runningSha512: corefileSha })]);
    expect(judge(check, healthyFacts({ 'coredns-logs': same })).status).toBe('passed');
  });

  test('a parse failure counts only while it is being repeated', () => {
    const parse = (minutes: number) => logs(logClass('reload-parse-failed', { lastAt: minutesAgo(minutes) }));
    expect(theFinding(check, healthyFacts({ 'coredns-logs': parse(1) })).severity).toBe('high');
    expect(judge(check, healthyFacts({ 'coredns-logs': parse(20) })).status).toBe('passed');
  });

  test('warns of a broken Corefile before any pod has tried it', () => {
    expect(theFinding(check, healthyFacts({ corefile: broken }))).toMatchObject({ severity: 'high', variant: 'broken', args: { line: 3 } });
  });

  test('believes pods that started with it more than itself', () => {
    const pods = corednsPods([corednsPod({ container: { startedAt: minutesAgo(2) } })]);
    expect(judge(check, healthyFacts({ corefile: broken, 'coredns-pods': pods })).status).toBe('passed');
  });

  test('does not judge directives of a CoreDNS that somebody built', () => {
    expect(judge(check, healthyFacts({ corefile: broken, 'coredns-workload': workload({ image: 'example/dns:1' }) })).status).toBe(
      'passed',
    );
  });

  test('is silent when no pod serves: that is a crash', () => {
    const pods = corednsPods([corednsPod(crashing())]);
    expect(judge(check, healthyFacts({ corefile: broken, 'coredns-pods': pods })).status).toBe('passed');
  });
});
