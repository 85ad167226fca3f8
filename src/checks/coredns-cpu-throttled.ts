import type { CorednsMetrics } from '../domain/coredns.ts';
import type { Severity } from '../domain/finding.ts';
import type { LookupRow, Lookups } from '../domain/lookups.ts';
import { at, defineCheck, finding, found, passed } from './check.ts';
import { corednsArgs, corednsSubject, livePods } from './coredns-view.ts';
import { countOf, lately, logProof } from './log-view.ts';
import { localRoles, proofRows, rowsOf } from './lookup-view.ts';

type PodMetrics = CorednsMetrics['pods'][number];
const throttled = ({ cpuThrottledShare }: PodMetrics): boolean => cpuThrottledShare !== null && cpuThrottledShare >= 0.25;
/** Names that CoreDNS answers from memory take about a millisecond; so long means that it waits for a CPU. */
const slowMs = 100;
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** What one pod was asked over UDP that it knows itself, and answered. */
const ownRows = (lookups: Lookups, pod: string): { row: LookupRow; index: number }[] =>
  rowsOf(lookups, { kind: 'endpoint', how: 'probe', proto: 'udp', role: localRoles }).filter(
    ({ row }) => row.serverPod === pod && row.answered > 0,
  );

/** Slow from every node and for every name: the pod itself is, not a way to it. */
function isSlowThroughout(lookups: Lookups, pod: string): boolean {
  const rows = ownRows(lookups, pod);
  return rows.length >= 2 && rows.every(({ row }) => (row.p50Ms ?? 0) >= slowMs);
}

export default defineCheck({
  id: 'coredns-cpu-throttled',
  title: 'CoreDNS has the CPU it needs',
  why: 'A CPU limit stops CoreDNS for the rest of each 100 ms in which it has used up its share. Lookups then take tens of milliseconds longer, names of the cluster too, and /health may time out.',
  docs: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  wording: {
    throttled: {
      found: 'CoreDNS is held back by its CPU limit of {limit}m: {share} of the periods were throttled ({pods})',
      next: [
        'Remove the CPU limit (EKS sets none; where the add-on owns it, in its configuration): kubectl -n {namespace} edit {target}',
        'Or spread the load: kubectl -n {namespace} scale {target} --replicas=3',
      ],
    },
    latency: {
      found: 'CoreDNS has a CPU limit of {limit}m and takes {ms} ms and more for names that it knows itself ({pods}); usual is about 1 ms',
      next: [
        'Remove the CPU limit (EKS sets none; where the add-on owns it, in its configuration): kubectl -n {namespace} edit {target}',
        'See what it uses: kubectl -n {namespace} top pod',
      ],
    },
    slow: {
      found: 'CoreDNS answers its own health check late ({times} times in 10 minutes; {pods}): its CPU is short',
      next: ['See what it uses, and what else its node runs: kubectl -n {namespace} top pod; kubectl top node'],
    },
  },
  explains: ['coredns-liveness-restarts', 'dns-packet-loss', 'upstream-slow', 'coredns-slow-answers', 'coredns-drops-queries'],
  requires: ['coredns-pods'],
  uses: ['coredns-workload', 'coredns-metrics', 'coredns-logs', 'lookups'],
  judge({ 'coredns-pods': pods, 'coredns-workload': workload, 'coredns-metrics': metrics, 'coredns-logs': logs, lookups }, { now }) {
    const limit = workload?.cpuLimitMillis ?? null;
    const late = lately(logs, ['health-slow'], 10, now).filter((entry) => entry.count >= 3);
    const slow =
      lookups === undefined
        ? []
        : rowsOf(lookups, { kind: 'endpoint', how: 'probe', proto: 'udp', role: 'internal' }).filter(
            ({ row }) => (row.p50Ms ?? 0) >= slowMs,
          );
    const held = limit === null ? [] : (metrics?.pods ?? []).map((pod, index) => ({ pod, index })).filter(({ pod }) => throttled(pod));
    const subject = corednsSubject(workload, pods);
    if (held.length > 0 || (limit !== null && late.length > 0)) {
      const severity: Severity = late.length > 0 || slow.length > 0 ? 'high' : 'medium';
      const names = held.length > 0 ? held.map(({ pod }) => pod.pod) : late.map((entry) => entry.pod);
      const worst = Math.max(0, ...held.map(({ pod }) => pod.cpuThrottledShare ?? 0));
      const args = {
        ...corednsArgs(workload, pods, livePods(pods)),
        pods: names,
        limit,
        share: held.length > 0 ? percent(worst) : 'an unknown part',
      };
      const proof = [
        ...held.slice(0, 2).map(({ index }) => at('coredns-metrics', `/pods/${index}/cpuThrottledShare`)),
        ...logProof(late, 2),
        ...proofRows(slow, 2),
        at('coredns-workload', '/cpuLimitMillis'),
      ];
      return found([finding('coredns-cpu-throttled', severity, subject, { variant: 'throttled', args, proof })]);
    }
    const crawling = limit === null || lookups === undefined ? [] : livePods(pods).filter(({ pod }) => isSlowThroughout(lookups, pod.name));
    if (crawling.length > 0 && lookups !== undefined) {
      const rows = crawling.flatMap(({ pod }) => ownRows(lookups, pod.name));
      const ms = Math.min(...rows.map(({ row }) => row.p50Ms ?? slowMs));
      const args = { ...corednsArgs(workload, pods, crawling), limit, ms };
      const proof = [...proofRows(rows, 3), at('coredns-workload', '/cpuLimitMillis')];
      return found([finding('coredns-cpu-throttled', 'high', subject, { variant: 'latency', args, proof })]);
    }
    if (late.length === 0) return passed;
    const args = { ...corednsArgs(workload, pods, livePods(pods)), pods: late.map((entry) => entry.pod), times: countOf(late) };
    return found([finding('coredns-cpu-throttled', 'info', subject, { variant: 'slow', args, proof: logProof(late) })]);
  },
});
