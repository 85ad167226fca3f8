import type { NetworkPolicy } from '../domain/network.ts';
import { asParty, isPod, matchesByAddress, matchesByLabels } from './policy-peer.ts';
import type { Endpoint, Party } from './policy-peer.ts';
import { somePortMatches } from './policy-port.ts';
import type { Ask } from './policy-port.ts';

export type Direction = 'Ingress' | 'Egress';

/**
 * Ways in which engines read the same policies differently. `before-dnat`: the addressed ClusterIP and its port are judged, not the pod
 * behind it (VPC CNI, whose agent sits at the client's veth). `host-network-as-pod`: pods on the host network are matched by their labels,
 * which Kubernetes leaves open. `ip-block-outside-only`: an ipBlock matches neither pods nor nodes (Cilium's policy-cidr-match-mode).
 */
export type EngineReading = 'before-dnat' | 'host-network-as-pod' | 'ip-block-outside-only';

/** The Service that a client really addresses: ClusterIPs, its port when that is not the pod's, and its selector when known. */
export type Via = { ips: readonly string[]; port?: number; selector?: Readonly<Record<string, string>> };

/** The other end of a connection as one engine's rules see it, and the port asked for by rules with labels and by rules with addresses. */
export type Look = { other: Party; byLabels: Ask; byAddress: Ask };

/** What Kubernetes documents: the connection after DNAT, pods on the host network as addresses. */
export function ordinaryLook(other: Endpoint, ask: Ask): Look {
  return { other: asParty(other), byLabels: ask, byAddress: ask };
}

/** The other readings that could matter for this end. */
export function otherLooks(other: Endpoint, look: Look, via: Via | undefined): [EngineReading, Look][] {
  const looks: [EngineReading, Look][] = [];
  if (via !== undefined && via.ips.length > 0) looks.push(['before-dnat', beforeDnat(look, via)]);
  if (!isPod(other)) return looks;
  if (other.hostNetwork) looks.push(['host-network-as-pod', { ...look, other: { pod: other, ips: other.ips } }]);
  looks.push(['ip-block-outside-only', { ...look, other: { pod: look.other.pod, ips: [] } }]);
  return looks;
}

/**
 * VPC CNI's controller (resolvers/endpoints.go) adds to a rule with labels the ClusterIPs of Services whose *selector* the rule's
 * podSelector picks, with target ports turned into Service ports; rules with addresses see the ClusterIP and the Service port, and no names.
 */
function beforeDnat({ other: { pod }, byLabels, byAddress }: Look, { ips, port, selector }: Via): Look {
  const service = pod === null || selector === undefined ? pod : { ...pod, labels: { ...selector } };
  return { other: { pod: service, ips }, byLabels, byAddress: { ...byAddress, port: port ?? byAddress.port, named: null } };
}

/** The first rule of these policies that allows what is looked at; null when none does. */
export function allowingRule(
  policies: readonly NetworkPolicy[],
  direction: Direction,
  look: Look,
): { policy: NetworkPolicy; rule: number } | null {
  for (const policy of policies) {
    const rule = rulesOf(policy, direction).findIndex((candidate) => allows(candidate, policy.namespace, look));
    if (rule !== -1) return { policy, rule };
  }
  return null;
}

type Rule = { peers: NetworkPolicy['ingress'][number]['from']; ports: NetworkPolicy['ingress'][number]['ports'] };

function allows({ peers, ports }: Rule, policyNamespace: string, { other, byLabels, byAddress }: Look): boolean {
  if (matchesByAddress(peers, other) && somePortMatches(ports, byAddress)) return true;
  return matchesByLabels(peers, policyNamespace, other) && somePortMatches(ports, byLabels);
}

function rulesOf(policy: NetworkPolicy, direction: Direction): Rule[] {
  if (direction === 'Egress') return policy.egress.map(({ to, ports }) => ({ peers: to, ports }));
  return policy.ingress.map(({ from, ports }) => ({ peers: from, ports }));
}
