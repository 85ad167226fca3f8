import type { Lookups } from '../domain/lookups.ts';
import type { Kubelets } from '../domain/network.ts';
import { at, defineCheck, finding, found, notApplicable, passed, unknown } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { askingNodes, proofRows, rowsOf } from './lookup-view.ts';
import { isNodeLocal, isResolved } from './nameserver-view.ts';
import { builtIn, isBuiltIn } from './service-view.ts';

/** The address that pods ask at, as their kubelets or resolv.conf give it: the Service must come back with it. */
function askedAddress(kubelets: Kubelets | undefined, lookups: Lookups | undefined): string | null {
  const given = [
    ...(kubelets?.items ?? []).flatMap((item) => item.clusterDNS),
    ...(lookups?.sources ?? [])
      .filter((source) => source.dnsPolicy === 'ClusterFirst')
      .flatMap((source) => source.resolvConf?.nameservers ?? []),
  ];
  return given.find((address) => !isNodeLocal(address, undefined)) ?? null;
}

const nameservers = ['nameserver', 'node-local', 'cluster-ip'] as const;

/** Whether pods of every node that asked get the cluster's names from the nameserver they have: then their Service is another one. */
function isServedElsewhere(lookups: Lookups): boolean {
  const nodes = askingNodes(lookups);
  const knows = (node: string) => rowsOf(lookups, { node, how: 'probe', kind: nameservers, role: 'internal' }).some(isResolved);
  return nodes.length > 0 && nodes.every(knows);
}

export default defineCheck({
  id: 'kubedns-service-missing',
  title: 'The Service of cluster DNS exists',
  why: 'Every pod has the address of this Service as its nameserver. Without the Service that address leads nowhere, however healthy CoreDNS is.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/#is-dns-service-up',
  wording: {
    found:
      'The DNS Service does not exist: {namespace} has no Service kube-dns, and pods that ask their nameserver {address} get no answer for names of the cluster',
    next: [
      'Create it again with the address that pods have, clusterIP: {address}; else every pod must be created anew. Selector k8s-app=kube-dns, ports dns 53/UDP and dns-tcp 53/TCP',
      'If cluster DNS has a Service of another name here, name it in the settings: kubectl get services -A | grep {address}',
      'Check it: kubectl -n {namespace} get service kube-dns',
    ],
  },
  explains: [
    'kubedns-endpoints-empty',
    'kubedns-clusterip-mismatch',
    'kubelet-clusterdns-wrong',
    'pod-nameserver-wrong',
    'pod-lookups-fail',
    'nodelocaldns-down',
    ...whenTheWayIsClosed,
  ],
  requires: ['cluster-class'],
  uses: ['dns-service', 'kubelets', 'lookups', 'coredns-workload'],
  judge({ 'cluster-class': cluster, 'dns-service': service, kubelets, lookups, 'coredns-workload': workload }, { failed }) {
    if (service !== undefined) return passed;
    if (isBuiltIn(cluster)) return notApplicable(builtIn);
    if (failed?.['dns-service'] !== 'missing') return unknown('the DNS Service could not be read');
    if (lookups !== undefined && isServedElsewhere(lookups))
      return unknown('pods are answered, so cluster DNS has a Service that was not found');
    const asked = lookups === undefined ? [] : rowsOf(lookups, { how: 'probe', kind: nameservers, role: 'internal' });
    // without CoreDNS and without a lookup, nothing says that this place is where DNS should be
    if (asked.length === 0 && workload === undefined)
      return unknown('neither the DNS Service nor CoreDNS was found, and no lookup was made');
    const address = askedAddress(kubelets, lookups);
    const namespace = workload?.namespace ?? 'kube-system';
    const told = kubelets === undefined || kubelets.items.length === 0 ? [] : [at('kubelets', '/items/0/clusterDNS')];
    const args = { namespace, address: address ?? 'unknown' };
    const proof = [...proofRows(asked, 2), ...told, at('cluster-class', '/autoMode')];
    const remedies = address === null ? [] : [{ id: 'repair-dns-service', params: { namespace, name: 'kube-dns', clusterIP: address } }];
    const severity = asked.length > 0 ? 'critical' : 'high';
    return found([
      finding('kubedns-service-missing', severity, { kind: 'Service', namespace, name: 'kube-dns' }, { args, proof, remedies }),
    ]);
  },
});
