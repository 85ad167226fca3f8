import type { NamedPod } from '../domain/pod.ts';
import { at, defineCheck, finding, found } from './check.ts';
import { failedShortNames, podArgs, podSubject } from './pod-view.ts';
import { proofRows } from './lookup-view.ts';

/** resolv.conf takes three nameservers; the kubelet leaves out the rest (kubelet dns.go). */
const maxNameservers = 3;

const bare = (domain: string): string => domain.replace(/\.$/, '').toLowerCase();

/** Search domains that the pod asks for itself and does not have. */
function omittedSearches({ dnsConfig, resolvConf }: NamedPod): string[] {
  if (resolvConf === null) return [];
  const has = new Set(resolvConf.search.map(bare));
  return (dnsConfig?.searches ?? []).filter((domain) => !has.has(bare(domain)));
}

function omittedNameservers({ dnsConfig, resolvConf }: NamedPod): string[] {
  const has = resolvConf?.nameservers ?? [];
  return has.length < maxNameservers ? [] : (dnsConfig?.nameservers ?? []).filter((address) => !has.includes(address));
}

export default defineCheck({
  id: 'resolv-limits-exceeded',
  title: 'The resolv.conf of the pod holds all that it was given',
  why: 'resolv.conf takes three nameservers and a search path of limited length. The kubelet leaves out what is more, with an event DNSConfigForming and no other sign.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#dns-search-domain-list-limits',
  wording: {
    found: 'The resolv.conf of pod {subject} was cut: {message}; left out: {omitted}',
    next: [
      'See what was left out: kubectl -n {namespace} describe pod {name}',
      'Shorten dnsConfig of its template, or the search path of the node that it inherits: kubectl -n {namespace} edit {target}',
    ],
  },
  explains: ['app-name-error'],
  requires: ['pod'],
  uses: ['lookups'],
  judge({ pod, lookups }) {
    const event = pod.events.findIndex(({ reason, message }) => reason === 'DNSConfigForming' && /exceeded/i.test(message));
    const searches = event < 0 ? [] : omittedSearches(pod);
    const nameservers = omittedNameservers(pod);
    if (event < 0 && nameservers.length === 0) return found([]);
    const failed = failedShortNames(lookups, pod).filter(({ row }) => row.role === 'asked');
    // what the node adds at the end is rarely missed, and three nameservers are enough
    const severity = searches.length === 0 ? 'info' : failed.length > 0 ? 'medium' : 'low';
    const message = pod.events[event]?.message ?? `more than ${maxNameservers} nameservers`;
    const omitted = [...nameservers, ...searches];
    const args = { ...podArgs(pod), message, omitted: omitted.length > 0 ? omitted : 'what the node adds' };
    const proof = [event < 0 ? at('pod', '/dnsConfig/nameservers') : at('pod', `/events/${event}`), ...proofRows(failed, 1)];
    return found([finding('resolv-limits-exceeded', severity, podSubject(pod), { args, proof })]);
  },
});
