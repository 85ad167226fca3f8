import { describe, expect, test } from '@jest/globals';
import { checks } from '../../src/checks/registry.ts';
import type { Evidence, ReadingData } from '../../src/domain/evidence.ts';
import type { LookupRow } from '../../src/domain/lookups.ts';
import { explain, judgeAll } from '../../src/flows/judge.ts';
import { verdictOf } from '../../src/flows/verdict.ts';
import {
  coded,
  corednsLog,
  corednsLogs,
  corednsPod,
  corednsPods,
  corefileWith,
  crashing,
  directive,
  endpoint,
  endpointSlices,
  healthyFacts,
  logClass,
} from './evidence.ts';
import {
  lookups,
  lookupsWhere,
  lost,
  minutesAgo,
  now,
  type PodParts,
  rbac,
  rbacSubject,
  row,
  withDirectives,
  without,
  workload,
} from './evidence.ts';

const isOutside = (one: LookupRow) => one.role === 'external' || one.role === 'fresh-external';
/** No pod answers, and kube-proxy refuses what goes to the Service. */
const dark = lookups([row(lost('refused')), row({ ...lost('refused'), role: 'external' }), row({ ...lost('refused'), proto: 'tcp' })]);
const unreadySlices = endpointSlices([endpoint(0, { ready: false, serving: false }), endpoint(1, { ready: false, serving: false })]);
const both = (parts: PodParts, line?: ReturnType<typeof logClass>[]): Partial<ReadingData> => ({
  'coredns-pods': corednsPods([corednsPod(parts), corednsPod(parts, 1)]),
  'coredns-workload': workload({ ready: 0 }),
  'endpoint-slices': unreadySlices,
  lookups: dark,
  ...(line === undefined
    ? {}
    : { 'coredns-logs': corednsLogs([corednsLog({ previous: line, classes: line }), corednsLog({ previous: line, classes: line }, 1)]) }),
});
const young = minutesAgo(2);
const unready: PodParts = { ready: false, createdAt: minutesAgo(5), container: { ready: false, startedAt: minutesAgo(5) } };
const unknownDirective = { line: 3, message: "Unknown directive 'lg'", kind: 'directive' as const };
const unknownOption = { line: 9, message: "unknown property 'upstream'", kind: 'option' as const };
const started = (fields: Record<string, string>) => [logClass('corefile-error', { fields })];
const refusedReload = (fields: Record<string, string>) => logClass('reload-failed', { fields: { ...fields, afterReload: 'true' } });
const throughCoredns = (over: Partial<LookupRow>, direct: Partial<LookupRow> | null) =>
  lookupsWhere((one) => (isOutside(one) ? (one.serverKind === 'upstream' ? direct : over) : null));
const unsynced = [
  logClass('not-ready-plugins', { fields: { plugins: 'kubernetes' } }),
  logClass('api-bare', { count: 40 }),
  logClass('api-unsynced'),
];
const missing = ['list', 'watch'].map((verb) => ({ group: 'discovery.k8s.io', resource: 'endpointslices', verb }));
const unservedEndpoints = (over: Partial<LookupRow>) =>
  lookups([...dark.rows, row({ server: '10.0.1.11', serverKind: 'endpoint', serverPod: 'coredns-a', serverNode: 'node-a', ...over })]);

interface Fault {
  facts: Partial<ReadingData>;
  causes: string[];
  status: string;
}

