import type { KubeProxyConfig, KubeProxyLogs } from '../domain/kube-proxy.ts';
import type { Proof } from '../domain/finding.ts';
import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import {
  crashingProxies,
  cutOffProof,
  cutOffSeverity,
  isExpected,
  type PlacedProxy,
  proxyArgs,
  withoutKubeProxy,
  whenRulesAreStale,
} from './kube-proxy-view.ts';
import { proxyRefusals, proxyTroubles, reasonOf, troubledPods, troubleProof, unreachableClasses } from './proxy-log-view.ts';

/** Why they crash: as the configuration shows, as their last words say, or as the kubelet saw it end. */
function reason(
  crashed: readonly PlacedProxy[],
  config: KubeProxyConfig | undefined,
  logs: KubeProxyLogs | undefined,
): { variant: string; text: string; proof: Proof[] } {
  const words = proxyTroubles(
    logs,
    ['config-invalid', 'fatal'],
    crashed.map(({ pod }) => pod.name),
  );
  const said = words.find(({ entry }) => entry.class === 'config-invalid') ?? words[0];
  const proof = said === undefined ? [] : troubleProof([said]);
  if (config?.problem != null) return { variant: 'config', text: config.problem, proof: [at('kube-proxy-config', '/problem'), ...proof] };
  if (said !== undefined) return { variant: said.entry.class === 'config-invalid' ? 'config' : 'default', text: reasonOf(said), proof };
  const last = crashed[0]?.pod.container.last;
  return {
    variant: 'default',
    text: last == null ? 'its log does not say why' : `${last.reason}, exit code ${last.exitCode} ${last.message}`.trim(),
    proof,
  };
}

export default defineCheck({
  id: 'kubeproxy-crashloop',
  title: 'kube-proxy does not crash',
  why: 'A kube-proxy that crashes leaves the rules of its node as they were. They fail as soon as a CoreDNS pod is replaced, and a new node gets none.',
  docs: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-proxy/',
  wording: {
    config: {
      found: 'kube-proxy crashes on {nodes}, because its configuration is wrong: {reason}',
      next: [
        'Correct it: kubectl -n {namespace} edit configmap {configMap}',
        'Then start it anew: kubectl -n {namespace} rollout restart daemonset {daemonSet}',
      ],
    },
    default: {
      found: 'kube-proxy crashes on {nodes}: {reason}',
      next: [
        'Read its last words: kubectl -n {namespace} logs {pod} --previous',
        'When it began after an upgrade, compare its version with that of the cluster: kubectl -n {namespace} get daemonset {daemonSet} -o wide; kubectl version',
      ],
    },
  },
  explains: whenRulesAreStale,
  requires: ['kube-proxy'],
  uses: ['kube-proxy-logs', 'kube-proxy-config', 'cluster-class', 'nodes', 'lookups', 'rbac'],
  judge(facts, { now }) {
    const {
      'kube-proxy': proxy,
      'kube-proxy-logs': logs,
      'kube-proxy-config': config,
      'cluster-class': cluster,
      nodes,
      lookups,
      rbac,
    } = facts;
    if (!isExpected(cluster)) return notApplicable(withoutKubeProxy);
    const all = crashingProxies(proxy, nodes, now);
    const names = all.map(({ pod }) => pod.name);
    // those that end because of the API server are found by the checks for that
    const byApi = troubledPods([...proxyTroubles(logs, unreachableClasses, names), ...proxyRefusals(logs, rbac, names)]);
    const crashed = all.filter(({ pod }) => !byApi.includes(pod.name));
    const [first] = crashed;
    if (first === undefined) return found([]);
    const on = crashed.flatMap(({ pod }) => pod.node ?? []);
    const { variant, text, proof } = reason(crashed, config, logs);
    const args = { ...proxyArgs(proxy), nodes: on, pod: first.pod.name, count: crashed.length, reason: text };
    const subject = { kind: 'Pod', namespace: first.pod.namespace, name: first.pod.name };
    const remedies = variant === 'config' ? [] : on.slice(0, 1).map((node) => ({ id: 'restart-kube-proxy', params: { node } }));
    const shown = [at('kube-proxy', `/pods/${first.index}/container`), ...proof, ...cutOffProof(lookups, on)];
    return found([finding('kubeproxy-crashloop', cutOffSeverity(lookups, on), subject, { variant, args, proof: shown, remedies })]);
  },
});
