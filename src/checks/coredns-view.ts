import type { CorednsPods, CorednsWorkload, SystemPod } from '../domain/coredns.ts';
import type { Proof, Severity, Subject } from '../domain/finding.ts';
import type { Node } from '../domain/nodes.ts';
import { at } from './check.ts';
import { isCrashing } from './crash.ts';

/** A pod and its place in the reading, for a proof. */
export interface Placed {
  pod: SystemPod;
  index: number;
}

/** The pods that are to serve: not on their way out, not left over from an eviction or a node's end. */
export function livePods(pods: CorednsPods): Placed[] {
  const isLive = ({ pod }: Placed) => !pod.terminating && pod.phase !== 'Failed' && pod.phase !== 'Succeeded';
  return pods.items.map((pod, index) => ({ pod, index })).filter(isLive);
}

/** The live pods that are ready and stay so. */
export const servingPods = (pods: CorednsPods, now: number): Placed[] =>
  livePods(pods).filter(({ pod }) => pod.ready && !isCrashing(pod, now));

/** How bad it is that pods do not serve: lookups fail when none is left, else the rest carries them. */
export const outage = (pods: CorednsPods, now: number): Severity => (servingPods(pods, now).length === 0 ? 'critical' : 'high');

/** Proof that a pod is as it is said to be. */
export const podProof = ({ index }: Placed, path = ''): Proof => at('coredns-pods', `/items/${index}${path}`);

export const podNames = (placed: readonly Placed[]): string[] => placed.map(({ pod }) => pod.name);

/** The workload as the subject of a finding; where it is not known, the pods' namespace. */
export function corednsSubject(workload: CorednsWorkload | undefined, pods: CorednsPods): Subject {
  if (workload !== undefined) return { kind: workload.kind, namespace: workload.namespace, name: workload.name };
  return { kind: 'Namespace', name: pods.items[0]?.namespace ?? 'kube-system' };
}

/** Arguments that nearly every wording about the pods needs. `target` is what kubectl takes: deployment/coredns. */
export function corednsArgs(workload: CorednsWorkload | undefined, pods: CorednsPods, placed: readonly Placed[]): Record<string, unknown> {
  return {
    namespace: workload?.namespace ?? pods.items[0]?.namespace ?? 'kube-system',
    target: workload === undefined ? 'deployment/coredns' : `${workload.kind.toLowerCase()}/${workload.name}`,
    name: workload?.name ?? 'coredns',
    pods: podNames(placed),
    pod: placed[0]?.pod.name ?? '',
    count: placed.length,
    of: livePods(pods).length,
  };
}

const isKeepingOff = ({ effect }: Node['taints'][number]): boolean => effect === 'NoSchedule' || effect === 'NoExecute';

/** Nodes that an ordinary CoreDNS pod can be put on; tainted ones are left out, though CoreDNS tolerates some of them. */
export const usableNodes = (nodes: readonly Node[]): Node[] =>
  nodes.filter(
    (node) => node.ready && !node.unschedulable && node.os === 'linux' && node.kind !== 'virtual' && !node.taints.some(isKeepingOff),
  );
