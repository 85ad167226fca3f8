import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-liveness-restarts.ts';
import { corednsPod, corednsPods, corefileWith, crashing, healthyFacts, minutesAgo, without } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const event = {
  kind: 'Pod',
  name: 'coredns-a',
  type: 'Warning',
  reason: 'Unhealthy',
  message: 'Liveness probe failed: Get "http://10.0.1.11:8080/health": connection refused',
  count: 3,
  lastSeen: minutesAgo(2),
};
const ended = (minutes: number) => ({ reason: 'Completed', exitCode: 0, startedAt: null, finishedAt: minutesAgo(minutes), message: '' });
const restarted = (minutes: number) =>
  corednsPods([corednsPod({ container: { restarts: 2, startedAt: minutesAgo(minutes), last: ended(minutes) } }), corednsPod({}, 1)]);
const events = { items: [event] };

describe('coredns-liveness-restarts', () => {
  test('passes when no probe failed', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
    expect(judge(check, healthyFacts({ 'coredns-pods': restarted(10) })).status).toBe('passed');
  });

  test('passes when a probe failed and nothing was restarted for it', () => {
    expect(judge(check, healthyFacts({ 'coredns-events': events })).status).toBe('passed');
  });

  test('is high while it goes on, medium within the hour', () => {
    expect(theFinding(check, healthyFacts({ 'coredns-events': events, 'coredns-pods': restarted(5) })).severity).toBe('high');
    expect(theFinding(check, healthyFacts({ 'coredns-events': events, 'coredns-pods': restarted(40) })).severity).toBe('medium');
  });

  test('names the missing health plugin', () => {
    const pods = corednsPods([corednsPod(crashing({ last: ended(1) })), corednsPod({}, 1)]);
    const facts = healthyFacts({ 'coredns-events': events, 'coredns-pods': pods, corefile: corefileWith(without('health')) });
    expect(theFinding(check, facts)).toMatchObject({ variant: 'no-health', severity: 'high' });
  });

  test('leaves a pod that was out of memory to that check', () => {
    const oom = { ...ended(5), reason: 'OOMKilled', exitCode: 137 };
    const pods = corednsPods([corednsPod({ container: { restarts: 2, startedAt: minutesAgo(5), last: oom } }), corednsPod({}, 1)]);
    expect(judge(check, healthyFacts({ 'coredns-events': events, 'coredns-pods': pods })).status).toBe('passed');
  });
});
