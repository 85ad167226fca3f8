import type { CorednsMetrics } from '../domain/coredns.ts';
import type { MetricSample } from './prometheus-text.ts';

type Upstream = CorednsMetrics['pods'][number]['upstreams'][number];
type Sums = Omit<Upstream, 'to' | 'attempts' | 'meanSeconds' | 'tcpShare'> & { connections: number; tcp: number; seconds: number };

const mostUpstreams = 64;

/** Which samples add to what, under the names of `proxy` (>= 1.11) and of `forward` (before). */
const parts: [string[], (sums: Sums, sample: MetricSample) => void][] = [
  [['coredns_proxy_conn_cache_hits_total', 'coredns_forward_conn_cache_hits_total'], connection],
  [['coredns_proxy_conn_cache_misses_total', 'coredns_forward_conn_cache_misses_total'], connection],
  [['coredns_proxy_request_duration_seconds_count', 'coredns_forward_request_duration_seconds_count'], answered],
  [
    ['coredns_proxy_request_duration_seconds_sum', 'coredns_forward_request_duration_seconds_sum'],
    (sums, { value }) => (sums.seconds += value),
  ],
  [
    ['coredns_proxy_healthcheck_failures_total', 'coredns_forward_healthcheck_failures_total'],
    (sums, { value }) => (sums.healthcheckFailures += value),
  ],
];

/**
 * What was sent to each upstream of `forward`, most attempts first. Attempts are the connections taken (hits and misses of the connection cache): the
 * histogram of durations leaves out what was never answered.
 */
export function upstreamsOf(all: (names: string[]) => MetricSample[]): Upstream[] {
  const sums = new Map<string, Sums>();
  for (const [names, add] of parts) {
    for (const sample of all(names)) {
      const { to, proxy_name: proxy = 'forward' } = sample.labels;
      if (to === undefined || proxy !== 'forward' || !(sample.value >= 0) || sample.value === Number.POSITIVE_INFINITY) continue;
      const known = sums.get(to);
      if (!known && sums.size >= mostUpstreams) continue;
      const entry = known ?? { answered: 0, servfail: 0, healthcheckFailures: 0, connections: 0, tcp: 0, seconds: 0 };
      sums.set(to, entry);
      add(entry, sample);
    }
  }
  return [...sums].map(([to, entry]) => upstream(to, entry)).toSorted((a, b) => b.attempts - a.attempts);
}

function upstream(to: string, { answered: answers, servfail, healthcheckFailures, connections, tcp, seconds }: Sums): Upstream {
  return {
    to: to.slice(0, 100),
    attempts: connections > 0 ? connections : answers,
    answered: answers,
    servfail,
    meanSeconds: answers > 0 ? seconds / answers : null,
    healthcheckFailures,
    tcpShare: connections > 0 ? tcp / connections : null,
  };
}

function connection(sums: Sums, { labels, value }: MetricSample): void {
  sums.connections += value;
  if (labels['proto']?.startsWith('tcp')) sums.tcp += value;
}

function answered(sums: Sums, { labels, value }: MetricSample): void {
  sums.answered += value;
  if (labels['rcode'] === 'SERVFAIL') sums.servfail += value;
}
