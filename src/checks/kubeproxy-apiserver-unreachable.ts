import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import {
  crashingProxies,
  cutOffProof,
  cutOffSeverity,
  isExpected,
  proxyArgs,
  withoutKubeProxy,
  whenRulesAreStale,
} from './kube-proxy-view.ts';
import { proxyTroubles, reasonOf, troubledNodes, troubledPods, troubleProof, unreachableClasses } from './proxy-log-view.ts';

const variants: Readonly<Record<string, string>> = { 'api-name': 'name', 'api-cert': 'cert' };

export default defineCheck({
  id: 'kubeproxy-apiserver-unreachable',
  title: 'kube-proxy reaches the API server',
  why: 'Without the API server kube-proxy does not learn where CoreDNS pods are. Its rules stay as they are, and send to pods that are gone once CoreDNS is restarted.',
  docs: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
  wording: {
    default: {
      found: 'kube-proxy on {nodes} does not reach the API server at {server}: {reason}',
      next: [
        'Compare the address with the cluster: kubectl -n {namespace} get configmap {configMap} -o yaml; kubectl cluster-info',
        'Where the address is right, look at what stands between these nodes and the API server: security groups, routes, the public access CIDRs of the endpoint',
        'Then start it anew: kubectl -n {namespace} rollout restart daemonset {daemonSet}',
      ],
    },
    name: {
      found:
        'kube-proxy on {nodes} cannot look up the name of the API server, {server}: {reason}. It asks the resolver of its node, not CoreDNS',
      next: [
        'Look the name up on the node, and see its resolver: /etc/resolv.conf of the node, DNS support and DHCP options of the VPC',
        'Compare the name with the cluster: kubectl -n {namespace} get configmap {configMap} -o yaml; kubectl cluster-info',
      ],
    },
    cert: {
      found: 'kube-proxy on {nodes} does not trust the API server at {server}: {reason}',
      next: [
        'Compare the certificate authority in its kubeconfig with that of the cluster: kubectl -n {namespace} get configmap {configMap} -o yaml',
        'Check the clocks of the nodes: a certificate that is not yet or no longer valid says the same',
      ],
    },
  },
  explains: [...whenRulesAreStale, 'kubeproxy-crashloop'],
  requires: ['kube-proxy-logs'],
  uses: ['kube-proxy', 'kube-proxy-config', 'cluster-class', 'nodes', 'lookups'],
  judge(facts, { now }) {
    const { 'kube-proxy-logs': logs, 'kube-proxy': proxy, 'kube-proxy-config': config, 'cluster-class': cluster, nodes, lookups } = facts;
    if (!isExpected(cluster)) return notApplicable(withoutKubeProxy);
    const crashing = proxy === undefined ? [] : crashingProxies(proxy, nodes, now).map(({ pod }) => pod.name);
    const troubles = proxyTroubles(logs, unreachableClasses, crashing);
    const [first] = troubles;
    if (first === undefined) return found([]);
    const on = troubledNodes(troubles);
    const { server, host } = first.entry.fields;
    const args = {
      ...proxyArgs(proxy),
      nodes: on,
      count: troubledPods(troubles).length,
      of: logs.pods.length,
      server: config?.server ?? server ?? host ?? 'its address',
      reason: reasonOf(first),
    };
    const proof = [
      ...troubleProof(troubles),
      ...(config?.server == null ? [] : [at('kube-proxy-config', '/server')]),
      ...cutOffProof(lookups, on),
    ];
    const remedies = on.slice(0, 1).map((node) => ({ id: 'restart-kube-proxy', params: { node } }));
    const variant = variants[first.entry.class] ?? 'default';
    return found([
      finding(
        'kubeproxy-apiserver-unreachable',
        cutOffSeverity(lookups, on),
        { kind: 'Node', name: on.join(', ') },
        { variant, args, proof, remedies },
      ),
    ]);
  },
});
