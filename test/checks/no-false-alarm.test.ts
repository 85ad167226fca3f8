import { describe, expect, test } from '@jest/globals';
import type { AnyCheck } from '../../src/domain/check.ts';
import { checks } from '../../src/checks/registry.ts';
import { factsWithout } from './evidence.ts';
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
    const mutual = checks.flatMap((a) => checks.filter((b) => a.id < b.id && claims(a, b.id) && claims(b, a.id)).map((b) => `${a.id} and ${b.id}`));
    expect(mutual).toEqual([]);
  });

  test('has no check that explains itself', () => {
    expect(checks.filter(({ id, explains }) => explains.includes(id)).map(({ id }) => id)).toEqual([]);
  });
});
