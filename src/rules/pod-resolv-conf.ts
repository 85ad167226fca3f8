import type { NamedPod, ResolvConf } from '../domain/pod.ts';

export type PodDns = Pick<NamedPod, 'dnsPolicy' | 'hostNetwork' | 'dnsConfig' | 'namespace'>;
/** What a pod's node decides. `nodeResolvConf`: the file that the kubelet's `resolvConf` names, null when it was not read. */
export type NodeDns = { clusterDNS: readonly string[]; clusterDomain: string | null; nodeResolvConf: ResolvConf | null };
type Settings = { nameservers: string[]; search: string[]; options: string[] };

/** Limits of API validation that the kubelet cuts to (since 1.26, ExpandedDNSConfig). */
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARS = 2048;
const MAX_SEARCH_DOMAIN = 253;

/**
 * The resolv.conf that the kubelet writes for a pod (GetPodDNS in kubelet dns.go). Null when it depends on the node's own file and that is
 * not known. For a pod of cluster DNS only the node's search domains come from that file: without it they are missing from the end of
 * `search`, the rest is certain. The kubelet writes options in no fixed order.
 */
export function podResolvConf(pod: PodDns, node: NodeDns): ResolvConf | null {
  const base = baseSettings(pod, node);
  if (base === null) return null;
  const { nameservers, search, options } = pod.dnsConfig === null ? base : withDnsConfig(base, pod.dnsConfig);
  return {
    nameservers: nameservers.slice(0, MAX_NAMESERVERS),
    search: fitting(search),
    ndots: ndotsOf(options),
    options,
    unknown: [],
  };
}

/** Which base a policy gives. An unknown policy counts as ClusterFirst, as in the kubelet. */
function baseSettings(pod: PodDns, node: NodeDns): Settings | null {
  if (pod.dnsPolicy === 'None') return { nameservers: [], search: [], options: [] };
  const silentlyDefault = pod.hostNetwork && pod.dnsPolicy === 'ClusterFirst';
  const ofNode = pod.dnsPolicy === 'Default' || silentlyDefault || node.clusterDNS.length === 0;
  return ofNode ? nodeSettings(node) : clusterSettings(pod.namespace, node);
}

function nodeSettings({ nodeResolvConf }: NodeDns): Settings | null {
  if (nodeResolvConf === null) return null;
  const { nameservers, search, options } = nodeResolvConf;
  return { nameservers: [...nameservers], search: search.map(withoutDot), options: [...options] };
}

function clusterSettings(namespace: string, { clusterDNS, clusterDomain, nodeResolvConf }: NodeDns): Settings {
  const nodeSearch = (nodeResolvConf?.search ?? []).map(withoutDot);
  const zone = clusterDomain === null ? '' : clusterDomain;
  const search = zone === '' ? nodeSearch : unique([`${namespace}.svc.${zone}`, `svc.${zone}`, zone, ...nodeSearch]);
  return { nameservers: [...clusterDNS], search, options: ['ndots:5'] };
}

function withDnsConfig(base: Settings, dnsConfig: NonNullable<PodDns['dnsConfig']>): Settings {
  return {
    nameservers: unique([...base.nameservers, ...dnsConfig.nameservers]),
    search: unique([...base.search, ...dnsConfig.searches]),
    options: mergedOptions(base.options, dnsConfig.options),
  };
}

/** By name: the pod's option replaces the base's; a null or empty value makes it a flag. */
function mergedOptions(base: string[], own: { name: string; value: string | null }[]): string[] {
  const merged = new Map<string, string>();
  for (const option of base) merged.set(optionName(option), option.slice(optionName(option).length + 1));
  for (const { name, value } of own) merged.set(name, value ?? '');
  return [...merged].map(([name, value]) => (value === '' ? name : `${name}:${value}`));
}

function optionName(option: string): string {
  const colon = option.indexOf(':');
  return colon === -1 ? option : option.slice(0, colon);
}

/** The resolvers' own default is 1; the last ndots counts. */
function ndotsOf(options: string[]): number {
  const value = options.findLast((option) => /^ndots:\d{1,6}$/.test(option));
  return value === undefined ? 1 : Number(value.slice('ndots:'.length));
}

/** Cuts the search list as the kubelet does: by number, then overlong domains, then from the end until the line is short enough. */
function fitting(search: string[]): string[] {
  const kept = search.slice(0, MAX_SEARCHES).filter((domain) => domain.length <= MAX_SEARCH_DOMAIN);
  while (kept.join(' ').length > MAX_SEARCH_CHARS) kept.pop();
  return kept;
}

/** The kubelet trims the dot of the node's search domains; newer ones keep the root (".") itself. */
function withoutDot(domain: string): string {
  return domain.length > 1 && domain.endsWith('.') ? domain.slice(0, -1) : domain;
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}
