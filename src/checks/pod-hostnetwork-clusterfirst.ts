import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { knowsCluster, nameserversOf, ownProof, podArgs, podSubject } from './pod-view.ts';

export default defineCheck({
  id: 'pod-hostnetwork-clusterfirst',
  title: 'The pod on the host network asks cluster DNS',
  why: 'For a pod with hostNetwork the kubelet takes dnsPolicy ClusterFirst for Default, without a word: the pod gets the resolv.conf of its node.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy',
  wording: {
    found:
      'Pod {subject} is on the host network with dnsPolicy ClusterFirst, which then means the resolver of the node ({nameservers}): it knows no names of the cluster',
    next: [
      'Set dnsPolicy: ClusterFirstWithHostNet in its template: kubectl -n {namespace} edit {target}',
      'A bare pod must be created anew',
    ],
  },
  explains: ['pod-lookups-fail', 'app-name-error'],
  requires: ['pod'],
  uses: ['lookups', 'dns-service', 'cluster-class'],
  judge({ pod, lookups, 'dns-service': service, 'cluster-class': cluster }) {
    if (!pod.hostNetwork || pod.dnsPolicy !== 'ClusterFirst') return found([]);
    if (pod.os !== 'linux') return notApplicable(`the pod runs ${pod.os}, where this is not so`);
    const known = knowsCluster(pod, { service, cluster, lookups });
    if (known === 'yes') return found([]);
    const args = { ...podArgs(pod), nameservers: nameserversOf(pod) };
    const proof = [at('pod', '/hostNetwork'), at('pod', '/dnsPolicy'), ...ownProof(lookups, pod)];
    return found([finding('pod-hostnetwork-clusterfirst', known === 'no' ? 'critical' : 'high', podSubject(pod), { args, proof })]);
  },
});
