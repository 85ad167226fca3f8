import type { LabelSelector } from '../domain/coredns.ts';
import type { NetworkPolicy } from '../domain/network.ts';
import { normaliseIp } from './cidr.ts';
import { isPod } from './policy-peer.ts';
import type { Endpoint } from './policy-peer.ts';

type Rule = NetworkPolicy['egress'][number];
type Peer = NonNullable<Rule['to']>[number];
/** What was denied: `other` may not be reached by (Egress), or may not reach (Ingress), the pods that `selecting` picks. */
export type Denied = {
  direction: 'Ingress' | 'Egress';
  selecting: readonly NetworkPolicy[];
  other: Endpoint;
  port: number;
  protocol: string;
};

/** Labels that name an application, best first: they stay the same over rollouts. */
const APPLICATION_LABELS = ['k8s-app', 'app.kubernetes.io/name', 'app.kubernetes.io/component', 'app', 'name'];

/**
 * The smallest policy that would allow what was denied. Policies add up, so it may be created beside those that select the pod, or its one
 * rule be added to any of them. It picks the pods of the widest of those policies, so that it isolates no pod that was not isolated before.
 */
export function missingRule({ direction, selecting, other, port, protocol }: Denied): NetworkPolicy | null {
  const widest = selecting.toSorted((a, b) => requirements(a.podSelector) - requirements(b.podSelector) || (a.name < b.name ? -1 : 1))[0];
  if (widest === undefined) return null;
  const peer = peerFor(other, widest.namespace);
  const ports = [{ protocol, port }];
  return {
    namespace: widest.namespace,
    name: `allow-${protocol.toLowerCase()}-${port}`,
    podSelector: widest.podSelector,
    policyTypes: [direction],
    ingress: direction === 'Ingress' ? [{ from: [peer], ports }] : [],
    egress: direction === 'Egress' ? [{ to: [peer], ports }] : [],
  };
}

function requirements({ matchLabels = {}, matchExpressions = [] }: LabelSelector): number {
  return Object.keys(matchLabels).length + matchExpressions.length;
}

/** A pod by its application and namespace; what has no labels for the rules (an address, a pod on the host network) by its first address. */
function peerFor(other: Endpoint, policyNamespace: string): Peer {
  if (!isPod(other)) return block(other.ip);
  if (other.hostNetwork) return block(other.ips[0] ?? '');
  const podSelector = applicationSelector(other.labels);
  if (other.namespace === policyNamespace) return { podSelector };
  // The API server sets this label on every namespace (since 1.21).
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': other.namespace } }, podSelector };
}

/** The selector of an application by the label that names it; one without any such label: all pods. */
export function applicationSelector(labels: Readonly<Record<string, string>>): LabelSelector {
  const key = APPLICATION_LABELS.find((label) => Object.hasOwn(labels, label));
  return key === undefined ? {} : { matchLabels: { [key]: labels[key] ?? '' } };
}

function block(ip: string): Peer {
  const address = normaliseIp(ip) ?? ip;
  return { ipBlock: { cidr: `${address}/${address.includes(':') ? 128 : 32}` } };
}
