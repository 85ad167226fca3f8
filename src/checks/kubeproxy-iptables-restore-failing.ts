import { defineCheck, finding, found, notApplicable } from './check.ts';
import {
  crashingProxies,
  cutOffProof,
  cutOffSeverity,
  isExpected,
  proxyArgs,
  withoutKubeProxy,
  whenRulesAreStale,
} from './kube-proxy-view.ts';
import { proxyTroubles, reasonOf, troubledNodes, troubledPods, troubleProof } from './proxy-log-view.ts';

export default defineCheck({
  id: 'kubeproxy-iptables-restore-failing',
  title: 'kube-proxy can write its rules',
  why: 'kube-proxy runs and knows where CoreDNS is, but the kernel does not take its rules. They stay as they were, and fail when CoreDNS pods are replaced.',
  docs: 'https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-mode-iptables',
  wording: {
    found: 'kube-proxy on {nodes} fails to write its rules: {reason}',
    next: [
      'Read the whole message: kubectl -n {namespace} logs {pod}',
      'See whether something else writes rules there (another kube-proxy, firewalld, a mix of iptables-nft and iptables-legacy): iptables --version and iptables-save on the node',
      'Start it anew: kubectl -n {namespace} delete pod {pod}',
    ],
  },
  explains: whenRulesAreStale,
  requires: ['kube-proxy-logs'],
  uses: ['kube-proxy', 'cluster-class', 'nodes', 'lookups'],
  judge({ 'kube-proxy-logs': logs, 'kube-proxy': proxy, 'cluster-class': cluster, nodes, lookups }, { now }) {
    if (!isExpected(cluster)) return notApplicable(withoutKubeProxy);
    const crashing = proxy === undefined ? [] : crashingProxies(proxy, nodes, now).map(({ pod }) => pod.name);
    const troubles = proxyTroubles(logs, ['iptables-failed']).filter(({ log }) => !crashing.includes(log.pod));
    const [first] = troubles;
    if (first === undefined) return found([]);
    const on = troubledNodes(troubles);
    const args = { ...proxyArgs(proxy), nodes: on, pod: first.log.pod, count: troubledPods(troubles).length, reason: reasonOf(first) };
    const remedies = on.slice(0, 1).map((node) => ({ id: 'restart-kube-proxy', params: { node } }));
    const proof = [...troubleProof(troubles), ...cutOffProof(lookups, on)];
    return found([
      finding(
        'kubeproxy-iptables-restore-failing',
        cutOffSeverity(lookups, on),
        { kind: 'Node', name: on.join(', ') },
        { args, proof, remedies },
      ),
    ]);
  },
});
