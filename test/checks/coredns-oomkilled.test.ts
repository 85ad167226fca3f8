import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-oomkilled.ts';
import { corednsPod, corednsPods, crashing, healthyFacts, minutesAgo, workload } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const ended = (reason: string, exitCode: number, message = '', minutes = 1) => ({
  reason,
  exitCode,
  startedAt: null,
  finishedAt: minutesAgo(minutes),
  message,
});
const killed = crashing({ last: ended('OOMKilled', 137) });
const once = (minutes: number, restarts: number) =>
  corednsPod({ container: { restarts, startedAt: minutesAgo(minutes), last: ended('OOMKilled', 137, '', minutes) } });

describe('coredns-oomkilled', () => {
  test('passes when nothing was killed', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is critical when all pods are killed again and again', () => {
    const pods = corednsPods([corednsPod(killed), corednsPod(killed, 1)]);
    const finding = theFinding(
      check,
      healthyFacts({ 'coredns-pods': pods, 'coredns-workload': workload({ memoryLimitBytes: 8 * 1_048_576 }) }),
    );
    expect(finding).toMatchObject({ severity: 'critical', args: { limit: '8 MiB', count: 2 }, remedies: [{ id: 'raise-coredns-memory' }] });
  });

  test('knows a container that was killed before it could start', () => {
    const init = crashing({
      reason: 'RunContainerError',
      message: 'container init was OOM-killed (memory limit too low?)',
      last: ended('StartError', 128),
    });
    expect(theFinding(check, healthyFacts({ 'coredns-pods': corednsPods([corednsPod(init), corednsPod({}, 1)]) })).severity).toBe('high');
  });

  test('takes a silent kill under a limit that no CoreDNS fits in for one', () => {
    const silent = crashing({ last: ended('Error', 137) });
    const facts = healthyFacts({
      'coredns-pods': corednsPods([corednsPod(silent), corednsPod({}, 1)]),
      'coredns-workload': workload({ memoryLimitBytes: 8 * 1_048_576 }),
    });
    expect(theFinding(check, facts).severity).toBe('high');
    expect(judge(check, { ...facts, 'coredns-workload': workload() }).status).toBe('passed');
  });

  test('weighs a pod that runs again by how often it was killed, and forgets it after an hour', () => {
    const facts = (minutes: number, restarts: number) =>
      healthyFacts({ 'coredns-pods': corednsPods([once(minutes, restarts), corednsPod({}, 1)]) });
    expect(theFinding(check, facts(20, 4)).severity).toBe('high');
    expect(theFinding(check, facts(20, 1)).severity).toBe('info');
    expect(judge(check, facts(90, 4)).status).toBe('passed');
  });
});
