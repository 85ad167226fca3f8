import { describe, expect, test } from '@jest/globals';
import type { AnyCheck } from '../../src/domain/check.ts';
import { checks } from '../../src/checks/registry.ts';
import type { ReadingData } from '../../src/domain/evidence.ts';
import { endpointSlices, factsWithout, healthyFacts, lookupsWhere, lost } from './evidence.ts';
import { healthyClusters, healthyFactsOf } from './healthy-clusters.ts';
import { findingsOf } from './judging.ts';

const alarms = (facts: Parameters<typeof findingsOf>[1]): string[] =>
  checks.flatMap((check) => findingsOf(check, facts)).flatMap(({ code, severity }) => (severity === 'info' ? [] : [`${code} ${severity}`]));

describe('a cluster with nothing wrong', () => {
  test.each(Object.keys(healthyClusters))('raises no alarm: %s', (name) => {
    expect(alarms(healthyFactsOf(name))).toEqual([]);
  });

  test.each(['lookups', 'coredns-logs', 'corefile', 'coredns-metrics', 'coredns-events', 'nodes', 'coredns-workload', 'kubelets'] as const)(
    'raises no alarm where %s could not be read',
    (id) => {
      const facts = factsWithout(id);
      const able = checks.filter((check) => !check.requires.includes(id));
      expect(able.flatMap((check) => findingsOf(check, facts)).filter(({ severity }) => severity !== 'info')).toEqual([]);
    },
  );
});

describe('the table of what explains what', () => {
  test('has no two checks that claim each other', () => {
    const claims = (by: AnyCheck, id: string) => by.explains.includes(id);
    const mutual = checks.flatMap((a) =>
      checks.filter((b) => a.id < b.id && claims(a, b.id) && claims(b, a.id)).map((b) => `${a.id} and ${b.id}`),
    );
    expect(mutual).toEqual([]);
  });

  test('has no check that explains itself', () => {
    expect(checks.filter(({ id, explains }) => explains.includes(id)).map(({ id }) => id)).toEqual([]);
  });
});

describe('a fault of the Service, kube-proxy or the network', () => {
  const ours = /^(coredns|corefile|upstream|vpc|diagnostic)-(?!endpoint-unanswering)/;
  const found = (change: Parameters<typeof lookupsWhere>[0], over: Partial<ReadingData> = {}): string[] =>
    checks
      .filter(({ id }) => ours.test(id))
      .flatMap((check) => findingsOf(check, healthyFacts({ lookups: lookupsWhere(change), ...over })))
      .flatMap(({ code, severity }) => (severity === 'info' ? [] : [`${code} ${severity}`]));
  const half = { answered: 2, rcodes: { NOERROR: 2 }, failure: 'timeout' as const };

  test('is no fault of CoreDNS when the Service does not answer', () => {
    expect(found((row) => (row.serverKind === 'cluster-ip' ? lost('timeout') : null))).toEqual([]);
    expect(found((row) => (row.serverKind === 'cluster-ip' ? lost('refused') : null), { 'endpoint-slices': endpointSlices([]) })).toEqual(
      [],
    );
  });

  test('is no fault of CoreDNS when one node asks in vain', () => {
    expect(found((row) => (row.from.node === 'node-b' && row.serverKind !== 'upstream' ? lost() : null))).toEqual([]);
  });

  test('is no fault of CoreDNS when a pod is not reached, or not from other nodes', () => {
    expect(found((row) => (row.serverPod === 'coredns-b' && row.proto === 'udp' ? lost() : null))).toEqual([]);
    expect(found((row) => (row.serverNode !== null && row.serverNode !== row.from.node ? lost() : null))).toEqual([]);
  });

  test('is no fault of CoreDNS when TCP is blocked, or half of the packets is lost', () => {
    expect(found((row) => (row.proto === 'tcp' ? lost() : null))).toEqual([]);
    expect(found((row) => (row.proto === 'udp' && row.serverKind !== 'upstream' ? half : null))).toEqual([]);
  });

  test('is no fault of CoreDNS when nothing of ours gets through', () => {
    expect(found((row) => (row.serverKind === 'upstream' ? null : lost()))).toEqual([]);
  });
});
