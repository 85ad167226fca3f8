import type { QueryStats } from '../domain/coredns.ts';
import type { NamedPod } from '../domain/pod.ts';
import { queriesFor, recommendNdots, savings } from '../rules/ndots.ts';
import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { podArgs, podSubject } from './pod-view.ts';

type Client = QueryStats['clients'][number];

/** Fewer lines or a shorter time cannot tell a habit from a moment; many lines can, however short the time that they fit into. */
const enough = { lines: 50, seconds: 10, many: 200 };
const tooMuch = { share: 0.3, perSecond: 1 };
/** The usual settings of a pod, for clients whose own are not known. */
const usual = { ndots: 5, searches: 4 };

/** The clients to judge: the pod of the complaint, where one was named; else all. A host network's address is that of many. */
const judged = (stats: QueryStats, pod: NamedPod | undefined): Client[] =>
  pod === undefined ? stats.clients : stats.clients.filter(({ ip }) => !pod.hostNetwork && pod.ips.includes(ip));

function isWasteful({ queries, wasted }: Client, seconds: number): boolean {
  return wasted / queries >= tooMuch.share && wasted / seconds >= tooMuch.perSecond;
}

const isEnough = ({ lines, spanSeconds }: QueryStats): boolean =>
  spanSeconds >= 1 && (lines >= enough.many || (lines >= enough.lines && spanSeconds >= enough.seconds));

/** What one lookup of the client's most wasteful name costs in queries of one address family, and what would be saved. */
function costOf(client: Client, stats: QueryStats, pod: NamedPod | undefined) {
  const conf = pod?.resolvConf ?? pod?.computed ?? null;
  const search = conf?.search ?? Array.from({ length: usual.searches }, (_, index) => `s${index}`);
  const ndots = conf?.ndots ?? usual.ndots;
  const libc = pod?.libc === 'musl' ? 'musl' : 'glibc';
  const top = client.names.find(({ wasted }) => wasted > 0);
  const name = top?.name ?? '';
  // musl never searches a name with enough dots, so svc.ns is kept searchable where the libc is not known to do better
  const wanted = Math.max(recommendNdots(client.neededDots), pod?.libc === 'glibc' ? 1 : 2);
  const rates = client.names
    .filter(({ wasted }) => wasted > 0)
    .map((one) => ({ name: one.name, dots: one.dots, queriesPerSecond: one.wasted / Math.max(1, search.length) / stats.spanSeconds }));
  const saved = wanted < ndots ? savings(rates, wanted, search.length, 1) : 0;
  return { name, ndots, wanted, saved: Math.round(saved * 10) / 10, perLookup: queriesFor(name, { search, ndots }, libc, 1, `${name}.`) };
}

export default defineCheck({
  id: 'ndots-amplification',
  title: 'Clients do not ask for names of the world through all search domains',
  why: 'With ndots 5 a name like amazon.com is first asked with every search domain, and fails each time. One lookup becomes five queries, ten with IPv6, at CoreDNS and its upstream.',
  docs: 'https://docs.aws.amazon.com/eks/latest/best-practices/scale-cluster-services.html',
  wording: {
    ndots: {
      found:
        '{share} % of the queries of {subject} are wasted on search domains ({perSecond} a second): with ndots {ndots} one lookup of {name} costs {perLookup} queries; most wasted: {names}',
      next: [
        'Set ndots {wanted} in its template, which saves {saved} queries a second and causes a rollout: spec.template.spec.dnsConfig.options [{ name: ndots, value: "{wanted}" }]',
        'Or write the names with a dot at the end ({name}.), so that they are asked as they stand',
      ],
    },
    dot: {
      found:
        '{share} % of the queries of {subject} are wasted on search domains ({perSecond} a second): one lookup of {name} costs {perLookup} queries; most wasted: {names}',
      next: [
        'Write the names with a dot at the end ({name}.), so that they are asked as they stand: a smaller ndots would not help, or break names that need the search path',
      ],
    },
  },
  explains: ['diagnostic-log-left-on'],
  requires: ['coredns-logs'],
  uses: ['pod'],
  judge({ 'coredns-logs': { queries: stats }, pod }) {
    if (stats === null) return notApplicable('CoreDNS logs no queries');
    if (!isEnough(stats)) return found([]);
    const client = judged(stats, pod).find((one) => isWasteful(one, stats.spanSeconds));
    if (client === undefined) return found([]);
    const { saved, ...cost } = costOf(client, stats, pod);
    const share = Math.round((100 * client.wasted) / client.queries);
    const perSecond = Math.round((10 * client.wasted) / stats.spanSeconds) / 10;
    const names = client.names.filter(({ wasted }) => wasted > 0).map(({ name }) => name);
    const args = { ...(pod === undefined ? {} : podArgs(pod)), ...cost, client: client.ip, share, perSecond, saved, names };
    const gains = saved > 0;
    // for a pod of no workload the remedy says what to write instead
    const remedies = gains && pod !== undefined ? [{ id: 'set-ndots', params: { value: cost.wanted } }] : [];
    const proof = [
      at('coredns-logs', `/queries/clients/${stats.clients.indexOf(client)}`),
      ...(pod?.resolvConf == null ? [] : [at('pod', '/resolvConf/ndots')]),
    ];
    const subject = pod === undefined ? { kind: 'Client', name: client.ip } : podSubject(pod);
    return found([finding('ndots-amplification', 'medium', subject, { variant: gains ? 'ndots' : 'dot', args, proof, remedies })]);
  },
});
