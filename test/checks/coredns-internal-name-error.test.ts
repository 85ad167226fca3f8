import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-internal-name-error.ts';
import {
  coded,
  corednsPod,
  corednsPods,
  corefileWith,
  directive,
  healthyFacts,
  lookups,
  lookupsWhere,
  lost,
  withDirectives,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const wrong = (rcode: string, only?: string) =>
  lookupsWhere((row) => (row.role === 'internal' && (only === undefined || row.server === only) ? coded(rcode) : null));

describe('coredns-internal-name-error', () => {
  test('passes when kubernetes.default is known', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is critical when it is unknown everywhere, high at one pod', () => {
    expect(theFinding(check, healthyFacts({ lookups: wrong('NXDOMAIN') }))).toMatchObject({
      severity: 'critical',
      args: { rcodes: ['NXDOMAIN'] },
    });
    expect(theFinding(check, healthyFacts({ lookups: wrong('SERVFAIL', '10.0.1.11') }))).toMatchObject({
      severity: 'high',
      args: { servers: ['coredns-a'] },
    });
  });

  test('does not count pods that do not serve', () => {
    const pods = corednsPods([corednsPod({ ready: false }), corednsPod({}, 1)]);
    expect(judge(check, healthyFacts({ lookups: wrong('SERVFAIL', '10.0.1.11'), 'coredns-pods': pods })).status).toBe('passed');
  });

  test('cannot tell when nothing was answered', () => {
    expect(judge(check, healthyFacts({ lookups: lookupsWhere(() => lost()) })).status).toBe('unknown');
    expect(judge(check, healthyFacts({ lookups: lookups([]) })).status).toBe('unknown');
  });

  test('a filter of the plugin that hides the Service is named', () => {
    const corefile = corefileWith(withDirectives(directive('kubernetes', ['cluster.local'], [['namespaces', 'shop']])));
    expect(theFinding(check, healthyFacts({ lookups: wrong('NXDOMAIN'), corefile }))).toMatchObject({
      severity: 'critical',
      variant: 'filtered',
      args: { filters: ['namespaces'] },
    });
  });
});
