import { captureOffer } from './capture-view.ts';
import { defineCheck, finding, found, notApplicable, unknown } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { endpointViews, type EndpointView, localRoles, proofRows, rowsOf } from './lookup-view.ts';

/** One CoreDNS pod as seen within its node and from others. */
interface Crossing {
  view: EndpointView;
  near: 'answers' | 'silent' | 'unseen';
  /** Nodes from which it does not answer, and from which it does. */
  blocked: string[];
  open: string[];
}

function crossing(view: EndpointView, proto: 'udp' | 'tcp'): Crossing {
  const near = view.from.find((from) => from.sameNode === true)?.[proto] ?? 'unseen';
  const far = view.from.filter((from) => from.sameNode === false);
  return {
    view,
    near: near === 'all' || near === 'some' ? 'answers' : near === 'none' ? 'silent' : 'unseen',
    blocked: far.filter((from) => from[proto] === 'none').map((from) => from.node),
    open: far.filter((from) => from[proto] === 'all' || from[proto] === 'some').map((from) => from.node),
  };
}

export default defineCheck({
  id: 'node-to-node-dns-blocked',
  title: 'CoreDNS pods answer pods of other nodes as they answer those of their own',
  why: 'When only the pods beside CoreDNS get answers, something between the nodes drops port 53: a security group, a network ACL, a firewall or a route.',
  docs: 'https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html',
  wording: {
    found: 'Port 53 ({proto}) is blocked between nodes: {pods} answer on their own node, but not when asked from {nodes}',
    next: [
      'Allow UDP and TCP 53 between the nodes: on EKS in the security groups of the node network interfaces (the cluster security group allows it by default) and in the network ACLs of their subnets',
      'If other ports fail between these nodes too, look at the CNI plugin and the routes: kubectl -n kube-system get pods -o wide',
    ],
  },
  explains: [
    'coredns-endpoint-unanswering',
    'dns-packet-loss',
    'kubeproxy-rules-missing',
    'tcp53-blocked',
    'coredns-colocated',
    ...whenTheWayIsClosed,
  ],
  requires: ['lookups'],
  uses: ['coredns-pods', 'capture'],
  judge({ lookups, 'coredns-pods': pods, capture }) {
    const views = endpointViews(lookups);
    const ready = new Set(pods?.items.filter((pod) => pod.ready).map((pod) => pod.name));
    const crossings = views
      .filter((view) => pods === undefined || (view.pod !== null && ready.has(view.pod)))
      .map((view) => crossing(view, 'udp'));
    const seen = crossings.filter((one) => one.blocked.length + one.open.length > 0);
    if (crossings.length === 0) return notApplicable('no CoreDNS pod was asked at its own address');
    if (seen.length === 0) return unknown('no CoreDNS pod could be asked from another node');
    // blocked from other nodes though it serves its own: the pod is fine, the way is not
    const blocked = seen.filter((one) => one.near === 'answers' && one.blocked.length > 0);
    if (blocked.length === 0) return found([]);
    const nodes = [...new Set(blocked.flatMap((one) => one.blocked))];
    const tcp = blocked.every((one) => crossing(one.view, 'tcp').blocked.length > 0);
    const rows = blocked.flatMap((one) => rowsOf(lookups, { server: one.view.address, proto: 'udp', how: 'probe', role: localRoles }));
    const telling = [...rows.filter(({ row }) => row.answered === 0), ...rows.filter(({ row }) => row.answered > 0)];
    const args = { proto: tcp ? 'UDP and TCP' : 'UDP', pods: blocked.map((one) => one.view.pod ?? one.view.address), nodes };
    return found([
      finding(
        'node-to-node-dns-blocked',
        'critical',
        { kind: 'Node', name: nodes.join(', ') },
        { args, proof: proofRows(telling), remedies: captureOffer(capture) },
      ),
    ]);
  },
});
