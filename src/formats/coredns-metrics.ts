import type { CorednsMetrics } from '../domain/coredns.ts';
import { parseMetrics } from './prometheus-text.ts';
import type { MetricSample } from './prometheus-text.ts';
import { upstreamsOf } from './upstream-metrics.ts';

/** What one pod's /metrics says, without what only Kubernetes knows about it. */
export type PodMetrics = Omit<CorednsMetrics['pods'][number], 'pod' | 'node' | 'unreadable'>;

const mostSamples = 20_000;
/** One lookup under all names that a metric had: 1.7 renamed most of them, 1.11 moved those of connections from `forward` to `proxy`. */
const names = {
  reloadFailed: ['coredns_reload_failed_total', 'coredns_reload_failed_count_total'],
  panics: ['coredns_panics_total', 'coredns_panic_count_total'],
  rejects: ['coredns_forward_max_concurrent_rejects_total', 'coredns_forward_max_concurrent_reject_count_total'],
  rcodes: ['coredns_dns_responses_total', 'coredns_dns_response_rcode_count_total'],
  resident: ['process_resident_memory_bytes'],
  api: ['coredns_kubernetes_rest_client_requests_total'],
  hash: ['coredns_reload_version_info'],
};

/**
 * Reads the metrics of CoreDNS 1.7 to 1.14; null where a metric is absent. Counters count from the start of the process.
 * `apiErrors` has all answers of the API server but 2xx, with the 403 ones. `reloadHash` is set by a failed reload, too. `healthSlowShare` is the share
 * of CoreDNS' requests to its own health endpoint that took longer than the histogram's last bound up to 1 s. `cpuThrottledShare` is not to be had here.
 */
export function corednsMetrics(text: string): PodMetrics {
  const byName = new Map<string, MetricSample[]>();
  let kept = 0;
  for (const sample of parseMetrics(text)) {
    if (!sample.name.startsWith('coredns_') && sample.name !== 'process_resident_memory_bytes') continue;
    if ((kept += 1) > mostSamples) break;
    const known = byName.get(sample.name);
    if (known) known.push(sample);
    else byName.set(sample.name, [sample]);
  }
  const all = (wanted: string[]): MetricSample[] => wanted.flatMap((name) => byName.get(name) ?? []);
  return {
    reloadFailed: total(all(names.reloadFailed)),
    reloadHash:
      all(names.hash)
        .find(({ labels }) => labels['hash'] === 'sha512')
        ?.labels['value']?.slice(0, 128) ?? null,
    panics: total(all(names.panics)),
    maxConcurrentRejects: total(all(names.rejects)),
    ...apiCounts(all(names.api)),
    rcodes: rcodes(all(names.rcodes)),
    healthSlowShare: slowShare(all(['coredns_health_request_duration_seconds_bucket'])),
    upstreams: upstreamsOf(all),
    cpuThrottledShare: null,
    residentBytes: total(all(names.resident)),
  };
}

/** The sum of the samples that are numbers; null without any. */
export function total(samples: MetricSample[]): number | null {
  const values = samples.map(({ value }) => value).filter((value) => Number.isFinite(value));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

function apiCounts(samples: MetricSample[]): Pick<PodMetrics, 'apiForbidden' | 'apiErrors' | 'apiRequests'> {
  const apiRequests = total(samples);
  if (apiRequests === null) return { apiForbidden: null, apiErrors: null, apiRequests };
  const forbidden = samples.filter(({ labels }) => labels['code'] === '403');
  const failed = samples.filter(({ labels }) => !/^2\d\d$/.test(labels['code'] ?? ''));
  return { apiForbidden: total(forbidden) ?? 0, apiErrors: total(failed) ?? 0, apiRequests };
}

function rcodes(samples: MetricSample[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { labels, value } of samples) {
    const rcode = /^[\w-]{1,20}$/.exec(labels['rcode'] ?? '')?.[0];
    if (rcode !== undefined && Number.isFinite(value)) sums.set(rcode, (sums.get(rcode) ?? 0) + value);
  }
  return Object.fromEntries(sums);
}

function slowShare(buckets: MetricSample[]): number | null {
  const bounds = buckets.map(({ labels, value }) => ({
    le: labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']),
    value,
  }));
  const all = bounds.find(({ le }) => le === Number.POSITIVE_INFINITY)?.value;
  const quick = bounds.filter(({ le }) => le <= 1).toSorted((a, b) => b.le - a.le)[0]?.value;
  return all === undefined || quick === undefined || !(all > 0) ? null : Math.max(0, 1 - quick / all);
}
