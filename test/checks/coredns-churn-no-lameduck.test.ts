import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-churn-no-lameduck.ts';
import {
  corednsPod,
  corednsPods,
  corefileWith,
  directive,
  healthyFacts,
  lookupsWhere,
  minutesAgo,
  withDirectives,
  without,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const corefile = corefileWith(withDirectives(directive('health')));
const young = corednsPods([corednsPod({ createdAt: minutesAgo(2) }), corednsPod({}, 1)]);
const lossy = lookupsWhere((row) =>
  row.serverKind === 'cluster-ip' && row.role === 'internal' ? { answered: 2, rcodes: { NOERROR: 2 }, failure: 'timeout' } : null,
);

describe('coredns-churn-no-lameduck', () => {
  test('passes with lameduck, and does not apply without health', () => {
    expect(judge(check, healthyFacts({ 'coredns-pods': young, lookups: lossy })).status).toBe('passed');
    expect(judge(check, healthyFacts({ corefile: corefileWith(without('health')) })).status).toBe('not-applicable');
  });

  test('is only worth knowing while nothing is lost', () => {
    expect(theFinding(check, healthyFacts({ corefile })).severity).toBe('info');
    expect(theFinding(check, healthyFacts({ corefile, 'coredns-pods': young })).severity).toBe('info');
  });

  test('is medium when pods are being replaced and lookups are lost', () => {
    expect(theFinding(check, healthyFacts({ corefile, 'coredns-pods': young, lookups: lossy }))).toMatchObject({
      severity: 'medium',
      variant: 'losing',
    });
  });
});