/** What the readings show of a fault, as the test cluster makes it, and what must be said of it. */
const faults: Readonly<Record<string, Fault>> = {
  'the Deployment is scaled to 0': {
    facts: {
      'coredns-pods': corednsPods([]),
      'coredns-workload': workload({ desired: 0, ready: 0 }),
      'endpoint-slices': endpointSlices([]),
      lookups: dark,
    },
    causes: ['coredns-no-pods'],
    status: 'broken',
  },
  'no node fits': {
    facts: both({
      ready: false,
      phase: 'Pending',
      node: null,
      ip: null,
      unschedulable: 'no node matches',
      container: { state: 'unknown', ready: false, startedAt: null },
    }),
    causes: ['coredns-pending-unschedulable'],
    status: 'broken',
  },
  'the Corefile has an unknown directive and all pods crash': {
    facts: {
      ...both(crashing(), started({ message: "Unknown directive 'lg'", line: '3' })),
      corefile: corefileWith(withDirectives(directive('lg')), { error: unknownDirective, changedAt: young }),
    },
    causes: ['coredns-crashloop-corefile-error'],
    status: 'broken',
  },
  'the Corefile has an unknown directive and the pods run on': {
    facts: {
      corefile: corefileWith(withDirectives(directive('lg')), { error: unknownDirective, changedAt: young }),
      'coredns-logs': corednsLogs([
        corednsLog({ classes: [refusedReload({ message: "Unknown directive 'lg'", line: '3' })] }),
        corednsLog({ classes: [refusedReload({ message: "Unknown directive 'lg'" })] }, 1),
      ]),
    },
    causes: ['corefile-reload-failed'],
    status: 'degraded',
  },
  'an option of old versions: one pod crashes, the other serves': {
    facts: {
      corefile: corefileWith(
        withDirectives(directive('kubernetes', ['cluster.local', 'in-addr.arpa'], [['pods', 'insecure'], ['upstream']])),
        { error: unknownOption, changedAt: young },
      ),
      'coredns-pods': corednsPods([corednsPod(), corednsPod(crashing(), 1)]),
      'coredns-workload': workload({ ready: 1 }),
      'endpoint-slices': endpointSlices([endpoint(0), endpoint(1, { ready: false, serving: false })]),
      'coredns-logs': corednsLogs([
        corednsLog({ classes: [refusedReload({ message: "unknown property 'upstream'", line: '9' })] }),
        corednsLog({ previous: started({ message: "unknown property 'upstream'", line: '9' }) }, 1),
      ]),
      lookups: lookupsWhere((one) => (one.serverPod === 'coredns-b' ? lost('refused') : null)),
    },
    causes: ['corefile-removed-option'],
    status: 'degraded',
  },
  'CoreDNS forwards to itself': {
    facts: {
      ...both(crashing(), [logClass('loop', { fields: { zone: '.' } })]),
      corefile: corefileWith(withDirectives(directive('forward', ['.', '127.0.0.1']))),
    },
    causes: ['coredns-crashloop-loop'],
    status: 'broken',
  },
  'an upstream where packets vanish': {
    facts: { corefile: corefileWith(withDirectives(directive('forward', ['.', '192.0.2.1']))), lookups: throughCoredns(lost(), lost()) },
    causes: ['corefile-forward-unreachable'],
    status: 'broken',
  },
  'an upstream where nothing listens': {
    facts: {
      corefile: corefileWith(withDirectives(directive('forward', ['.', '172.30.0.1:5399']))),
      lookups: throughCoredns(coded('SERVFAIL', ['qr', 'rd']), lost('refused')),
      'coredns-logs': corednsLogs([
        corednsLog({
          classes: [logClass('upstream-refused', { count: 40, fields: { upstream: '172.30.0.1:5399', name: 'amazon.com.' } })],
        }),
      ]),
    },
    causes: ['corefile-forward-unreachable'],
    status: 'broken',
  },
  'an upstream that answers SERVFAIL': {
    facts: { lookups: throughCoredns(coded('SERVFAIL', ['aa', 'qr', 'rd']), coded('SERVFAIL', ['aa', 'qr', 'rd'])) },
    causes: ['upstream-servfail'],
    status: 'broken',
  },
  'no forward': {
    facts: {
      corefile: corefileWith(without('forward')),
      lookups: lookups(throughCoredns(coded('SERVFAIL', ['qr', 'rd']), null).rows.filter((one) => one.serverKind !== 'upstream')),
      'coredns-logs': corednsLogs([corednsLog({ classes: [logClass('no-next-plugin', { count: 12 })] })]),
    },
    causes: ['corefile-no-forward'],
    status: 'broken',
  },
  'another zone': {
    facts: {
      corefile: corefileWith(withDirectives(directive('kubernetes', ['cluster.example', 'in-addr.arpa', 'ip6.arpa']))),
      lookups: lookupsWhere((one) => (one.role === 'internal' || one.role === 'fresh' ? coded('NXDOMAIN', ['aa', 'qr', 'rd']) : null)),
    },
    causes: ['corefile-kubernetes-zone-mismatch'],
    status: 'broken',
  },
  'hosts pins a name of the world': {
    facts: {
      corefile: corefileWith(withDirectives(directive('hosts', [], [['10.9.9.9', 'amazon.com'], ['fallthrough']]))),
      lookups: lookupsWhere((one) =>
        one.role === 'external' && one.serverKind !== 'upstream' ? { answers: ['10.9.9.9'], flags: ['aa', 'qr', 'rd'] } : null,
      ),
    },
    causes: ['corefile-hosts-or-rewrite-override'],
    status: 'degraded',
  },
  'every query is logged': {
    facts: { corefile: corefileWith(withDirectives(directive('log'))) },
    causes: ['diagnostic-log-left-on'],
    status: 'degraded',
  },
  'the ready plugin is gone': {
    facts: {
      ...both(unready, [logClass('api-waiting', { lastAt: minutesAgo(5) })]),
      corefile: corefileWith(without('ready'), { changedAt: minutesAgo(6) }),
      lookups: unservedEndpoints({}),
    },
    causes: ['coredns-not-ready-missing-ready-plugin'],
    status: 'broken',
  },
  'CoreDNS may not list EndpointSlices': {
    facts: {
      ...both(unready, unsynced),
      rbac: rbac([rbacSubject('coredns', { missing }), rbacSubject('kube-proxy')]),
      lookups: unservedEndpoints(coded('SERVFAIL', ['aa', 'qr', 'rd'])),
    },
    causes: ['coredns-rbac-missing'],
    status: 'broken',
  },
  'a memory limit that no CoreDNS fits in': {
    facts: both(crashing({ last: { reason: 'OOMKilled', exitCode: 137, startedAt: null, finishedAt: minutesAgo(1), message: '' } })),
    causes: ['coredns-oomkilled'],
    status: 'broken',
  },
  'both pods on one node': {
    facts: { 'coredns-pods': corednsPods([corednsPod(), { ...corednsPod({}, 1), node: 'node-a' }]) },
    causes: ['coredns-colocated'],
    status: 'degraded',
  },
  'one replica': {
    facts: {
      'coredns-workload': workload({ desired: 1, ready: 1 }),
      'coredns-pods': corednsPods([corednsPod()]),
      'endpoint-slices': endpointSlices([endpoint(0)]),
    },
    causes: ['coredns-single-point'],
    status: 'degraded',
  },
  'hosts pins a name, and CoreDNS may not list EndpointSlices': {
    facts: {
      corefile: corefileWith(withDirectives(directive('hosts', [], [['10.9.9.9', 'amazon.com'], ['fallthrough']]))),
      lookups: lookupsWhere((one) =>
        one.role === 'external' && one.serverKind !== 'upstream' ? { answers: ['10.9.9.9'], flags: ['aa', 'qr', 'rd'] } : null,
      ),
      rbac: rbac([rbacSubject('coredns', { missing }), rbacSubject('kube-proxy')]),
    },
    causes: ['coredns-rbac-missing', 'corefile-hosts-or-rewrite-override'],
    status: 'degraded',
  },
};

function verdictFor(facts: Partial<ReadingData>): { status: string; causes: string[] } {
  const { pod: _unnamed, ...all } = healthyFacts(facts);
  const evidence: Evidence = Object.fromEntries(Object.entries(all).map(([id, data]) => [id, { id, status: 'ok', data, durationMs: 1 }]));
  const results = judgeAll(checks, evidence, { now, request: { pod: null, node: null, names: [], quick: false } });
  const broken = results.filter(({ judgement }) => judgement.status === 'unknown' && judgement.reason.startsWith('this check failed'));
  expect(broken.map(({ check, judgement }) => [check.id, judgement])).toEqual([]);
  const { status, causes } = verdictOf(explain(results), evidence, results);
  return { status, causes };
}

describe('a fault of the test cluster is told by its cause alone', () => {
  test('nothing is wrong with a healthy one', () => {
    expect(verdictFor({})).toEqual({ status: 'healthy', causes: [] });
  });

  test.each(Object.entries(faults))('%s', (_, { facts, causes, status }) => {
    expect(verdictFor(facts)).toEqual({ status, causes });
  });
});
