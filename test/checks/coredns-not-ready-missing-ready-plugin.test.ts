import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-not-ready-missing-ready-plugin.ts';
import {
  corednsPod,
  corednsPods,
  corefileWith,
  directive,
  healthyFacts,
  minutesAgo,
  withDirectives,
  without,
  workload,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const unready = { ready: false, container: { ready: false, startedAt: minutesAgo(5) } };
const none = corednsPods([corednsPod(unready), corednsPod(unready, 1)]);
const bare = corefileWith(without('ready'), { changedAt: minutesAgo(6) });

describe('coredns-not-ready-missing-ready-plugin', () => {
  test('passes when the plugin is there, though pods are not ready', () => {
    expect(judge(check, healthyFacts({ 'coredns-pods': none })).status).toBe('passed');
  });

  test('is critical when no pod is ready for it', () => {
    const finding = theFinding(check, healthyFacts({ 'coredns-pods': none, corefile: bare }));
    expect(finding).toMatchObject({ severity: 'critical', variant: 'absent', args: { count: 2, port: 8181 } });
  });

  test('is high while an old pod serves', () => {
    const pods = corednsPods([corednsPod(), corednsPod(unready, 1)]);
    expect(theFinding(check, healthyFacts({ 'coredns-pods': pods, corefile: bare })).severity).toBe('high');
  });

  test('warns of an edit that the pods have not loaded yet', () => {
    expect(theFinding(check, healthyFacts({ corefile: bare }))).toMatchObject({ severity: 'high', variant: 'ahead' });
  });

  test('believes pods that became ready after the edit', () => {
    const pods = corednsPods([
      corednsPod({ container: { startedAt: minutesAgo(3) } }),
      corednsPod({ container: { startedAt: minutesAgo(3) } }, 1),
    ]);
    expect(judge(check, healthyFacts({ corefile: bare, 'coredns-pods': pods })).status).toBe('passed');
  });

  test('knows a plugin that listens elsewhere', () => {
    const corefile = corefileWith(withDirectives(directive('ready', [':9191'])));
    expect(theFinding(check, healthyFacts({ corefile, 'coredns-pods': none }))).toMatchObject({ variant: 'port', args: { served: 9191 } });
  });

  test('passes where the probe asks something else', () => {
    const facts = healthyFacts({
      corefile: bare,
      'coredns-pods': none,
      'coredns-workload': workload({ readiness: { path: '/health', port: 8080 } }),
    });
    expect(judge(check, facts).status).toBe('passed');
  });

  test('does not blame a plugin that an import may hold', () => {
    const facts = healthyFacts({ corefile: { ...bare, opaque: ['import custom'] }, 'coredns-pods': none });
    expect(judge(check, facts).status).toBe('passed');
  });
});
