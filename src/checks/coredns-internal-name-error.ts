import type { Corefile } from '../domain/coredns.ts';
import type { LookupRow } from '../domain/lookups.ts';
import type { Severity } from '../domain/finding.ts';
import { defineCheck, finding, found, passed, unknown } from './check.ts';
import { corednsArgs, corednsSubject, podNames, servingPods } from './coredns-view.ts';
import { directivesNamed } from './corefile-view.ts';
import { proofRows, rcodesOf, rowsOf, tally } from './lookup-view.ts';

/** Answers came, and all deny the name or report a failure. NOERROR without an address is right for A in an IPv6 cluster. */
const isWrong = (row: LookupRow): boolean => row.answered > 0 && (row.rcodes['NOERROR'] ?? 0) === 0;

/** Options that make the plugin leave Services out on purpose. */
const filters = ['namespaces', 'labels', 'namespace_labels'];
const filtersOf = (corefile: Corefile | undefined): string[] =>
  corefile === undefined
    ? []
    : directivesNamed(corefile, 'kubernetes').flatMap(({ directive }) =>
        directive.options.map(({ name }) => name).filter((name) => filters.includes(name)),
      );

export default defineCheck({
  id: 'coredns-internal-name-error',
  title: 'CoreDNS knows the Service kubernetes.default',
  why: 'Every cluster has this Service, so every CoreDNS that serves the zone of the cluster must know it. One that does not know it knows no other Service either.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
  wording: {
    default: {
      found: 'CoreDNS answers {lookup} wrongly at {servers}: {rcodes} instead of an address',
      next: [
        'Ask it yourself: kubectl run -it --rm dig --image=busybox:1.36 --restart=Never -- nslookup {lookup} {server}',
        'See which server block and plugins answer for that zone: kubectl -n {namespace} get configmap coredns -o yaml',
        'Read its log for errors of the plugin kubernetes: kubectl -n {namespace} logs {target}',
      ],
    },
    filtered: {
      found: 'CoreDNS leaves Services out: the plugin kubernetes is limited by {filters}, and {lookup} gives {rcodes} at {servers}',
      next: [
        'Take {filters} out of the plugin kubernetes, unless Services are hidden on purpose: kubectl -n {namespace} edit configmap coredns',
      ],
    },
  },
  explains: ['app-name-error'],
  requires: ['lookups', 'coredns-pods'],
  uses: ['coredns-workload', 'corefile'],
  judge({ lookups, 'coredns-pods': pods, 'coredns-workload': workload, corefile }, { now }) {
    const serving = podNames(servingPods(pods, now));
    const asked = rowsOf(lookups, { how: 'probe', role: 'internal', kind: ['cluster-ip', 'endpoint'] }).filter(
      ({ row }) => row.serverKind === 'cluster-ip' || serving.includes(row.serverPod ?? ''),
    );
    if (tally(asked).answered === 0) return unknown('no serving CoreDNS pod answered the lookups');
    const wrong = asked.filter(({ row }) => isWrong(row));
    if (wrong.length === 0) return passed;
    const everywhere = asked.filter(({ row }) => row.answered > 0).length === wrong.length;
    const severity: Severity = everywhere ? 'critical' : 'high';
    const limits = filtersOf(corefile);
    const servers = [...new Set(wrong.map(({ row }) => row.serverPod ?? row.server))];
    const args = {
      ...corednsArgs(workload, pods, []),
      lookup: wrong[0]?.row.name ?? '',
      servers,
      server: wrong[0]?.row.server ?? '',
      rcodes: Object.keys(rcodesOf(wrong)),
      filters: limits,
    };
    const variant = limits.length > 0 ? 'filtered' : 'default';
    // only a Corefile that was changed since it worked can be the cause
    const remedies = [{ id: 'restore-corefile', params: { source: 'newest' } }];
    const parts = { variant, args, proof: proofRows(wrong), remedies };
    return found([finding('coredns-internal-name-error', severity, corednsSubject(workload, pods), parts)]);
  },
});
