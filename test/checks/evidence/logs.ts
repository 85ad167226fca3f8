import type { CorednsLogs, CorednsMetrics, LogClass } from '../../../src/domain/coredns.ts';
import { minutesAgo, upstreamIP, homes } from './base.ts';
import { corefileSha } from './corefile.ts';

export const logClass = (name: string, over: Partial<LogClass> = {}): LogClass => ({
  class: name,
  count: 1,
  lastAt: minutesAgo(1),
  fields: {},
  sample: `a line of class ${name}`,
  ...over,
});

type CorednsLog = CorednsLogs['pods'][number];

/** The log of a CoreDNS pod that has nothing to say. */
export const corednsLog = (over: Partial<CorednsLog> = {}, index: 0 | 1 = 0): CorednsLog => ({
  pod: `coredns-${'ab'[index] ?? ''}`,
  node: homes[index],
  classes: [],
  previous: [],
  lines: 8,
  truncated: false,
  unreadable: null,
  runningSha512: corefileSha,
  version: '1.12.4',
  ...over,
});

export const corednsLogs = (pods: CorednsLog[] = [corednsLog(), corednsLog({}, 1)], over: Partial<CorednsLogs> = {}): CorednsLogs => ({
  pods,
  queries: null,
  ...over,
});

type PodMetrics = CorednsMetrics['pods'][number];

export const podMetrics = (over: Partial<PodMetrics> = {}, index: 0 | 1 = 0): PodMetrics => ({
  pod: `coredns-${'ab'[index] ?? ''}`,
  node: homes[index],
  unreadable: null,
  reloadFailed: 0,
  reloadHash: null,
  panics: 0,
  maxConcurrentRejects: 0,
  apiForbidden: 0,
  apiErrors: 0,
  apiRequests: 120,
  rcodes: { NOERROR: 900, NXDOMAIN: 300 },
  healthSlowShare: 0,
  upstreams: [
    { to: `${upstreamIP}:53`, attempts: 400, answered: 400, servfail: 0, meanSeconds: 0.002, healthcheckFailures: 0, tcpShare: 0 },
  ],
  cpuThrottledShare: null,
  residentBytes: 40 * 1024 * 1024,
  ...over,
});

export const corednsMetrics = (pods: PodMetrics[] = [podMetrics(), podMetrics({}, 1)]): CorednsMetrics => ({ pods });
