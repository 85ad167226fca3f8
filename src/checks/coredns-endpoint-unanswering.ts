import type { Finding } from '../domain/finding.ts';
import { captureOffer } from './capture-view.ts';
import { defineCheck, finding, found, notApplicable } from './check.ts';
import { endpointViews, type EndpointView, localRoles, proofRows, rowsOf } from './lookup-view.ts';

/** Unanswered over a protocol from every node that asked, its own node among them where that node asked. */
const deadOver = (view: EndpointView, proto: 'udp' | 'tcp'): boolean => {
  const seen = view.from.filter((from) => from[proto] !== 'unseen');
  return seen.length > 0 && seen.every((from) => from[proto] === 'none');
};

/** Whether that is the pod's own doing: its node asked too, or other pods answer those who asked. */
const isItsOwn = (view: EndpointView, others: readonly EndpointView[], proto: 'udp' | 'tcp'): boolean =>
  view.from.some((from) => from.sameNode === true) ||
  others.some((other) => other.from.some((from) => from.sameNode === false && from[proto] === 'all'));

export default defineCheck({
  id: 'coredns-endpoint-unanswering',
  title: 'Every ready CoreDNS pod answers when it is asked at its own address',
  why: 'The Service spreads queries over all ready pods. One that is ready but does not answer costs each lookup that meets it a timeout of five seconds.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  wording: {
    default: {
      found: 'CoreDNS pod {subject} ({address}, node {node}) is ready, but does not answer over {proto} from any node that asked: {nodes}',
      next: [
        'Look for what drops packets in its network namespace (iptables, a sidecar, an eBPF program), and at what it says: kubectl -n {namespace} logs {pod}',
        'Deleting this pod is safe while another one answers: kubectl -n {namespace} delete pod {pod}',
      ],
    },
    all: {
      found: 'No CoreDNS pod answers over {proto} at its own address, though they are ready: {addresses}',
      next: [
        'Look at what stands between all pods and CoreDNS: NetworkPolicies in {namespace}, security groups of the CoreDNS nodes, the CNI plugin',
        'Compare with a capture in the pod: a query that arrives and gets no answer is CoreDNS, one that does not arrive is the network',
      ],
    },
  },
  explains: ['dns-packet-loss', 'kubeproxy-rules-missing', 'coredns-single-point'],
  requires: ['lookups', 'coredns-pods'],
  uses: ['capture'],
  judge({ lookups, 'coredns-pods': pods, capture }) {
    const ready = new Set(pods.items.filter((pod) => pod.ready && !pod.terminating).map((pod) => pod.name));
    const views = endpointViews(lookups).filter((view) => view.pod !== null && ready.has(view.pod));
    if (views.length === 0) return notApplicable('no ready CoreDNS pod was asked at its own address');
    // TCP alone is the business of tcp53-blocked when it fails everywhere
    const dead = views.filter((view) => deadOver(view, 'udp') || (deadOver(view, 'tcp') && views.some((other) => !deadOver(other, 'tcp'))));
    const proto = (view: EndpointView) => (deadOver(view, 'udp') ? (deadOver(view, 'tcp') ? 'UDP and TCP' : 'UDP') : 'TCP');
    const rows = (view: EndpointView) =>
      rowsOf(lookups, { server: view.address, how: 'probe', role: localRoles }).filter(({ row }) => row.answered === 0);
    const proof = (list: readonly EndpointView[]) => list.flatMap((view) => proofRows(rows(view), 2));
    const namespace = pods.items[0]?.namespace ?? '';
    if (dead.length === views.length && dead.every((view) => deadOver(view, 'udp'))) {
      const args = { proto: proto(dead[0] as EndpointView), addresses: dead.map((view) => `${view.pod} ${view.address}`), namespace };
      return found([
        finding(
          'coredns-endpoint-unanswering',
          'critical',
          { kind: 'Namespace', name: namespace },
          { variant: 'all', args, proof: proof(dead), remedies: captureOffer(capture) },
        ),
      ]);
    }
    const own = dead.filter((view) =>
      isItsOwn(
        view,
        views.filter((other) => other !== view),
        deadOver(view, 'udp') ? 'udp' : 'tcp',
      ),
    );
    return found(
      own.map((view): Finding => {
        const args = {
          address: view.address,
          pod: view.pod,
          node: view.node,
          namespace,
          proto: proto(view),
          nodes: view.from.map((from) => from.node),
        };
        const remedies = [{ id: 'delete-coredns-pod', params: { pod: view.pod } }, ...captureOffer(capture)];
        return finding(
          'coredns-endpoint-unanswering',
          'critical',
          { kind: 'Pod', namespace, name: view.pod ?? '' },
          { args, proof: proof([view]), remedies },
        );
      }),
    );
  },
});
