import type { SystemPod } from '../domain/coredns.ts';
import type { KubeProxy } from '../domain/kube-proxy.ts';
import type { Nodes } from '../domain/nodes.ts';
import type { ClusterPort, Json } from '../cluster/port.ts';
import { Failure } from '../base/failure.ts';
import { bounded, outcome, values } from './bounded.ts';
import type { CollectContext, Collector } from './collector.ts';
import { given } from './given.ts';
import { kubeProxyDaemonSet, podSelector } from './kube-proxy-daemon-set.ts';
import { str } from './pick.ts';
import { systemPod } from './system-pod.ts';

/** Where every installer puts kube-proxy, wherever CoreDNS is. */
export const kubeProxyNamespace = 'kube-system';
const label = 'k8s-app=kube-proxy';
const podLimit = 150;
const maxNodes = 6;

/**
 * kube-proxy's DaemonSet and pods. Where not all nodes were read (big clusters), only the pods of nodes that matter: those of CoreDNS, those of the
 * complaint and one more.
 */
export const kubeProxy: Collector<'kube-proxy'> = {
  id: 'kube-proxy',
  title: 'Reading kube-proxy',
  after: ['nodes', 'coredns-pods', 'pod'],
  needs: [
    { group: 'apps', resource: 'daemonsets', verb: 'list', scope: 'system' },
    { group: 'apps', resource: 'daemonsets', verb: 'get', scope: 'system' },
    { group: '', resource: 'pods', verb: 'list', scope: 'system' },
  ],
  timeoutMs: 8000,
  async collect(context) {
    const raw = await findDaemonSet(context);
    const selector = podSelector(raw) ?? label;
    const nodes = given(context.have.nodes);
    const found =
      nodes !== null && !nodes.complete
        ? await podsOf(context, selector, nodesThatMatter(context, nodes))
        : await allPods(context, selector);
    return { daemonSet: raw === null ? null : kubeProxyDaemonSet(raw), ...found };
  },
};

async function findDaemonSet({ port, signal }: CollectContext): Promise<Json | null> {
  const path = `/apis/apps/v1/namespaces/${kubeProxyNamespace}/daemonsets`;
  const labelled = await port.list(path, { labelSelector: label, limit: 20, signal });
  const linux = labelled.items.find((item) => !/windows/i.test(str(item, 'metadata.name') ?? ''));
  if (linux !== undefined) return linux;
  const named = await outcome(port.get(`${path}/kube-proxy`, {}, { signal }));
  if ('value' in named) return named.value;
  if (named.failure.reason === 'missing') return null;
  throw named.failure;
}

async function allPods({ port, signal }: CollectContext, selector: string): Promise<Pick<KubeProxy, 'pods' | 'complete'>> {
  const { items, complete } = await port.list(podsPath, { labelSelector: selector, limit: podLimit, signal });
  return { pods: ofLinux(items), complete };
}

const podsPath = `/api/v1/namespaces/${kubeProxyNamespace}/pods`;

async function podsOf(context: CollectContext, selector: string, nodes: readonly string[]): Promise<Pick<KubeProxy, 'pods' | 'complete'>> {
  const lists = await bounded(nodes, maxNodes, (node) => podsOn(context.port, context.signal, selector, node));
  const failed = lists.find((one): one is { failure: Failure } => 'failure' in one);
  if (failed !== undefined) throw failed.failure;
  return { pods: ofLinux(values(lists).flat()), complete: false };
}

async function podsOn(port: ClusterPort, signal: AbortSignal, labelSelector: string, node: string): Promise<Json[]> {
  const options = { labelSelector, fieldSelector: `spec.nodeName=${node}`, limit: 5, signal };
  return (await port.list(podsPath, options)).items;
}

function nodesThatMatter({ have, request }: CollectContext, nodes: Nodes): string[] {
  const coredns = given(have['coredns-pods'])?.items.flatMap((pod) => pod.node ?? []) ?? [];
  const other = nodes.items.find((node) => node.kind === 'ordinary' && node.name !== request.node && !coredns.includes(node.name));
  const complaint = [request.node, given(have.pod)?.node ?? null].filter((node) => node !== null);
  const first = [...complaint, ...new Set(coredns)].slice(0, maxNodes - 1);
  return [...new Set([...first, ...(other === undefined ? [] : [other.name])])];
}

function ofLinux(items: readonly Json[]): SystemPod[] {
  return items.map((item) => systemPod(item, 'kube-proxy')).filter((pod) => pod.name !== '' && !/windows/i.test(pod.name));
}
