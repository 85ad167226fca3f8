import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/dns-packet-loss.ts';
import { corednsIPs, healthyFacts, lookups, lookupsWhere, lost } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

/** Every UDP path to CoreDNS pods was asked that often, and answered that often. */
const asked = (shots: number, answered: number) =>
  lookupsWhere((row) => (row.serverKind === 'endpoint' && row.proto === 'udp' ? { shots, answered } : null));

describe('dns-packet-loss', () => {
  test('a network that loses nothing passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('half of the queries lost is found', () => {
    expect(theFinding(check, healthyFacts({ lookups: asked(10, 5) }))).toMatchObject({
      severity: 'critical',
      args: { percent: 50, shots: 80, lost: 40 },
    });
  });

  test('a tenth is bad, but most lookups work', () => {
    expect(theFinding(check, healthyFacts({ lookups: asked(20, 18) }))).toMatchObject({ severity: 'high', args: { percent: 10 } });
  });

  test('one lost packet is noise, and few shots tell nothing', () => {
    const once = lookupsWhere((row) =>
      row.server === corednsIPs[0] && row.proto === 'udp' && row.role === 'internal' ? { answered: 4 } : null,
    );
    expect(judge(check, healthyFacts({ lookups: once })).status).toBe('passed');
    expect(judge(check, healthyFacts({ lookups: asked(3, 2) })).status).toBe('passed');
  });

  test('a path that is dead, and TCP, are other faults', () => {
    const dead = lookupsWhere((row) => (row.server === corednsIPs[0] ? lost() : null));
    expect(judge(check, healthyFacts({ lookups: dead })).status).toBe('passed');
    const tcp = lookupsWhere((row) => (row.serverKind === 'endpoint' && row.proto === 'tcp' ? { shots: 20, answered: 10 } : null));
    expect(judge(check, healthyFacts({ lookups: tcp })).status).toBe('passed');
  });

  test('without a lookup at their addresses there is nothing to judge', () => {
    expect(judge(check, healthyFacts({ lookups: lookups([]) })).status).toBe('not-applicable');
  });
});
