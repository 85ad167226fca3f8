import type { ClusterPort, ListResult, Json } from '../cluster/port.ts';
import type { Node, Nodes } from '../domain/nodes.ts';
import type { CollectContext, Collector } from './collector.ts';
import { outcome } from './bounded.ts';
import { arr, bool, obj, str, strMap } from './pick.ts';

const path = '/api/v1/nodes';
const most = 100;

/**
 * The cluster's nodes. Of a cluster with more than 100 it reads the first 100, those that CoreDNS runs on, and the one that was asked about:
 * a list of 5,000 nodes is tens of megabytes, as each names the images that it holds.
 */
export const nodes: Collector<'nodes'> = {
  id: 'nodes',
  title: 'Reading the nodes',
  after: [],
  needs: [
    { group: '', resource: 'nodes', verb: 'list', scope: 'cluster' },
    { group: '', resource: 'nodes', verb: 'get', scope: 'cluster' },
    { group: '', resource: 'pods', verb: 'list', scope: 'dns' },
  ],
  timeoutMs: 8000,
  async collect(context) {
    const list = await context.port.list(path, { limit: most, signal: context.signal });
    const items = list.items.map(nodeOf).filter((node) => node !== null);
    const total = countOf(list);
    return { total, complete: list.complete, items: [...items, ...(list.complete ? [] : await readMissing(context, items))] };
  },
};

/** One node by name; null when it is not there or may not be read. */
export async function readNode(port: ClusterPort, name: string, signal: AbortSignal): Promise<Node | null> {
  const found = await outcome(port.get(`${path}/${encodeURIComponent(name)}`, {}, { signal }));
  return 'value' in found ? nodeOf(found.value) : null;
}

async function readMissing(context: CollectContext, seen: readonly Node[]): Promise<Nodes['items']> {
  const wanted = new Set([...(context.request.node === null ? [] : [context.request.node]), ...(await corednsNodes(context))]);
  for (const node of seen) wanted.delete(node.name);
  const found = await Promise.all([...wanted].slice(0, 20).map((name) => readNode(context.port, name, context.signal)));
  return found.filter((node) => node !== null);
}

/** Where CoreDNS' pods run. An error here is told by the collector of those pods. */
async function corednsNodes({ port, settings, signal }: CollectContext): Promise<string[]> {
  const labelSelector = settings.dns.selector ?? 'k8s-app=kube-dns';
  const pods = await outcome(port.list(`/api/v1/namespaces/${settings.dns.namespace}/pods`, { labelSelector, limit: 50, signal }));
  return ('value' in pods ? pods.value.items : []).map((pod) => str(pod, 'spec.nodeName')).filter((name) => name !== null);
}

function countOf(list: ListResult<Json>): number {
  return list.items.length + Math.max(0, list.remaining ?? 0);
}

/** A node from the API server's JSON, null when it has no name. */
export function nodeOf(json: unknown): Node | null {
  const name = str(json, 'metadata.name');
  if (name === null) return null;
  const labels = strMap(json, 'metadata.labels');
  const ready = conditionOf(json, 'Ready');
  const isReady = str(ready, 'status') === 'True';
  return {
    name,
    ready: isReady,
    notReadyMessage: isReady ? null : (str(ready, 'message')?.slice(0, 500) ?? null),
    unschedulable: bool(json, 'spec.unschedulable') ?? false,
    internalIP: str(arr(json, 'status.addresses').find(isInternalIP), 'address'),
    zone: labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? null,
    os: labels['kubernetes.io/os'] ?? str(json, 'status.nodeInfo.operatingSystem') ?? 'unknown',
    arch: labels['kubernetes.io/arch'] ?? str(json, 'status.nodeInfo.architecture') ?? 'unknown',
    kubeletVersion: str(json, 'status.nodeInfo.kubeletVersion') ?? '',
    kind: kindOf(name, labels),
    taints: arr(json, 'spec.taints').map(taintOf),
  };
}

/** Names and labels that AWS and Virtual Kubelet give to their nodes. */
function kindOf(name: string, labels: Readonly<Record<string, string>>): Node['kind'] {
  const compute = labels['eks.amazonaws.com/compute-type'];
  if (compute === 'fargate' || name.startsWith('fargate-ip-')) return 'fargate';
  if (compute === 'auto') return 'auto';
  return labels['type'] === 'virtual-kubelet' ? 'virtual' : 'ordinary';
}

function conditionOf(json: unknown, type: string): Record<string, unknown> {
  return obj(arr(json, 'status.conditions').find((condition) => str(condition, 'type') === type));
}

function isInternalIP(address: unknown): boolean {
  return str(address, 'type') === 'InternalIP';
}

function taintOf(taint: unknown): Node['taints'][number] {
  return { key: str(taint, 'key') ?? '', value: str(taint, 'value') ?? '', effect: str(taint, 'effect') ?? '' };
}
