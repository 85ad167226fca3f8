import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/tcp53-blocked.ts';
import { corednsIPs, healthyFacts, homes, lookups, lookupsWhere, lost } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const where = (fits: (row: { proto: string; server: string; from: { node: string }; serverNode: string | null }) => boolean) =>
  lookupsWhere((row) => (row.serverKind === 'endpoint' && fits(row) ? lost() : null));

describe('tcp53-blocked', () => {
  test('both protocols pass', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('TCP that gets through nowhere is found', () => {
    const finding = theFinding(check, healthyFacts({ lookups: where((row) => row.proto === 'tcp') }));
    expect(finding).toMatchObject({ severity: 'high', args: { pods: ['coredns-a', 'coredns-b'], nodes: [...homes] } });
  });

  test('TCP that is blocked between nodes is found', () => {
    expect(judge(check, healthyFacts({ lookups: where((row) => row.proto === 'tcp' && row.serverNode !== row.from.node) })).status).toBe(
      'found',
    );
  });

  test('one pod that refuses TCP to all is another fault', () => {
    expect(judge(check, healthyFacts({ lookups: where((row) => row.proto === 'tcp' && row.server === corednsIPs[0]) })).status).toBe(
      'passed',
    );
  });

  test('silence of UDP and TCP is not about TCP', () => {
    expect(judge(check, healthyFacts({ lookups: where(() => true) })).status).toBe('not-applicable');
    expect(judge(check, healthyFacts({ lookups: lookups([]) })).status).toBe('not-applicable');
  });

  test('the address of the Service does not count: its ports are another matter', () => {
    expect(
      judge(
        check,
        healthyFacts({ lookups: lookupsWhere((row) => (row.serverKind === 'cluster-ip' && row.proto === 'tcp' ? lost() : null)) }),
      ).status,
    ).toBe('passed');
  });
});
