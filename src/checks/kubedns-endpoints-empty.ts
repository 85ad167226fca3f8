import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { localRoles, proofRows, rowsOf } from './lookup-view.ts';
import { builtIn, isBuiltIn, readyEndpoints, serviceArgs, serviceHealth, serviceSubject } from './service-view.ts';

export default defineCheck({
  id: 'kubedns-endpoints-empty',
  title: 'The DNS Service has a ready endpoint',
  why: 'kube-proxy refuses what is sent to a Service without ready endpoints, so no lookup is answered. It is a consequence: of pods that are missing, not ready, or not selected.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/#are-dns-endpoints-exposed',
  wording: {
    found: 'The DNS Service {namespace}/{name} has no ready endpoint ({notReady} not ready), so nobody answers at {address}',
    next: [
      'See the endpoints: kubectl -n {namespace} get endpointslices -l kubernetes.io/service-name={name}',
      'See whether CoreDNS pods are there, ready, and labelled as the Service selects: kubectl -n {namespace} get pods -l k8s-app=kube-dns --show-labels',
    ],
  },
  explains: [
    'coredns-endpoint-unanswering',
    'kubeproxy-rules-missing',
    'pod-lookups-fail',
    'dns-packet-loss',
    'nodelocaldns-down',
    ...whenTheWayIsClosed,
  ],
  requires: ['dns-service', 'endpoint-slices'],
  uses: ['lookups', 'cluster-class'],
  judge({ 'dns-service': service, 'endpoint-slices': slices, lookups, 'cluster-class': cluster }) {
    if (isBuiltIn(cluster)) return notApplicable(builtIn);
    if (service.type === 'ExternalName') return notApplicable('the DNS Service is an alias, it has no endpoints');
    if (readyEndpoints(slices).length > 0) return found([]);
    const rows = lookups === undefined ? [] : rowsOf(lookups, { kind: 'cluster-ip', how: 'probe', proto: 'udp', role: localRoles });
    const lost = rows.filter(({ row }) => row.answered < row.shots);
    const args = { ...serviceArgs(service), notReady: slices.endpoints.length };
    // a cache on the node answers for a while, and so do pods that are on their way out
    const severity = serviceHealth(lookups) === 'works' ? 'high' : 'critical';
    const proof = [at('endpoint-slices', '/endpoints'), ...proofRows(lost, 2)];
    return found([finding('kubedns-endpoints-empty', severity, serviceSubject(service), { args, proof })]);
  },
});
