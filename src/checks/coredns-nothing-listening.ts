import {
  deleteOffer,
  endsOf,
  failingPoints,
  lossOf,
  noFault,
  severityOf,
  straightest,
  subjectOf,
  waysThat,
  wayProof,
} from './capture-view.ts';
import { defineCheck, finding, found } from './check.ts';
import { readyEndpoints } from './service-view.ts';

export default defineCheck({
  id: 'coredns-nothing-listening',
  title: 'Something listens where queries arrive',
  why: 'A refused query fails at once: the Service has no endpoint, sends to a port that CoreDNS does not listen on, or CoreDNS does not run. Captured packets show who refuses.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  wording: {
    port: {
      found: '{refused} of {of} queries from {from} to {to} arrive and are refused ({by}): nothing listens on the port that they come to',
      next: [
        'Compare the port that the Service sends to with the one that CoreDNS listens on: kubectl -n kube-system get service kube-dns -o yaml',
        'See whether CoreDNS runs there: kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide',
      ],
    },
    endpoints: {
      found: '{refused} of {of} queries from {from} to {to} are rejected by {by}, as kube-proxy does for a Service without endpoints',
      next: [
        'See why no CoreDNS pod is an endpoint: kubectl -n kube-system get endpointslices -l kubernetes.io/service-name=kube-dns',
        'If there are endpoints by now, check again',
      ],
    },
    rules: {
      found:
        '{refused} of {of} queries from {from} to {to} are rejected by {by}, as for a Service without endpoints, though it has {endpoints}: kube-proxy on {node} does not know them',
      next: [
        'See what kube-proxy says on that node: kubectl -n kube-system logs -l k8s-app=kube-proxy --prefix',
        'Restart it there: kubectl -n kube-system delete pod -l k8s-app=kube-proxy --field-selector spec.nodeName={node}',
      ],
    },
  },
  explains: ['coredns-endpoint-unanswering', 'dns-packet-loss', 'pod-lookups-fail', 'kubeproxy-rules-missing', 'coredns-single-point'],
  requires: ['capture'],
  uses: ['endpoint-slices'],
  judge({ capture, 'endpoint-slices': slices }) {
    const endpoints = slices === undefined ? 0 : readyEndpoints(slices).length;
    const ways = waysThat(capture, 'nothing-listening', 'rejected-no-endpoints');
    if (ways.length === 0) return noFault(capture);
    const groups = Map.groupBy(ways, ({ way: { verdict, client } }) =>
      verdict === 'nothing-listening' ? 'port' : endpoints > 0 && client.node !== null ? 'rules' : 'endpoints',
    );
    return found(
      [...groups].flatMap(([variant, own]) => {
        const shown = straightest(own);
        const { failed, of } = lossOf(shown);
        const by = [...new Set(shown.map(({ way }) => way.unreachable?.by ?? way.server.label))];
        const node = shown[0]?.way.client.node ?? null;
        const args = { ...endsOf(shown), refused: failed, of, by, endpoints, node };
        const subject = subjectOf(shown[0]?.way.server ?? { label: '', node: null });
        const failing = own.flatMap(({ way }) => failingPoints(way));
        const remedies = variant === 'rules' ? [{ id: 'restart-kube-proxy', params: { node } }] : deleteOffer(subject, capture, failing);
        return [finding('coredns-nothing-listening', severityOf(shown), subject, { variant, args, proof: wayProof(own), remedies })];
      }),
    );
  },
});
