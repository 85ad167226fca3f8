import type { CorednsPods } from '../domain/coredns.ts';
import type { Finding, Proof } from '../domain/finding.ts';
import type { KubeProxy } from '../domain/kube-proxy.ts';
import type { Lookups } from '../domain/lookups.ts';
import type { Node, Nodes } from '../domain/nodes.ts';
import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { isCrashing } from './crash.ts';
import { cutOffProof, cutOffSeverity, isExpected, isOver, proxyArgs, withoutKubeProxy, whenRulesAreStale } from './kube-proxy-view.ts';
import { happenedWithin } from '../rules/recent.ts';

/** A node, and why no kube-proxy runs there. */
interface Bare {
  node: string;
  reason: string | null;
  proof: Proof;
}

/** Nodes that a kube-proxy of the DaemonSet should be on: Fargate and Auto Mode have it inside, Windows has one of its own. */
const isServedByIt = (node: Node): boolean => node.ready && node.kind === 'ordinary' && node.os === 'linux';

/** In big clusters only the pods of some nodes were read: those asked for and those of CoreDNS, at most five. */
function nodesLookedAt({ items }: Nodes, proxy: KubeProxy, coredns: CorednsPods | undefined, asked: string | null): Node[] {
  const served = items.filter(isServedByIt);
  if (proxy.complete) return served;
  const mattering = [...new Set([asked, ...(coredns?.items ?? []).map((pod) => pod.node)])].slice(0, 5);
  return served.filter((node) => mattering.includes(node.name));
}

function bareOf({ pods }: KubeProxy, node: string, now: number): Bare | null {
  const own = pods.filter((one) => one.node === node && !isOver(one));
  // in a rollout the next one comes when the last is gone
  if (own.some((one) => one.terminating)) return null;
  const pod = own[0];
  if (pod === undefined) return { node, reason: null, proof: at('kube-proxy', '/pods') };
  const { state, reason, message } = pod.container;
  // one that crashes is kubeproxy-crashloop's, one that starts is left the time to
  if (state === 'running' || isCrashing(pod, now) || happenedWithin(3, pod.createdAt, now)) return null;
  return {
    node,
    reason: `pod ${pod.name}: ${reason ?? pod.phase} ${message ?? ''}`.trim(),
    proof: at('kube-proxy', `/pods/${pods.indexOf(pod)}/container`),
  };
}

function findingOf(bare: readonly Bare[], proxy: KubeProxy, lookups: Lookups | undefined): Finding[] {
  const [first] = bare;
  if (first === undefined) return [];
  const nodes = bare.map(({ node }) => node);
  const args = { ...proxyArgs(proxy), nodes, node: first.node, count: nodes.length, reason: first.reason };
  const proof = [first.proof, ...cutOffProof(lookups, nodes)];
  const variant = first.reason === null ? 'none' : 'stuck';
  const remedies = first.reason === null ? [] : [{ id: 'restart-kube-proxy', params: { node: first.node } }];
  return [
    finding(
      'kubeproxy-not-running-on-node',
      cutOffSeverity(lookups, nodes),
      { kind: 'Node', name: nodes.join(', ') },
      { variant, args, proof, remedies },
    ),
  ];
}

export default defineCheck({
  id: 'kubeproxy-not-running-on-node',
  title: 'kube-proxy runs on every node',
  why: 'kube-proxy makes the rules that lead the address of a Service to its pods. Where it is missing, old rules stay until pods move, and a new node has none at all.',
  docs: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
  wording: {
    none: {
      found: 'No kube-proxy runs on {nodes}: pods there lose the DNS Service, now or as soon as a CoreDNS pod moves',
      next: [
        'See why the DaemonSet leaves these nodes out (node selector, affinity, tolerations): kubectl -n {namespace} get daemonset {daemonSet} -o yaml',
        'See what the controller says: kubectl -n {namespace} describe daemonset {daemonSet}',
      ],
    },
    stuck: {
      found: 'kube-proxy does not run on {nodes} ({reason}): pods there lose the DNS Service, now or as soon as a CoreDNS pod moves',
      next: [
        'See what keeps it: kubectl -n {namespace} describe pod -l k8s-app=kube-proxy',
        'Start it anew: kubectl -n {namespace} delete pod -l k8s-app=kube-proxy --field-selector spec.nodeName={node}',
      ],
    },
  },
  explains: whenRulesAreStale,
  requires: ['kube-proxy', 'nodes', 'cluster-class'],
  uses: ['lookups', 'coredns-pods'],
  judge({ 'kube-proxy': proxy, nodes, 'cluster-class': cluster, lookups, 'coredns-pods': coredns }, { now, request }) {
    if (!isExpected(cluster) || proxy.daemonSet === null) return notApplicable(withoutKubeProxy);
    const looked = nodesLookedAt(nodes, proxy, coredns, request.node);
    const bare = looked.flatMap((node) => bareOf(proxy, node.name, now) ?? []);
    const stuck = bare.filter(({ reason }) => reason !== null);
    const none = bare.filter(({ reason }) => reason === null);
    return found([...findingOf(none, proxy, lookups), ...findingOf(stuck, proxy, lookups)]);
  },
});
