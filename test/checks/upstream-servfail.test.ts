import { describe, expect, test } from '@jest/globals';
import type { LookupRow } from '../../src/domain/lookups.ts';
import check from '../../src/checks/upstream-servfail.ts';
import {
  coded,
  corednsLog,
  corednsLogs,
  corefileWith,
  healthyFacts,
  logClass,
  lookups,
  lookupsWhere,
  row,
  upstreamIP,
  without,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const isOutside = (one: LookupRow) => one.role === 'external' || one.role === 'fresh-external';
const all = lookupsWhere((one) => (isOutside(one) ? coded('SERVFAIL', ['aa', 'qr', 'rd']) : null));
const throughOnly = lookupsWhere((one) => (isOutside(one) && one.serverKind !== 'upstream' ? coded('SERVFAIL') : null));
const timeouts = corednsLogs([corednsLog({ classes: [logClass('upstream-timeout', { count: 9 })] })]);

describe('upstream-servfail', () => {
  test('passes when names of the world are found', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is critical when the upstream says so to us too', () => {
    expect(theFinding(check, healthyFacts({ lookups: all }))).toMatchObject({
      severity: 'critical',
      variant: 'all',
      args: { upstreams: [upstreamIP], names: ['amazon.com.'] },
    });
    expect(theFinding(check, healthyFacts({ lookups: all, 'coredns-logs': timeouts })).severity).toBe('critical');
  });

  test('is silent when the upstream answers us well, or CoreDNS says that it did not answer', () => {
    expect(judge(check, healthyFacts({ lookups: throughOnly })).status).toBe('passed');
    const unasked = lookups(throughOnly.rows.filter((one) => one.serverKind !== 'upstream'));
    expect(theFinding(check, healthyFacts({ lookups: unasked })).severity).toBe('critical');
    expect(judge(check, healthyFacts({ lookups: unasked, 'coredns-logs': timeouts })).status).toBe('passed');
  });

  test('leaves a Corefile without forward to that check', () => {
    expect(judge(check, healthyFacts({ lookups: all, corefile: corefileWith(without('forward')) })).status).toBe('passed');
  });

  test('one name that fails is high when it was asked for, else worth knowing', () => {
    const one = (role: 'asked' | 'external') => lookupsWhere(() => null, [row({ role, name: 'broken.example.', ...coded('SERVFAIL') })]);
    expect(theFinding(check, healthyFacts({ lookups: one('asked') }))).toMatchObject({
      severity: 'high',
      variant: 'one',
      args: { names: ['broken.example.'] },
    });
    expect(theFinding(check, healthyFacts({ lookups: one('external') })).severity).toBe('info');
  });

  test('does not mind a part of a zone that fails while the zone works', () => {
    expect(
      judge(check, healthyFacts({ lookups: lookupsWhere((one) => (one.role === 'fresh-external' ? coded('SERVFAIL') : null)) })).status,
    ).toBe('passed');
  });

  test('cannot tell when nothing was asked', () => {
    expect(judge(check, healthyFacts({ lookups: lookups([]) })).status).toBe('unknown');
  });
});
