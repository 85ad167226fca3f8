import type { Kubelets } from '../domain/network.ts';
import type { Nodes } from '../domain/nodes.ts';
import type { NamedPod } from '../domain/pod.ts';
import { anyServes, type DnsKnown, serving } from './nameserver-view.ts';

/** What the kubelets' settings are judged by. */
export interface KubeletFacts extends DnsKnown {
  kubelets: Kubelets;
  nodes: Nodes | undefined;
  pod: NamedPod | undefined;
}

/** A kubelet and its place in the reading. */
export interface PlacedKubelet {
  kubelet: Kubelets['items'][number];
  index: number;
}

/** Nodes whose kubelet's settings say nothing: Auto Mode answers DNS on the node itself, a virtual kubelet has no resolv.conf to write. */
const hasDnsOfItsOwn = ({ nodes }: KubeletFacts, name: string): boolean =>
  (nodes?.items ?? []).some((node) => node.name === name && (node.kind === 'auto' || node.kind === 'virtual'));

export const placedKubelets = (facts: KubeletFacts): PlacedKubelet[] =>
  facts.kubelets.items.map((kubelet, index) => ({ kubelet, index })).filter(({ kubelet }) => !hasDnsOfItsOwn(facts, kubelet.node));

/** A kubelet without clusterDNS gives pods the node's own resolv.conf: as configured, or as a probe pod without any cluster domain shows. */
export const isWithoutDns = ({ kubelet }: PlacedKubelet): boolean =>
  kubelet.source === 'configz' ? kubelet.clusterDNS.length === 0 : kubelet.clusterDomain === null;

const isClusterFirst = ({ dnsPolicy, hostNetwork }: NamedPod): boolean =>
  dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);

/** Whether the complaint is about a pod that got this kubelet's nameserver: then the node is looked at, not the cluster. */
const isOfComplaint = ({ kubelet }: PlacedKubelet, pod: NamedPod | undefined): boolean =>
  pod !== undefined && pod.node === kubelet.node && isClusterFirst(pod) && pod.resolvConf?.nameservers[0] === kubelet.clusterDNS[0];

/** The kubelets that give pods a nameserver which does not serve the cluster, and whether that is a matter of some nodes or of the Service. */
export interface WrongKubelets {
  wrong: PlacedKubelet[];
  right: PlacedKubelet[];
  scope: 'none' | 'nodes' | 'cluster';
}

/**
 * Whether an address that nobody asked may well be right: the node's own, where a cache may listen, or one of a cluster whose other kubelets give
 * their pods forwarders that work.
 */
function isInDoubt({ kubelet }: PlacedKubelet, others: readonly PlacedKubelet[], facts: KubeletFacts): boolean {
  if (kubelet.clusterDNS.some((address) => serving(address, facts) === 'fails')) return false;
  const isOfNode = (facts.nodes?.items ?? []).some(
    ({ name, internalIP }) => name === kubelet.node && kubelet.clusterDNS.includes(internalIP ?? ''),
  );
  return isOfNode || others.some((other) => other.kubelet.clusterDNS.some((address) => serving(address, facts) === 'answers'));
}

/** Most differ from the Service: its address has changed. Some do: their own settings are wrong. One alone is judged by the complaint. */
export function wrongKubelets(facts: KubeletFacts): WrongKubelets {
  const told = placedKubelets(facts).filter((one) => !isWithoutDns(one));
  const right = told.filter(({ kubelet }) => anyServes(kubelet.clusterDNS, facts));
  const wrong = told.filter((one) => !right.includes(one) && !isInDoubt(one, told, facts));
  const [first] = wrong;
  if (first === undefined) return { wrong, right, scope: 'none' };
  const alone = told.length === 1 && isOfComplaint(first, facts.pod);
  return { wrong, right, scope: alone || (right.length > 0 && wrong.length <= right.length) ? 'nodes' : 'cluster' };
}
