import type { Lookups } from '../domain/lookups.ts';
import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { localRoles, proofRows, reach, reachOf, rowsOf } from './lookup-view.ts';
import type { IndexedRow } from './outside-view.ts';

/** Lookups at the caches of the nodes, for names that need no upstream, by our own pods. */
const cacheRows = (lookups: Lookups | undefined): IndexedRow[] =>
  lookups === undefined ? [] : rowsOf(lookups, { kind: 'node-local', how: 'probe', proto: 'udp', role: localRoles });

/** Nodes whose cache gives no answer at all, though a CoreDNS pod answers there: without one the cache, too, has nothing to say. */
function silentNodes(rows: readonly IndexedRow[], lookups: Lookups): string[] {
  const nodes = [...new Set(rows.map(({ row }) => row.from.node))];
  const isAnswered = (node: string) =>
    reachOf(lookups, { kind: 'endpoint', how: 'probe', node, proto: 'udp', role: localRoles }) !== 'none';
  return nodes.filter((node) => isAnswered(node) && reach(rows.filter(({ row }) => row.from.node === node)) === 'none');
}

export default defineCheck({
  id: 'nodelocaldns-down',
  title: 'NodeLocal DNSCache answers on every node',
  why: 'Where the cache is the nameserver of pods, nothing stands in for it: while it is down on a node, no pod there resolves anything.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/',
  wording: {
    silent: {
      found: 'The DNS cache of {nodes} does not answer at {address}: pods there that have it as their nameserver resolve nothing',
      next: [
        'See its pods: kubectl -n {namespace} get pods -o wide | grep {daemonSet}',
        'Read the log of the one on that node, then start it anew: kubectl -n {namespace} delete pod POD',
      ],
    },
    missing: {
      found: 'NodeLocal DNSCache is not ready on {count} of {desired} nodes: pods there that have it as their nameserver resolve nothing',
      next: [
        'See which: kubectl -n {namespace} get pods -o wide | grep {daemonSet}',
        'See what keeps them: kubectl -n {namespace} describe daemonset {daemonSet}',
      ],
    },
  },
  explains: ['pod-lookups-fail', 'kubeproxy-rules-missing', ...whenTheWayIsClosed],
  requires: ['cluster-class'],
  uses: ['lookups', 'nodes'],
  judge({ 'cluster-class': { nodeLocalDns: local }, lookups, nodes }) {
    const rows = cacheRows(lookups);
    if (local === null && rows.length === 0) return notApplicable('there is no NodeLocal DNSCache');
    const silent = lookups === undefined ? [] : silentNodes(rows, lookups);
    const away = (nodes?.items ?? []).filter((node) => !node.ready).length;
    // nodes that are not ready are another fault; a rollout is over in a moment, and most nodes have answered
    const missing = local === null ? 0 : local.desired - local.ready - away;
    if (silent.length === 0 && missing <= 0) return found([]);
    const lost = rows.filter(({ row }) => silent.includes(row.from.node));
    const named = {
      namespace: local?.namespace ?? 'kube-system',
      daemonSet: local?.name ?? 'node-local-dns',
      address: lost[0]?.row.server ?? local?.ips[0] ?? '169.254.20.10',
    };
    const args = { ...named, nodes: silent, count: missing, desired: local?.desired ?? 0 };
    const proof = [at('cluster-class', '/nodeLocalDns'), ...proofRows(lost, 3)];
    if (silent.length > 0)
      return found([
        finding('nodelocaldns-down', 'critical', { kind: 'Node', name: silent.join(', ') }, { variant: 'silent', args, proof }),
      ]);
    return found([
      finding(
        'nodelocaldns-down',
        'high',
        { kind: 'DaemonSet', namespace: named.namespace, name: named.daemonSet },
        { variant: 'missing', args, proof },
      ),
    ]);
  },
});
