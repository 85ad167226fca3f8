import type { Evidence } from '../domain/evidence.ts';
import type { Kubelets } from '../domain/network.ts';
import type { NamedPod, ResolvConf } from '../domain/pod.ts';
import type { Lookups } from '../domain/lookups.ts';
import { podResolvConf } from '../rules/pod-resolv-conf.ts';

/** A nameserver list and search path as a ClusterFirst probe pod got them tell the kubelet's settings, when they could not be asked for. */
function kubeletsFromProbes(lookups: Lookups): Kubelets['items'] {
  return lookups.sources
    .filter((source) => source.how === 'probe' && source.dnsPolicy === 'ClusterFirst' && source.resolvConf !== null)
    .map(({ node, resolvConf }) => ({
      node,
      source: 'probe',
      clusterDNS: resolvConf?.nameservers ?? [],
      clusterDomain: resolvConf?.search.find((entry) => entry.startsWith('svc.'))?.slice('svc.'.length) ?? null,
      resolvConf: null,
    }));
}

/** The kubelets' settings as asked for, and for nodes that were not, as their probe pods show them. */
function mergeKubelets(evidence: Evidence): Evidence['kubelets'] {
  const seen = evidence.lookups?.status === 'ok' ? kubeletsFromProbes(evidence.lookups.data) : [];
  const asked = evidence.kubelets?.status === 'ok' ? evidence.kubelets.data.items : [];
  const items = [...asked, ...seen.filter((item) => !asked.some((other) => other.node === item.node))];
  if (items.length === 0) return evidence.kubelets;
  return { id: 'kubelets', status: 'ok', data: { items }, durationMs: evidence.kubelets?.durationMs ?? 0 };
}

/** The node's own resolv.conf, from a probe pod with dnsPolicy Default, for the search domains that pods inherit. */
const nodeResolvConf = (lookups: Lookups | undefined, node: string | null): ResolvConf | null =>
  lookups?.sources.find((source) => source.how === 'probe' && source.dnsPolicy === 'Default' && source.node === node)?.resolvConf ?? null;

/** The named pod's resolv.conf as a stand-in showed it, when it could not be read inside; a twin's own namespace is put right. */
function fromStandIn(pod: NamedPod, lookups: Lookups | undefined): Pick<NamedPod, 'resolvConf' | 'resolvConfHow'> {
  if (pod.resolvConf !== null || lookups === undefined) return { resolvConf: pod.resolvConf, resolvConfHow: pod.resolvConfHow };
  const ephemeral = lookups.sources.find((source) => source.how === 'ephemeral');
  if (ephemeral !== undefined) return { resolvConf: ephemeral.resolvConf, resolvConfHow: 'ephemeral' };
  const plain = pod.dnsPolicy === 'ClusterFirst' && !pod.hostNetwork && pod.dnsConfig === null;
  const twin = lookups.sources.find(
    (source) =>
      source.node === pod.node && (source.how === 'twin' || (plain && source.how === 'probe' && source.dnsPolicy === 'ClusterFirst')),
  );
  if (twin?.resolvConf == null) return { resolvConf: null, resolvConfHow: null };
  const search = twin.resolvConf.search.map((entry) => entry.replace(/^[^.]+(?=\.svc\.)/, pod.namespace));
  return { resolvConf: { ...twin.resolvConf, search }, resolvConfHow: 'twin' };
}

function withComputed(pod: NamedPod, kubelets: Kubelets['items'], lookups: Lookups | undefined): NamedPod {
  const kubelet = kubelets.find((item) => item.node === pod.node);
  const settings = {
    clusterDNS: kubelet?.clusterDNS ?? [],
    clusterDomain: kubelet?.clusterDomain ?? 'cluster.local',
    nodeResolvConf: nodeResolvConf(lookups, pod.node),
  };
  const computed = kubelet === undefined ? null : podResolvConf(pod, settings);
  return { ...pod, ...fromStandIn(pod, lookups), computed };
}

/** Facts that follow from several readings together: the kubelets' settings as probe pods show them, the named pod's resolv.conf. Pure. */
export function derive(evidence: Evidence): Evidence {
  const kubelets = mergeKubelets(evidence);
  const lookups = evidence.lookups?.status === 'ok' ? evidence.lookups.data : undefined;
  const items = kubelets?.status === 'ok' ? kubelets.data.items : [];
  const pod = evidence.pod?.status === 'ok' ? { ...evidence.pod, data: withComputed(evidence.pod.data, items, lookups) } : evidence.pod;
  return { ...evidence, ...(kubelets === undefined ? {} : { kubelets }), ...(pod === undefined ? {} : { pod }) };
}
