import type { SystemPod } from '../domain/coredns.ts';
import type { Proof, Severity } from '../domain/finding.ts';
import type { KubeProxy } from '../domain/kube-proxy.ts';
import type { Lookups } from '../domain/lookups.ts';
import type { ClusterClass, Nodes } from '../domain/nodes.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { isCrashing } from './crash.ts';
import { clusterIpViews, endpointViews, localRoles, proofRows, rowsOf } from './lookup-view.ts';

/** What follows from rules of kube-proxy that are missing or old. */
export const whenRulesAreStale = [
  'kubeproxy-rules-missing',
  'pod-lookups-fail',
  'nodelocaldns-down',
  'coredns-not-ready-kubernetes-unsynced',
  ...whenTheWayIsClosed,
] as const;

export const withoutKubeProxy = 'kube-proxy does not run as a DaemonSet here';
export const isExpected = (cluster: ClusterClass | undefined): boolean => cluster === undefined || cluster.kubeProxy === 'daemonset';

/** Nodes from which the Service's address is not (well) answered, though a CoreDNS pod is: what stands between is kube-proxy's work. */
export function nodesCutOff(lookups: Lookups | undefined): string[] {
  if (lookups === undefined) return [];
  const views = endpointViews(lookups);
  const isAnswered = (node: string) => views.some((view) => view.from.some((from) => from.node === node && from.udp === 'all'));
  return clusterIpViews(lookups)
    .filter(({ node, udp }) => (udp === 'none' || udp === 'some') && isAnswered(node))
    .map(({ node }) => node);
}

/** Lookups fail from these nodes now, or will when endpoints change: the rules in the kernel stay as they were. */
export const cutOffSeverity = (lookups: Lookups | undefined, nodes: readonly string[]): Severity =>
  nodesCutOff(lookups).some((node) => nodes.includes(node)) ? 'critical' : 'high';

/** The unanswered lookups of the Service's address from these nodes. */
export function cutOffProof(lookups: Lookups | undefined, nodes: readonly string[]): Proof[] {
  if (lookups === undefined) return [];
  const rows = rowsOf(lookups, { kind: 'cluster-ip', how: 'probe', proto: 'udp', role: localRoles });
  return proofRows(
    rows.filter(({ row }) => row.answered < row.shots && nodes.includes(row.from.node)),
    2,
  );
}

/** A kube-proxy pod and its place in the reading. */
export interface PlacedProxy {
  pod: SystemPod;
  index: number;
}

/** Left over from an eviction: the DaemonSet makes another. */
export const isOver = ({ phase }: SystemPod): boolean => phase === 'Failed' || phase === 'Succeeded';

/** The kube-proxy pods that crash, on nodes that are there. */
export function crashingProxies({ pods }: KubeProxy, nodes: Nodes | undefined, now: number): PlacedProxy[] {
  const isGone = (name: string | null) => (nodes?.items ?? []).some((node) => node.name === name && !node.ready);
  return pods
    .map((pod, index) => ({ pod, index }))
    .filter(({ pod }) => !pod.terminating && !isOver(pod) && !isGone(pod.node) && isCrashing(pod, now));
}

/** Arguments for kubectl about kube-proxy. */
export const proxyArgs = (proxy: KubeProxy | undefined): Record<string, unknown> => ({
  namespace: proxy?.daemonSet?.namespace ?? 'kube-system',
  daemonSet: proxy?.daemonSet?.name ?? 'kube-proxy',
  configMap: proxy?.daemonSet?.configMap ?? 'kube-proxy',
  serviceAccount: proxy?.daemonSet?.serviceAccount ?? 'kube-proxy',
});
