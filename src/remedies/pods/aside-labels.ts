import type { CorednsWorkload } from '../../domain/coredns.ts';
import type { NetworkPolicies } from '../../domain/network.ts';
import type { DnsService } from '../../domain/service.ts';
import { matches } from '../../rules/label-selector.ts';
import { ASIDE } from './aside.ts';
import type { LivePod } from './live-pod.ts';

/**
 * Whether NetworkPolicies would let less through to a pod with other labels: one that allows something for its labels does not pick it any more,
 * while another one still shuts it off.
 */
function isShutOff(
  labels: Readonly<Record<string, string>>,
  aside: DnsService['selector'],
  policies: NetworkPolicies['policies'],
): boolean {
  const changed = { ...labels, ...Object.fromEntries(Object.keys(aside).map((key) => [key, ASIDE])) };
  const loses = policies.some(({ podSelector }) => matches(podSelector, labels) && !matches(podSelector, changed));
  return loses && policies.some(({ podSelector }) => matches(podSelector, changed));
}

/**
 * The labels to change so that neither the Service nor the workload takes a pod for its own; empty where that cannot be done: a DaemonSet starts no
 * other pod on the node, pods on the host's network take each other's port, a label that only the Service asks for brings no other pod, and
 * NetworkPolicies may go by it.
 */
export function asideLabels(
  { kind, namespace, selector }: CorednsWorkload,
  service: DnsService,
  pods: readonly LivePod[],
  policies: NetworkPolicies['policies'],
): Record<string, string> {
  const asked = Object.entries(service.selector);
  const isOwn = asked.some(([key, value]) => selector.matchLabels?.[key] === value);
  const own = policies.filter((policy) => policy.namespace === namespace);
  const isFine = (pod: LivePod): boolean =>
    !pod.hostNetwork && asked.every(([key, value]) => pod.labels[key] === value) && !isShutOff(pod.labels, service.selector, own);
  return kind === 'Deployment' && isOwn && pods.every(isFine) ? service.selector : {};
}
