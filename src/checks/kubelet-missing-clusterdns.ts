import type { Lookups } from '../domain/lookups.ts';
import type { NamedPod } from '../domain/pod.ts';
import { at, defineCheck, finding, found } from './check.ts';
import { isWithoutDns, placedKubelets } from './kubelet-view.ts';
import { proofRows, rowsOf } from './lookup-view.ts';
import { anyServes, type DnsKnown, isResolved } from './nameserver-view.ts';
import { nameserversOf } from './pod-view.ts';

/** Where the kubelet said so of the named pod; -1 when it did not, or the pod has cluster DNS all the same. */
function saidOf(pod: NamedPod | undefined, known: DnsKnown): number {
  if (pod === undefined || pod.node === null || anyServes(nameserversOf(pod), known)) return -1;
  return pod.events.findIndex(({ reason }) => reason === 'MissingClusterDNS');
}

/** How pods of a node that have the node's own nameservers fare with names of the cluster. */
const rowsFrom = (lookups: Lookups | undefined, nodes: readonly string[]) =>
  (lookups === undefined ? [] : rowsOf(lookups, { kind: ['nameserver', 'node-local'], role: 'internal' })).filter(({ row }) =>
    nodes.includes(row.from.node),
  );

export default defineCheck({
  id: 'kubelet-missing-clusterdns',
  title: 'Every kubelet knows the address of cluster DNS',
  why: 'A kubelet without clusterDNS gives pods the resolv.conf of its node instead, with an event MissingClusterDNS: they resolve the world, and no Service.',
  docs: 'https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/',
  wording: {
    found: 'The kubelet of {nodes} has no clusterDNS: pods there get the resolver of the node, which knows no names of the cluster',
    next: [
      'Set clusterDNS: [{address}] and clusterDomain in the configuration of the kubelet (on EKS: the NodeConfig of nodeadm, --dns-cluster-ip of bootstrap.sh), or replace the node',
      'Then create the pods of that node anew, they keep the resolv.conf they were started with: kubectl get pods -A --field-selector spec.nodeName={node}',
    ],
  },
  explains: ['pod-nameserver-wrong', 'pod-lookups-fail', 'app-name-error'],
  requires: ['nodes'],
  uses: ['kubelets', 'pod', 'lookups', 'dns-service', 'cluster-class'],
  judge({ nodes, kubelets = { items: [] }, pod, lookups, 'dns-service': service, 'cluster-class': cluster }) {
    const known = { service, cluster, lookups };
    const bare = placedKubelets({ ...known, kubelets, nodes, pod }).filter(
      (one) => isWithoutDns(one) && !anyServes(one.kubelet.clusterDNS, known),
    );
    const said = saidOf(pod, known);
    const names = [...new Set([...bare.map(({ kubelet }) => kubelet.node), ...(said < 0 ? [] : [pod?.node ?? ''])])];
    const rows = rowsFrom(lookups, names);
    // the resolver of the node may know the cluster
    if (names.length === 0 || rows.some(isResolved)) return found([]);
    const args = { nodes: names, node: names[0] ?? '', address: service?.clusterIPs[0] ?? 'the ClusterIP of kube-dns' };
    const told = bare.slice(0, 2).map(({ index }) => at('kubelets', `/items/${index}`));
    const proof = [...told, ...(said < 0 ? [] : [at('pod', `/events/${said}`)]), ...proofRows(rows, 2)];
    return found([
      finding(
        'kubelet-missing-clusterdns',
        rows.length > 0 ? 'critical' : 'high',
        { kind: 'Node', name: names.join(', ') },
        { args, proof },
      ),
    ]);
  },
});
