import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/corefile-removed-option.ts';
import {
  corednsPod,
  corednsPods,
  corefileWith,
  crashing,
  directive,
  healthyFacts,
  minutesAgo,
  withDirectives,
  workload,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const error = { line: 9, message: "unknown property 'upstream'", kind: 'option' as const };
const kubernetes = directive('kubernetes', ['cluster.local'], [['pods', 'insecure'], ['upstream']], 7);
const old = corefileWith(withDirectives(kubernetes), { error, changedAt: minutesAgo(10) });

describe('corefile-removed-option', () => {
  test('passes without one', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is high while a pod that started before the edit serves', () => {
    const pods = corednsPods([corednsPod(), corednsPod(crashing(), 1)]);
    const finding = theFinding(check, healthyFacts({ corefile: old, 'coredns-pods': pods }));
    expect(finding).toMatchObject({
      severity: 'high',
      variant: 'now',
      args: { what: 'upstream (in kubernetes)', since: '1.7.0', version: '1.12.4' },
    });
    expect(finding.proof).toEqual([{ reading: 'corefile', pointer: '/servers/0/directives/0/options/1' }]);
  });

  test('is critical when all pods are down', () => {
    const pods = corednsPods([corednsPod(crashing()), corednsPod(crashing(), 1)]);
    expect(theFinding(check, healthyFacts({ corefile: old, 'coredns-pods': pods })).severity).toBe('critical');
  });

  test('knows the plugin proxy', () => {
    const corefile = corefileWith(withDirectives(directive('proxy', ['.', '10.0.0.2'])), { changedAt: minutesAgo(10) });
    expect(theFinding(check, healthyFacts({ corefile })).args).toMatchObject({ what: 'proxy', instead: 'write forward instead of proxy' });
  });

  test('an old CoreDNS that still takes it is only warned of an upgrade', () => {
    const facts = healthyFacts({
      corefile: { ...old, error: null },
      'coredns-workload': workload({ version: '1.6.6' }),
      'coredns-logs': { pods: [], queries: null },
    });
    expect(theFinding(check, facts)).toMatchObject({ severity: 'info', variant: 'later' });
  });

  test('believes pods that all started with it', () => {
    const pods = corednsPods([corednsPod({ container: { startedAt: minutesAgo(3) } })]);
    expect(theFinding(check, healthyFacts({ corefile: old, 'coredns-pods': pods })).severity).toBe('info');
  });
});
