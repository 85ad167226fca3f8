import type { Node } from '../domain/nodes.ts';
import { at, defineCheck, finding, found, notApplicable, passed } from './check.ts';
import { corednsArgs, corednsSubject, livePods, type Placed, podProof, usableNodes } from './coredns-view.ts';

const zonesOf = (nodes: readonly Node[]): string[] => [...new Set(nodes.flatMap(({ zone }) => zone ?? []))];

/** The zone that all pods are in, though usable nodes are in others too; null when they are spread or zones are not known. */
function commonZone(placed: readonly Placed[], nodes: readonly Node[]): string | null {
  const hosts = placed.map(({ pod }) => nodes.find((node) => node.name === pod.node));
  const zones = zonesOf(hosts.filter((node) => node !== undefined));
  const [zone] = zones;
  return zone !== undefined && zones.length === 1 && hosts.every((node) => node?.zone === zone) && zonesOf(usableNodes(nodes)).length > 1
    ? zone
    : null;
}

export default defineCheck({
  id: 'coredns-colocated',
  title: 'The CoreDNS pods are on different nodes',
  why: 'When all CoreDNS pods are on one node, DNS ends with that node. They also share its network interface, and with it the limit of 1024 packets a second to the resolver of the VPC.',
  docs: 'https://docs.aws.amazon.com/eks/latest/best-practices/scale-cluster-services.html',
  wording: {
    node: {
      found: 'All {count} CoreDNS pods are on the node {node} ({pods}), though {nodes} nodes could host them: DNS ends with that node',
      next: [
        'Replace one of them while the other serves; the scheduler prefers an empty node: kubectl -n {namespace} delete pod {pod}',
        'To keep them apart, add topologySpreadConstraints over kubernetes.io/hostname to {target} (on EKS in the configuration of the add-on)',
      ],
    },
    zone: {
      found: 'All {count} CoreDNS pods are in the zone {zone}, though nodes are in other zones too',
      next: ['To spread them over zones, add topologySpreadConstraints over topology.kubernetes.io/zone to {target}'],
    },
  },
  explains: [],
  requires: ['coredns-pods', 'nodes'],
  uses: ['coredns-workload'],
  judge({ 'coredns-pods': pods, nodes, 'coredns-workload': workload }) {
    const placed = livePods(pods).filter(({ pod }) => pod.node !== null);
    const hosts = [...new Set(placed.map(({ pod }) => pod.node))];
    const usable = nodes.complete ? usableNodes(nodes.items).length : nodes.total;
    if (usable < 2) return notApplicable('the cluster has one node for them');
    if (workload?.kind === 'DaemonSet') return notApplicable('a DaemonSet runs one pod on each of its nodes');
    if (placed.length < 2) return notApplicable('there is at most one CoreDNS pod on a node');
    const subject = corednsSubject(workload, pods);
    const args = { ...corednsArgs(workload, pods, placed), node: hosts[0] ?? '', nodes: usable };
    const proof = [...placed.slice(0, 4).map((one) => podProof(one, '/node')), at('nodes', '/total')];
    const remedies = [{ id: 'spread-coredns', params: {} }];
    if (hosts.length === 1) return found([finding('coredns-colocated', 'medium', subject, { variant: 'node', args, proof, remedies })]);
    const zone = nodes.complete ? commonZone(placed, nodes.items) : null;
    return zone === null
      ? passed
      : found([finding('coredns-colocated', 'info', subject, { variant: 'zone', args: { ...args, zone }, proof })]);
  },
});
