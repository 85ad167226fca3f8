import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { wrongKubelets } from './kubelet-view.ts';
import { proofRows } from './lookup-view.ts';
import { namesAsked } from './nameserver-view.ts';
import { builtIn, isBuiltIn, serviceArgs } from './service-view.ts';

export default defineCheck({
  id: 'kubelet-clusterdns-wrong',
  title: 'Every kubelet gives pods the address of the DNS Service',
  why: 'The kubelet writes its clusterDNS into the resolv.conf of each pod it starts. With a wrong address all new pods of that node resolve nothing.',
  docs: 'https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/',
  wording: {
    found:
      'The kubelet of {nodes} gives pods the nameserver {nameservers}, which does not serve the cluster; the DNS Service has the address {address}',
    next: [
      'Set clusterDNS: [{address}] in the configuration of the kubelet (on EKS: clusterDNS in the NodeConfig of nodeadm, --dns-cluster-ip of bootstrap.sh), and restart the kubelet or replace the node',
      'Then create the pods of that node anew, they keep the resolv.conf they were started with: kubectl get pods -A --field-selector spec.nodeName={node}',
    ],
  },
  explains: ['pod-nameserver-wrong', 'kubedns-clusterip-mismatch', 'pod-lookups-fail', ...whenTheWayIsClosed],
  requires: ['dns-service', 'kubelets'],
  uses: ['lookups', 'cluster-class', 'nodes', 'pod'],
  judge({ 'dns-service': service, kubelets, lookups, 'cluster-class': cluster, nodes, pod }) {
    if (isBuiltIn(cluster)) return notApplicable(builtIn);
    if (service.clusterIPs.length === 0) return notApplicable('the DNS Service is headless');
    const { wrong, scope } = wrongKubelets({ kubelets, service, lookups, cluster, nodes, pod });
    if (scope !== 'nodes') return found([]);
    const names = wrong.map(({ kubelet }) => kubelet.node);
    const nameservers = [...new Set(wrong.flatMap(({ kubelet }) => kubelet.clusterDNS))];
    const asked = nameservers.flatMap((address) => namesAsked(lookups, address));
    const proof = [
      ...wrong.slice(0, 2).map(({ index }) => at('kubelets', `/items/${index}/clusterDNS`)),
      at('dns-service', '/clusterIPs'),
      ...proofRows(asked, 2),
    ];
    const args = { ...serviceArgs(service), nodes: names, node: names[0] ?? '', nameservers };
    // an address that nobody asked may be somebody's forwarder
    const severity = asked.length > 0 ? 'critical' : 'high';
    return found([finding('kubelet-clusterdns-wrong', severity, { kind: 'Node', name: names.join(', ') }, { args, proof })]);
  },
});
