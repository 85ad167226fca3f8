import type { Json } from '../../cluster/port.ts';
import type { Evidence } from '../../domain/evidence.ts';
import type { ObjectRef } from '../../domain/plan.ts';
import { createOf, deleteOf, type ObjectEdit } from '../kit/edit.ts';
import { seen, uidOf } from '../kit/read.ts';

const DNS_PORT = 53;
const METRICS_PORT = 9_153;

/** The addresses that pods have as their nameserver, as far as that was seen. */
export function askedAddresses(evidence: Evidence): string[] {
  const told = (seen(evidence, 'kubelets')?.items ?? []).flatMap(({ clusterDNS }) => clusterDNS);
  const have = (seen(evidence, 'lookups')?.sources ?? []).filter(({ dnsPolicy }) => dnsPolicy === 'ClusterFirst');
  return [...new Set([...told, ...have.flatMap(({ resolvConf }) => resolvConf?.nameservers ?? [])])];
}

/** The port that plain DNS is served on: 53, unless the Corefile has it elsewhere. */
function servedPort(evidence: Evidence): number {
  const zones = (seen(evidence, 'corefile')?.servers ?? []).flatMap(({ zones: all }) => all).filter(({ transport }) => transport === 'dns');
  return (zones.find(({ zone }) => zone === '.') ?? zones[0])?.port ?? DNS_PORT;
}

/** The Service as EKS makes it (eksctl's manifest), with the address that pods have. */
export function serviceAnew(object: ObjectRef, clusterIP: string, evidence: Evidence): ObjectEdit {
  const workload = seen(evidence, 'coredns-workload');
  const label = workload?.podLabels['k8s-app'];
  const selector = label === undefined ? (workload?.selector.matchLabels ?? { 'k8s-app': 'kube-dns' }) : { 'k8s-app': label };
  const targetPort = servedPort(evidence);
  const hasMetrics = workload?.containerPorts.some(({ port }) => port === METRICS_PORT) === true;
  const ports = [
    { name: 'dns', port: DNS_PORT, protocol: 'UDP', targetPort },
    { name: 'dns-tcp', port: DNS_PORT, protocol: 'TCP', targetPort },
    ...(hasMetrics ? [{ name: 'metrics', port: METRICS_PORT, protocol: 'TCP', targetPort: METRICS_PORT }] : []),
  ];
  const labels = { 'k8s-app': 'kube-dns', 'kubernetes.io/name': 'CoreDNS', 'eks.amazonaws.com/component': 'kube-dns' };
  return createOf(object, { metadata: { labels }, spec: { clusterIP, selector, ports } });
}

/**
 * The Service deleted and made again, the same but for its address, which cannot be changed. What the API server gives a Service of its own (uid,
 * the list of its addresses, ports of nodes) is left to it.
 */
export function moved(object: ObjectRef, live: Json, clusterIP: string): [ObjectEdit, ObjectEdit] {
  const { clusterIPs: _, healthCheckNodePort: __, ...spec } = live['spec'] as Json;
  const metadata = Object.fromEntries(
    ['labels', 'annotations'].flatMap((key) => (live['metadata']?.[key] === undefined ? [] : [[key, live['metadata'][key]]])),
  );
  return [deleteOf(object, { metadata, spec }, uidOf(live)), createOf(object, { metadata, spec: { ...spec, clusterIP } })];
}
