/** A part of cluster DNS, with the beginnings of its checks' ids. */
export interface CheckGroup {
  name: string;
  about: string;
  prefixes: readonly string[];
}

/** The parts, in the order of a lookup's way from the cluster's DNS outwards. */
export const checkGroups: readonly CheckGroup[] = [
  { name: 'CoreDNS', about: 'do its pods run, are they ready, does each of them answer', prefixes: ['coredns-'] },
  { name: 'Corefile', about: 'does it parse, is it loaded, does it say what it should', prefixes: ['corefile-', 'diagnostic-log'] },
  {
    name: 'DNS Service',
    about: 'its ClusterIP, selector, ports and endpoints; the cache on the nodes',
    prefixes: ['kubedns-', 'nodelocaldns-'],
  },
  { name: 'kube-proxy', about: 'does it run on the node, reach the API server, keep its rules', prefixes: ['kubeproxy-'] },
  {
    name: 'Network',
    about: 'NetworkPolicies, the way between nodes, TCP, lost packets',
    prefixes: ['netpol-', 'node-', 'tcp53-', 'dns-', 'conntrack-'],
  },
  {
    name: 'Pod',
    about: 'resolv.conf, dnsPolicy, ndots, the name that was asked for',
    prefixes: ['pod-', 'kubelet-', 'ndots-', 'resolv-', 'app-'],
  },
  { name: 'Upstream', about: 'the resolver that CoreDNS forwards to', prefixes: ['upstream-', 'vpc-'] },
];

const other: CheckGroup = { name: 'Other', about: '', prefixes: [] };

/** The part of cluster DNS that a check is about. */
export const groupOf = (id: string): CheckGroup =>
  checkGroups.find(({ prefixes }) => prefixes.some((prefix) => id.startsWith(prefix))) ?? other;

/** Checks by part, each part's in the order of their ids; parts without checks are left out. */
export function grouped<T extends { id: string }>(checks: readonly T[]): { group: CheckGroup; checks: T[] }[] {
  const sorted = checks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [...checkGroups, other]
    .map((group) => ({ group, checks: sorted.filter(({ id }) => groupOf(id) === group) }))
    .filter((part) => part.checks.length > 0);
}
