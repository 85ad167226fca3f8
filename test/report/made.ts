import type { Report, ReportFinding } from '../../src/domain/report.ts';
import type { ReadingData } from '../../src/domain/evidence.ts';
import type { Readings } from '../../src/report/terminal/proof.ts';
import { type Collected, healthyFacts, logClass, lookupsWhere, lost, now } from '../checks/evidence.ts';
import { corednsLog, corednsLogs } from '../checks/evidence/logs.ts';
import { corefileWith, directive, directives } from '../checks/evidence/corefile.ts';

/** A report on the cluster of the checks' tests; tests override what they are about. */
export const report = (over: Partial<Report> = {}): Report => ({
  schema: 'dns-medic/report/v1',
  run: {
    id: '0a1b2c3d4e',
    cluster: 'cluster-a',
    startedAt: new Date(now).toISOString(),
    durationMs: 5321,
    request: { cluster: 'cluster-a' },
  },
  verdict: { status: 'healthy', cause: null, causes: [], sentence: 'DNS is healthy: every lookup was answered, and no fault was found' },
  findings: [],
  checks: [
    { id: 'coredns-no-pods', status: 'passed', reason: null },
    { id: 'corefile-reload-failed', status: 'passed', reason: null },
    { id: 'netpol-egress-denies-dns', status: 'not-applicable', reason: 'no pod was named' },
  ],
  readings: [],
  cost: { apiRequests: 38, bytes: 412_345 },
  ...over,
});

export const finding = (over: Partial<ReportFinding> = {}): ReportFinding => ({
  code: 'corefile-forward-unreachable',
  severity: 'critical',
  subject: { kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns' },
  args: {},
  proof: [],
  remedies: [],
  explainedBy: null,
  title: 'CoreDNS forwards to 192.0.2.1, which does not answer',
  next: [],
  ...over,
});

/** Readings as a bundle holds them. */
export const readings = (facts: Partial<ReadingData> = healthyFacts()): Readings =>
  Object.fromEntries(Object.entries(facts).map(([id, data]) => [id, { status: 'ok' as const, data }]));

/** The facts of a cluster whose CoreDNS forwards to a server that does not answer. */
export const deadForward = (): Collected =>
  healthyFacts({
    corefile: corefileWith(
      directives().map((one) =>
        one.name === 'forward' ? directive('forward', ['.', '192.0.2.1'], [['max_concurrent', '1000']], 12) : one,
      ),
    ),
    'coredns-logs': corednsLogs([
      corednsLog({
        classes: [
          logClass('upstream-timeout', {
            count: 42,
            sample: '[ERROR] plugin/errors: 2 amazon.com. A: read udp 10.0.1.11:60905->192.0.2.1:53: i/o timeout',
          }),
        ],
      }),
      corednsLog({}, 1),
    ]),
    lookups: lookupsWhere((row) => (row.role === 'external' || row.role === 'fresh-external' ? lost('timeout') : null)),
  });
