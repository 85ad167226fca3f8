import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { knowsCluster, nameserversOf, ownProof, podArgs, podSubject } from './pod-view.ts';

export default defineCheck({
  id: 'pod-dnspolicy-default',
  title: 'The pod asks cluster DNS, not the resolver of its node',
  why: 'dnsPolicy Default gives a pod the resolv.conf of its node, whose resolver knows no Services. It is not the default: that is ClusterFirst.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy',
  wording: {
    found: 'Pod {subject} has dnsPolicy Default: it asks the resolver of its node ({nameservers}), which knows no names of the cluster',
    next: [
      'Set dnsPolicy: ClusterFirst (or remove the line) in its template: kubectl -n {namespace} edit {target}',
      'A bare pod must be created anew; leave it as it is only when the pod needs no Service names',
    ],
  },
  explains: ['pod-lookups-fail', 'app-name-error'],
  requires: ['pod'],
  uses: ['lookups', 'dns-service', 'cluster-class', 'coredns-pods'],
  judge({ pod, lookups, 'dns-service': service, 'cluster-class': cluster, 'coredns-pods': coredns }) {
    if (pod.dnsPolicy !== 'Default') return found([]);
    const isCoredns = (coredns?.items ?? []).some((one) => one.namespace === pod.namespace && one.name === pod.name);
    if (isCoredns) return notApplicable('CoreDNS itself must ask the resolver of its node');
    const known = knowsCluster(pod, { service, cluster, lookups });
    if (known === 'yes') return found([]);
    const args = { ...podArgs(pod), nameservers: nameserversOf(pod) };
    const proof = [at('pod', '/dnsPolicy'), ...ownProof(lookups, pod)];
    return found([finding('pod-dnspolicy-default', known === 'no' ? 'critical' : 'high', podSubject(pod), { args, proof })]);
  },
});
