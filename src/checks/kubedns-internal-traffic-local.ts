import type { Lookups } from '../domain/lookups.ts';
import type { Node } from '../domain/nodes.ts';
import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { clusterIpViews, localRoles, proofRows, type Reach, rowsOf } from './lookup-view.ts';
import { builtIn, isBuiltIn, readyEndpoints, serviceArgs, serviceSubject } from './service-view.ts';

const keepsPodsOff = ({ taints }: Node): boolean => taints.some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');

/** How the Service's address was reached from a node. */
const reachFrom = (lookups: Lookups | undefined, node: string): Reach =>
  (lookups === undefined ? [] : clusterIpViews(lookups)).find((view) => view.node === node)?.udp ?? 'unseen';

export default defineCheck({
  id: 'kubedns-internal-traffic-local',
  title: 'The DNS Service is reached from every node',
  why: 'With internalTrafficPolicy Local a node sends only to CoreDNS pods of its own. Pods of a node without one get no answer, while all others do.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/service-traffic-policy/',
  wording: {
    found:
      'The DNS Service {namespace}/{name} has internalTrafficPolicy Local, and no CoreDNS pod is ready on {nodes}: pods there get no answer',
    next: [
      'Let it send to all nodes: kubectl -n {namespace} patch service {name} -p \'{"spec":{"internalTrafficPolicy":"Cluster"}}\'',
      'Keep Local only where CoreDNS is a DaemonSet that runs on every node',
    ],
  },
  explains: ['coredns-colocated', 'kubeproxy-rules-missing', 'pod-lookups-fail', ...whenTheWayIsClosed],
  requires: ['dns-service', 'endpoint-slices', 'nodes'],
  uses: ['lookups', 'cluster-class'],
  judge({ 'dns-service': service, 'endpoint-slices': slices, nodes, lookups, 'cluster-class': cluster }) {
    if (isBuiltIn(cluster)) return notApplicable(builtIn);
    if (service.internalTrafficPolicy !== 'Local') return found([]);
    const ready = readyEndpoints(slices);
    if (ready.length === 0) return notApplicable('the DNS Service has no ready endpoint');
    const placed = nodes.items.map((node, index) => ({ node, index, reach: reachFrom(lookups, node.name) }));
    const bare = placed.filter(
      ({ node }) => node.ready && node.kind === 'ordinary' && !ready.some((endpoint) => endpoint.node === node.name),
    );
    // a cache or another proxy on the node may make up for it, and few pods run where a taint keeps them off
    const cut = bare.filter(({ node, reach }) => reach === 'none' || reach === 'some' || (reach === 'unseen' && !keepsPodsOff(node)));
    const isSeen = cut.some(({ reach }) => reach === 'none');
    if (cut.length === 0 || (!isSeen && (cluster?.nodeLocalDns != null || bare.some(({ reach }) => reach === 'all')))) return found([]);
    const names = cut.map(({ node }) => node.name);
    const rows = lookups === undefined ? [] : rowsOf(lookups, { kind: 'cluster-ip', how: 'probe', proto: 'udp', role: localRoles });
    const lost = rows.filter(({ row }) => row.answered < row.shots && names.includes(row.from.node));
    const proof = [at('dns-service', '/internalTrafficPolicy'), at('endpoint-slices', '/endpoints'), ...proofRows(lost, 2)];
    const args = { ...serviceArgs(service), count: names.length, nodes: names };
    const remedies = [
      { id: 'repair-dns-service', params: { namespace: service.namespace, name: service.name, internalTrafficPolicy: 'Cluster' } },
    ];
    return found([
      finding('kubedns-internal-traffic-local', isSeen ? 'critical' : 'high', serviceSubject(service), { args, proof, remedies }),
    ]);
  },
});
