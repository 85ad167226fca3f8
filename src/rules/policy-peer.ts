import type { NetworkPolicy, PolicyPod } from '../domain/network.ts';
import { inCidr } from './cidr.ts';
import { matches } from './label-selector.ts';

/** One end of a connection: a pod, or an address that no pod owns. */
export type Endpoint = PolicyPod | { ip: string };

/**
 * An end of a connection as an engine's rules see it. `pod`: what podSelector and namespaceSelector are matched against, null when they
 * cannot see it. `ips`: what ipBlock is matched against (any of them).
 */
export type Party = { pod: PolicyPod | null; ips: readonly string[] };

type Peer = NonNullable<NetworkPolicy['egress'][number]['to']>[number];
type IpBlock = NonNullable<Peer['ipBlock']>;

export function isPod(endpoint: Endpoint): endpoint is PolicyPod {
  return 'labels' in endpoint;
}

/**
 * The ordinary view: a pod on the host network is only its node's address (kubernetes.io, Network Policies, "NetworkPolicy and hostNetwork
 * pods": the more common of the two permitted behaviours).
 */
export function asParty(endpoint: Endpoint): Party {
  if (!isPod(endpoint)) return { pod: null, ips: [endpoint.ip] };
  return { pod: endpoint.hostNetwork ? null : endpoint, ips: endpoint.ips };
}

/** Whether a rule lets the other end in whoever it is (no peers: everyone), or by its address. */
export function matchesByAddress(peers: readonly Peer[] | undefined, { ips }: Party): boolean {
  if (peers === undefined || peers.length === 0) return true;
  return peers.some(({ ipBlock }) => ipBlock !== undefined && ips.some((ip) => inBlock(ip, ipBlock)));
}

/**
 * Whether a rule names the other end by labels. podSelector alone means pods of the policy's own namespace; namespaceSelector alone all pods
 * of those namespaces; with both, both must hold.
 */
export function matchesByLabels(peers: readonly Peer[] | undefined, policyNamespace: string, { pod }: Party): boolean {
  return pod !== null && (peers ?? []).some((peer) => peer.ipBlock === undefined && selects(peer, policyNamespace, pod));
}

function selects({ podSelector, namespaceSelector }: Peer, policyNamespace: string, pod: PolicyPod): boolean {
  if (podSelector === undefined && namespaceSelector === undefined) return false;
  const here = namespaceSelector === undefined ? pod.namespace === policyNamespace : matches(namespaceSelector, pod.namespaceLabels);
  return here && (podSelector === undefined || matches(podSelector, pod.labels));
}

function inBlock(ip: string, { cidr, except = [] }: IpBlock): boolean {
  return inCidr(ip, cidr) === true && !except.some((hole) => inCidr(ip, hole) === true);
}
