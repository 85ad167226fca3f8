import { matches } from '../rules/label-selector.ts';
import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { livePods, podProof } from './coredns-view.ts';
import { builtIn, isBuiltIn, readyEndpoints, selectorOf, serviceArgs, serviceHealth, serviceSubject } from './service-view.ts';

export default defineCheck({
  id: 'kubedns-selector-mismatch',
  title: 'The DNS Service selects the CoreDNS pods',
  why: 'A Service sends to the pods whose labels its selector names. When it names others, CoreDNS runs and is ready, but no query reaches it.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/service/#services-in-kubernetes',
  wording: {
    found:
      'The DNS Service {namespace}/{name} selects {selector}, but none of the {count} CoreDNS pods has these labels: they have {labels}',
    next: [
      'Set the selector right: kubectl -n {namespace} patch service {name} --type=json -p \'[{"op":"replace","path":"/spec/selector","value":{"k8s-app":"kube-dns"}}]\'',
      'Check it: kubectl -n {namespace} get pods -l k8s-app=kube-dns; kubectl -n {namespace} get endpointslices -l kubernetes.io/service-name={name}',
    ],
  },
  explains: ['kubedns-endpoints-empty', 'pod-lookups-fail', ...whenTheWayIsClosed],
  requires: ['dns-service', 'coredns-pods'],
  uses: ['endpoint-slices', 'lookups', 'cluster-class'],
  judge({ 'dns-service': service, 'coredns-pods': pods, 'endpoint-slices': slices, lookups, 'cluster-class': cluster }) {
    if (isBuiltIn(cluster)) return notApplicable(builtIn);
    if (Object.keys(service.selector).length === 0)
      return notApplicable('the DNS Service has no selector: its endpoints are given by hand');
    const live = livePods(pods).filter(({ pod }) => pod.namespace === service.namespace);
    const [first] = live;
    if (first === undefined) return notApplicable('there is no CoreDNS pod that it could select');
    if (live.some(({ pod }) => matches({ matchLabels: service.selector }, pod.labels))) return found([]);
    // it leads to other pods, which may be another DNS server that is meant
    if (slices !== undefined && readyEndpoints(slices).length > 0) return found([]);
    const labels = selectorOf(first.pod.labels);
    const args = { ...serviceArgs(service), selector: selectorOf(service.selector), count: live.length, labels };
    const wanted = first.pod.labels['k8s-app'];
    const remedies =
      wanted === undefined
        ? []
        : [{ id: 'repair-dns-service', params: { namespace: service.namespace, name: service.name, selector: { 'k8s-app': wanted } } }];
    const proof = [
      at('dns-service', '/selector'),
      podProof(first, '/labels'),
      ...(slices === undefined ? [] : [at('endpoint-slices', '/endpoints')]),
    ];
    const severity = slices === undefined || serviceHealth(lookups) === 'works' ? 'high' : 'critical';
    return found([finding('kubedns-selector-mismatch', severity, serviceSubject(service), { args, proof, remedies })]);
  },
});
