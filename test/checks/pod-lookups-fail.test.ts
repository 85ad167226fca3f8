import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/pod-lookups-fail.ts';
import { askedAt, clusterIP, healthyFacts, healthyRows, homes, inPod, lookups, lookupsWhere, lost, throughResolver } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const withRows = (...rows: ReturnType<typeof inPod>[]) => healthyFacts({ lookups: lookups([...healthyRows(), ...rows]) });
const dead = [inPod(lost()), inPod({ role: 'fresh', ...lost() })];

describe('pod-lookups-fail', () => {
  test('a pod that nothing was asked in is not judged', () => {
    expect(judge(check, healthyFacts()).status).toBe('not-applicable');
  });

  test('a pod that gets the answers that others get passes', () => {
    expect(judge(check, withRows(inPod())).status).toBe('passed');
  });

  test('silence for the pod alone is found', () => {
    expect(theFinding(check, withRows(...dead))).toMatchObject({
      severity: 'critical',
      variant: 'servers',
      args: { servers: [clusterIP], node: homes[0] },
    });
  });

  test('silence for all on its node is not about the pod', () => {
    const all = lookupsWhere((row) => (row.serverKind === 'cluster-ip' && row.from.node === homes[0] ? lost() : null), dead);
    expect(judge(check, healthyFacts({ lookups: all })).status).toBe('passed');
  });

  test('answers on another node do not tell', () => {
    const rows = healthyRows().filter((row) => row.from.node !== homes[0]);
    expect(judge(check, healthyFacts({ lookups: lookups([...rows, ...dead]) })).status).toBe('unknown');
  });

  test('CoreDNS pods that are closed to it do no harm while its own nameserver answers', () => {
    const closed = inPod({ server: '10.0.1.11', serverKind: 'endpoint', serverPod: 'coredns-a', serverNode: homes[0], ...lost() });
    expect(judge(check, withRows(inPod(), closed)).status).toBe('passed');
  });

  test('a nameserver that only this pod has is another matter', () => {
    expect(judge(check, withRows(inPod(), askedAt('10.0.0.99', lost()))).status).toBe('passed');
  });

  test('where only its resolver could be asked, it must find nothing at all', () => {
    const nothing = [throughResolver('kubernetes.default', 'search', false), throughResolver('amazon.com', 'external', false)];
    expect(theFinding(check, withRows(...nothing)).variant).toBe('resolver');
    expect(
      judge(check, withRows(throughResolver('kubernetes.default', 'search', false), throughResolver('amazon.com', 'external', true)))
        .status,
    ).toBe('passed');
  });
});
