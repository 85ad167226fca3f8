import type { SystemPod } from '../domain/coredns.ts';
import type { KubeProxyLogs } from '../domain/kube-proxy.ts';
import { Failure } from '../base/failure.ts';
import { summariseKubeProxyLog } from '../formats/kube-proxy-log.ts';
import type { CollectContext, Collector } from './collector.ts';
import { given } from './given.ts';
import { isTroubled, readPodLogs, throwIfForbidden, troubledFirst, type PodLogs } from './pod-logs.ts';

/** So many pods' logs are read whatever the cluster's size; up to `few` all are. */
const few = 6;
const most = 10;
const wish = { container: 'kube-proxy', tailLines: 500, previousLines: 200, maxBytes: 1_048_576 };

/** The logs of kube-proxy, by class: of all pods in a small cluster, else of those in trouble, beside CoreDNS, and on the node asked for. */
export const kubeProxyLogs: Collector<'kube-proxy-logs'> = {
  id: 'kube-proxy-logs',
  title: "Reading kube-proxy's logs",
  after: ['kube-proxy', 'coredns-pods'],
  needs: [{ group: '', resource: 'pods/log', verb: 'get', scope: 'system' }],
  timeoutMs: 12_000,
  async collect(context) {
    const logs = await readPodLogs(context, podsThatMatter(context), wish);
    throwIfForbidden(logs);
    return { pods: logs.map((one) => summary(one, new Date(context.now()))) };
  },
};

function podsThatMatter({ have, request }: CollectContext): SystemPod[] {
  const proxy = given(have['kube-proxy']);
  if (proxy === null) throw new Failure('skipped', 'the kube-proxy pods could not be read');
  if (proxy.pods.length === 0) throw new Failure('missing', 'there are no kube-proxy pods');
  const coredns = given(have['coredns-pods'])?.items.map((pod) => pod.node) ?? [];
  const nodes = [request.node, ...coredns].filter((node) => node !== null);
  const asked = proxy.pods.filter((pod) => pod.node === request.node && pod.node !== null);
  const chosen = proxy.pods.length <= few ? proxy.pods : proxy.pods.filter((pod) => isTroubled(pod) || nodes.includes(pod.node ?? ''));
  return [...new Set([...asked, ...troubledFirst(chosen)])].slice(0, most);
}

function summary({ pod, current, previous }: PodLogs, now: Date): KubeProxyLogs['pods'][number] {
  const text = 'text' in current ? current.text : '';
  return {
    pod: pod.name,
    node: pod.node,
    classes: summariseKubeProxyLog(text, now),
    previous: previous === null ? [] : summariseKubeProxyLog(previous, now),
    lines: countLines(text),
    truncated: 'text' in current && current.truncated,
    unreadable: 'failure' in current ? current.failure.message : null,
  };
}

function countLines(text: string): number {
  let count = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) count += 1;
  return text === '' || text.endsWith('\n') ? count : count + 1;
}
