import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/tcp53-blocked.ts';
import { captured, corednsIPs, healthyFacts, homes, lookups, lookupsWhere, lost, named, probed, withTcp } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const where = (fits: (row: { proto: string; server: string; from: { node: string }; serverNode: string | null }) => boolean) =>
  lookupsWhere((row) => (row.serverKind === 'endpoint' && fits(row) ? lost() : null));

const tcp = (happens: Parameters<typeof withTcp>[1]) =>
  named(
    withTcp(
      probed(() => ({})),
      happens,
    ).report(),
  );

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

  test('a capture is offered, and says where TCP stops', () => {
    const blocked = { lookups: where((row) => row.proto === 'tcp') };
    expect(theFinding(check, healthyFacts(blocked)).remedies).toEqual([{ id: 'capture-packets', params: {} }]);
    const capture = tcp(() => ({ blocked: 'network' }));
    const finding = theFinding(check, healthyFacts({ ...blocked, capture }));
    expect(finding).toMatchObject({
      variant: 'captured',
      args: { pods: ['coredns-a', 'coredns-b'], where: expect.stringContaining('do not arrive') },
    });
    expect(finding.remedies).toEqual([]);
    expect(finding.proof.map(({ reading }) => reading)).toEqual(['lookups', 'lookups', 'lookups', 'lookups', 'capture', 'capture']);
  });

  test.each([
    ['pod', 'not accepted'],
    ['reset', 'refused'],
  ] as const)('packets alone tell it, where lookups do not (%s)', (blocked, said) => {
    const finding = theFinding(check, healthyFacts({ capture: tcp(() => ({ blocked })) }));
    expect(finding.args).toEqual({
      pods: ['kube-system/coredns-a', 'kube-system/coredns-b'],
      nodes: ['probe pod on node-a'],
      where: expect.stringContaining(said),
    });
  });

  test('packets of one pod that refuses TCP, or of a Service without it, are other faults', () => {
    const capture = tcp((via) => (via === 'b' ? { blocked: 'pod' } : {}));
    const onlyService = {
      ...captured(() => ({})),
      ways: tcp(() => ({ blocked: 'network' })).ways.filter(({ kind }) => kind === 'cluster-ip'),
    };
    expect([capture, onlyService].map((one) => judge(check, healthyFacts({ capture: one })).status)).toEqual(['passed', 'passed']);
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
