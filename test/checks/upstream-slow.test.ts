import { describe, expect, test } from '@jest/globals';
import type { LookupRow } from '../../src/domain/lookups.ts';
import check from '../../src/checks/upstream-slow.ts';
import {
  coded,
  corednsLog,
  corednsLogs,
  corefileWith,
  directive,
  healthyFacts,
  logClass,
  lookupsWhere,
  withDirectives,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const isOutside = (one: LookupRow) => one.role === 'external' || one.role === 'fresh-external';
const taking = (ms: number) => lookupsWhere((one) => (isOutside(one) ? { p50Ms: ms, maxMs: ms * 2 } : null));

describe('upstream-slow', () => {
  test('passes when answers are quick', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
    expect(judge(check, healthyFacts({ lookups: taking(120) })).status).toBe('passed');
  });

  test('is medium from half a second on, high from two', () => {
    expect(theFinding(check, healthyFacts({ lookups: taking(800) }))).toMatchObject({
      severity: 'medium',
      variant: 'slow',
      args: { ms: 800, localMs: 1 },
      remedies: [{ id: 'capture-packets', params: {} }],
    });
    expect(theFinding(check, healthyFacts({ lookups: taking(2400) })).severity).toBe('high');
  });

  test('does not blame the upstream for a place where everything is slow', () => {
    expect(judge(check, healthyFacts({ lookups: lookupsWhere(() => ({ p50Ms: 700, maxMs: 900 })) })).status).toBe('passed');
  });

  test('does not blame an upstream that answers us quickly', () => {
    const through = lookupsWhere((one) => (isOutside(one) && one.serverKind !== 'upstream' ? { p50Ms: 800, maxMs: 900 } : null));
    expect(judge(check, healthyFacts({ lookups: through })).status).toBe('passed');
  });

  test('names the one of two upstreams that is dead', () => {
    const corefile = corefileWith(withDirectives(directive('forward', ['.', '10.0.0.2', '10.0.0.3'])));
    const said = logClass('upstream-timeout', { count: 12, fields: { upstream: '10.0.0.3:53' } });
    const lookups = lookupsWhere((one) => (one.role === 'fresh-external' ? { maxMs: 2004 } : null));
    const facts = healthyFacts({ corefile, lookups, 'coredns-logs': corednsLogs([corednsLog({ classes: [said] })]) });
    expect(theFinding(check, facts)).toMatchObject({ severity: 'medium', variant: 'one-dead', args: { dead: ['10.0.0.3:53'], times: 12 } });
  });

  test('cannot tell when nothing came through', () => {
    expect(judge(check, healthyFacts({ lookups: lookupsWhere((one) => (isOutside(one) ? coded('SERVFAIL') : null)) })).status).toBe(
      'unknown',
    );
  });
});
