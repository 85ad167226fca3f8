import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { wrongKubelets } from './kubelet-view.ts';
import { proofRows } from './lookup-view.ts';
import { namesAsked } from './nameserver-view.ts';
import { builtIn, isBuiltIn, serviceArgs, serviceSubject } from './service-view.ts';

export default defineCheck({
  id: 'kubedns-clusterip-mismatch',
  title: 'The nameserver of pods is the address of the DNS Service',
  why: 'The kubelets write a fixed address into the resolv.conf of every pod. When the Service is created anew it gets another one, and nobody is at the old.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/service/#choosing-your-own-ip-address',
  wording: {
    found: 'Pods ask {nameservers} for names, but the DNS Service {namespace}/{name} has the address {address}; seen on {nodes}',
    next: [
      'Create the Service again with the address that pods have: save it (kubectl -n {namespace} get service {name} -o yaml), delete it, and apply it with clusterIP: {nameserver}',
      'Or give the kubelets the new address (clusterDNS: [{address}]), and create all pods anew',
    ],
  },
  explains: ['pod-nameserver-wrong', 'pod-lookups-fail', ...whenTheWayIsClosed],
  requires: ['dns-service', 'kubelets'],
  uses: ['lookups', 'cluster-class', 'nodes', 'pod'],
  judge({ 'dns-service': service, kubelets, lookups, 'cluster-class': cluster, nodes, pod }) {
    if (isBuiltIn(cluster)) return notApplicable(builtIn);
    if (service.clusterIPs.length === 0) return notApplicable('the DNS Service is headless');
    const { wrong, scope } = wrongKubelets({ kubelets, service, lookups, cluster, nodes, pod });
    if (scope !== 'cluster') return found([]);
    const nameservers = [...new Set(wrong.flatMap(({ kubelet }) => kubelet.clusterDNS))];
    const nameserver = nameservers[0] ?? '';
    const asked = nameservers.flatMap((address) => namesAsked(lookups, address));
    const proof = [
      ...wrong.slice(0, 2).map(({ index }) => at('kubelets', `/items/${index}/clusterDNS`)),
      at('dns-service', '/clusterIPs'),
      ...proofRows(asked, 2),
    ];
    const args = { ...serviceArgs(service), nameservers, nameserver, nodes: wrong.map(({ kubelet }) => kubelet.node) };
    const remedies = [{ id: 'repair-dns-service', params: { namespace: service.namespace, name: service.name, clusterIP: nameserver } }];
    return found([
      finding('kubedns-clusterip-mismatch', asked.length > 0 ? 'critical' : 'high', serviceSubject(service), { args, proof, remedies }),
    ]);
  },
});
