import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-drops-queries.ts';
import { captured, named, probed, withTcp } from './evidence.ts';
import { findingsOf, judge, theFinding } from './judging.ts';

describe('coredns-drops-queries', () => {
  test('pods that answer pass', () => {
    expect(judge(check, { capture: captured(() => ({})) }).status).toBe('passed');
    expect(
      judge(check, {
        capture: named(
          withTcp(
            probed(() => ({})),
            () => ({}),
          ).report(),
        ),
      }).status,
    ).toBe('passed');
  });

  test('a pod that queries arrive at, and no answer leaves, is named, and can be deleted', () => {
    const finding = theFinding(check, { capture: captured(({ via }) => ({ droppedInPod: via === 'b' })) });
    expect(finding).toMatchObject({
      severity: 'critical',
      variant: 'request',
      subject: { kind: 'Pod', namespace: 'kube-system', name: 'coredns-b' },
      args: { node: 'node-b', dropped: 20, of: 20 },
      remedies: [{ id: 'delete-coredns-pod', params: { pod: 'coredns-b' } }],
    });
    expect(finding.proof).toHaveLength(2);
  });

  test('where all pods drop, none of them may go', () => {
    const findings = findingsOf(check, { capture: captured(() => ({ droppedInPod: true })) });
    expect(findings.map(({ subject, remedies }) => [subject.name, remedies])).toEqual([
      ['coredns-a', []],
      ['coredns-b', []],
    ]);
  });

  test('an answer in the log that was never seen was dropped behind CoreDNS', () => {
    const network = probed(({ via }) => ({ droppedInPod: via === 'b' }));
    const logged = (network.packets['s2'] ?? []).flatMap((packet) =>
      packet.kind !== 'message'
        ? []
        : {
            ...{ point: 's2', client: packet.source, clientPort: packet.sourcePort, id: packet.id },
            ...{ name: packet.name ?? '', type: packet.type ?? '', rcode: 'NXDOMAIN', ms: 1 },
          },
    );
    expect(theFinding(check, { capture: named(network.report({ logged })) })).toMatchObject({
      variant: 'reply',
      subject: { name: 'coredns-b' },
    });
  });

  test('one pod that takes no TCP is found, all of them are another fault', () => {
    const one = named(
      withTcp(
        probed(() => ({})),
        (via) => (via === 'b' ? { blocked: 'pod' } : {}),
      ).report(),
    );
    expect(theFinding(check, { capture: one })).toMatchObject({ variant: 'tcp', subject: { name: 'coredns-b' } });
    const all = named(
      withTcp(
        probed(() => ({})),
        () => ({ blocked: 'pod' }),
      ).report(),
    );
    expect(judge(check, { capture: all }).status).toBe('passed');
  });

  test('a silent upstream is no drop', () => {
    expect(judge(check, { capture: captured(({ via }) => (via === 'b' ? { upstream: 'silent' } : {})) }).status).toBe('passed');
  });
});
