import type { Lookups } from '../domain/lookups.ts';
import type { Kubelets } from '../domain/network.ts';
import type { NamedPod } from '../domain/pod.ts';
import { defineCheck, finding, found, notApplicable } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { anyServes, type DnsKnown, isResolved, namesAsked, serving } from './nameserver-view.ts';
import { proofRows } from './lookup-view.ts';
import { nameserversOf, ownClusterRows, podArgs, podRows, podSubject, resolvProof } from './pod-view.ts';

/** Whether the pod got a nameserver that its kubelet gives no more: a resolv.conf is written once, when the pod starts. */
function isStale(pod: NamedPod, kubelets: Kubelets | undefined, known: DnsKnown): boolean {
  const given = kubelets?.items.find((item) => item.node === pod.node)?.clusterDNS ?? [];
  const own = pod.resolvConfHow === 'twin' ? undefined : pod.resolvConf?.nameservers[0];
  return own !== undefined && given.length > 0 && !given.includes(own) && anyServes(given, known);
}

/** Whether lookups were made through the pod's resolver, and none found anything. */
function resolvesNothing(lookups: Lookups | undefined): boolean {
  const rows = podRows(lookups).filter(({ row }) => row.serverKind === 'resolver');
  return rows.some(({ row }) => row.role === 'external') && !rows.some(isResolved);
}

const takesNodes = ({ dnsPolicy, hostNetwork }: NamedPod): boolean =>
  dnsPolicy === 'Default' || (hostNetwork && dnsPolicy === 'ClusterFirst');

/** Where a wrong nameserver comes from: the pod's own settings, or those of a kubelet that has changed; null when it is another check's matter. */
function origin(pod: NamedPod, kubelets: Kubelets | undefined, known: DnsKnown): 'own' | 'stale' | null {
  if (takesNodes(pod)) return null;
  if (pod.dnsPolicy === 'None') return 'own';
  return isStale(pod, kubelets, known) ? 'stale' : null;
}

export default defineCheck({
  id: 'pod-nameserver-wrong',
  title: 'The nameserver of the pod serves the cluster',
  why: 'A pod asks the nameservers in its resolv.conf, the first one first. One that knows no Services, or that nobody listens at, fails every lookup of that pod alone.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config',
  wording: {
    own: {
      found:
        'Pod {subject} has the nameserver {nameserver} from its own dnsConfig (dnsPolicy {policy}), and gets no names of the cluster there; the DNS Service has {address}',
      next: [
        'Set dnsPolicy: ClusterFirst and remove dnsConfig.nameservers in its template: kubectl -n {namespace} edit {target}',
        'A bare pod must be created anew',
      ],
    },
    first: {
      found:
        'Pod {subject} has the nameserver {nameserver} in the first place, which gives it no names of the cluster; only a later one does',
      next: [
        'Put {address} first in dnsConfig.nameservers of its template, or set dnsPolicy: ClusterFirst: kubectl -n {namespace} edit {target}',
      ],
    },
    unasked: {
      found:
        'Pod {subject} has the nameserver {nameserver} from its own dnsConfig, not the DNS Service ({address}); nobody could ask it, so it is not known whether it serves the cluster',
      next: ['Ask it from a pod on that node: dig @{nameserver} kubernetes.default.svc.cluster.local.'],
    },
    stale: {
      found: 'Pod {subject} still has the nameserver {nameserver}; new pods on {node} get another one, and the DNS Service has {address}',
      next: ['Create the pod anew: kubectl -n {namespace} delete pod {name}', 'Other pods that are as old have the old address, too'],
    },
  },
  explains: ['pod-lookups-fail', 'app-name-error', ...whenTheWayIsClosed],
  requires: ['pod', 'dns-service'],
  uses: ['lookups', 'cluster-class', 'kubelets'],
  judge({ pod, 'dns-service': service, lookups, 'cluster-class': cluster, kubelets }) {
    const known = { service, cluster, lookups };
    const nameservers = nameserversOf(pod).length > 0 ? nameserversOf(pod) : (pod.dnsConfig?.nameservers ?? []);
    const [first] = nameservers;
    const from = origin(pod, kubelets, known);
    if (first === undefined) return notApplicable('the nameservers of the pod are not known');
    if (from === null || anyServes([first], known)) return found([]);
    const rows = [...ownClusterRows(lookups, pod), ...namesAsked(lookups, first)];
    const isRescued = anyServes(nameservers.slice(1), known) && rows.every(({ row }) => row.answered === 0);
    const isSeen = serving(first, known) === 'fails' || resolvesNothing(lookups);
    // a nameserver that nobody could ask may be somebody's forwarder, and meant
    const isInDoubt = from === 'own' && !isSeen;
    const args = { ...podArgs(pod), nameserver: first, policy: pod.dnsPolicy, address: service.clusterIPs[0] ?? 'none' };
    const settings = resolvProof(pod).length > 0 ? resolvProof(pod) : [{ reading: 'pod', pointer: '/dnsConfig/nameservers' }];
    const proof = [...settings, ...proofRows([...new Map(rows.map((row) => [row.index, row])).values()], 2)];
    const parts = { variant: isInDoubt ? 'unasked' : isRescued ? 'first' : from, args, proof };
    const severity = isInDoubt ? 'info' : isSeen && !isRescued ? 'critical' : 'high';
    return found([finding('pod-nameserver-wrong', severity, podSubject(pod), parts)]);
  },
});
