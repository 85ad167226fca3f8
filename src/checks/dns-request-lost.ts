import type { Finding } from '../domain/finding.ts';
import {
  endsOf,
  type IndexedWay,
  lossOf,
  noFault,
  severityOf,
  stoppedByRules,
  straightest,
  subjectOf,
  waysThat,
  wayProof,
} from './capture-view.ts';
import { defineCheck, finding, found } from './check.ts';

type Variant = 'unsent' | 'unreachable' | 'client-node' | 'server-node' | 'network';

function variantOf({ way }: IndexedWay): Variant {
  if (way.verdict === 'not-sent') return 'unsent';
  if (way.unreachable !== null) return 'unreachable';
  return way.stoppedAt === 'client-node' || way.stoppedAt === 'server-node' ? way.stoppedAt : 'network';
}

function findingOf(variant: Variant, ways: readonly IndexedWay[]): Finding[] {
  const shown = straightest(ways);
  const [first] = shown;
  if (first === undefined) return [];
  const { client, server, unreachable } = first.way;
  const { failed, of, percent } = lossOf(shown);
  const args = { ...endsOf(shown), lost: failed, of, percent, by: unreachable?.by ?? null, what: unreachable?.what ?? null };
  const subject = subjectOf(variant === 'server-node' ? server : client);
  return [finding('dns-request-lost', severityOf(shown), subject, { variant, args, proof: wayProof(ways) })];
}

export default defineCheck({
  id: 'dns-request-lost',
  title: 'Queries that leave a client arrive at CoreDNS',
  why: 'A query that is lost on its way is asked again after five seconds (glibc). Packets captured at both ends show between which two it is lost.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  wording: {
    unsent: {
      found: '{lost} of {of} queries that {from} says it sent to {to} never left it: its own capture has none of them',
      next: [
        'Look at the OUTPUT rules in its network namespace: iptables -S OUTPUT, nft list ruleset',
        'Look for a sidecar or an agent that takes its queries: iptables -t nat -S OUTPUT in its network namespace',
      ],
    },
    unreachable: {
      found: '{lost} of {of} queries from {from} to {to} do not arrive: {by} says "{what} unreachable"',
      next: [
        'Whoever says so has no way there: compare the endpoints of the Service with the addresses of the pods: kubectl -n kube-system get endpointslices,pods -o wide',
        'If they are the same, look at the routes of that node and at the CNI plugin',
      ],
    },
    'client-node': {
      found: '{lost} of {of} queries from {from} to {to} come to the node of the client and do not leave it',
      next: [
        'Look for NetworkPolicies with Egress that select the client: kubectl get networkpolicies -A',
        'Look at the FORWARD rules of that node, and at what its CNI plugin drops',
      ],
    },
    'server-node': {
      found: '{lost} of {of} queries from {from} to {to} come to the node of CoreDNS and not into the pod',
      next: [
        'Look for NetworkPolicies with Ingress that select CoreDNS: kubectl -n kube-system get networkpolicies',
        'Look at the FORWARD rules of that node, and at what its CNI plugin drops',
      ],
    },
    network: {
      found: '{lost} of {of} queries ({percent} %) from {from} to {to} leave the client and never arrive: they are lost between the two',
      next: [
        'Look for what drops UDP port 53 between the two: NetworkPolicies, then security groups and network ACLs, then routes',
        'Look at what the network interfaces of both nodes dropped: ethtool -S (allowance_exceeded), and at shapers: tc -s qdisc',
      ],
    },
  },
  explains: ['coredns-endpoint-unanswering', 'dns-packet-loss', 'pod-lookups-fail', 'kubeproxy-rules-missing', 'coredns-single-point'],
  requires: ['capture'],
  uses: [],
  judge({ capture }) {
    // what kube-proxy does not send on is kubeproxy-rules-missing
    const byRules = stoppedByRules(capture).map(({ index }) => index);
    const ways = waysThat(capture, 'lost-request', 'not-sent').filter(({ index }) => !byRules.includes(index));
    if (ways.length === 0) return noFault(capture);
    return found([...Map.groupBy(ways, variantOf)].flatMap(([variant, own]) => findingOf(variant, own)));
  },
});
