import type { Failure } from '../base/failure.ts';
import type { CorednsWorkload, SystemPod } from '../domain/coredns.ts';
import type { PolicyPod } from '../domain/network.ts';
import type { NamedPod } from '../domain/pod.ts';
import type { Json } from '../cluster/port.ts';
import { bounded, outcome, values } from './bounded.ts';
import type { CollectContext } from './collector.ts';
import { arr, bool, num, str, strMap } from './pick.ts';

type Labels = Record<string, string>;
/** Labels of namespaces by name. One that could not be read has only the label that Kubernetes itself gives (since 1.21). */
export type NamespaceLabels = ReadonlyMap<string, Labels>;

const most = 20;
const read = 60;

/** A CoreDNS pod as policies see it; its ports are those of its workload. */
export function corednsPolicyPod(pod: SystemPod, workload: CorednsWorkload | null, namespaces: NamespaceLabels): PolicyPod {
  return {
    namespace: pod.namespace,
    name: pod.name,
    labels: pod.labels,
    namespaceLabels: labelsIn(namespaces, pod.namespace),
    ips: pod.ip === null ? [] : [pod.ip],
    hostNetwork: pod.hostNetwork,
    ports: workload?.containerPorts ?? [],
  };
}

/** The named pod as policies see it. It asks and is not asked, so its ports do not matter. */
export function clientPolicyPod(pod: NamedPod, namespaces: NamespaceLabels): PolicyPod {
  const { namespace, name, labels, ips, hostNetwork } = pod;
  return { namespace, name, labels, namespaceLabels: labelsIn(namespaces, namespace), ips, hostNetwork, ports: [] };
}

/** The labels of these namespaces, each read on its own; `failure`: why one could not be read, though it is there. */
export async function readNamespaces(
  { port, signal }: CollectContext,
  names: readonly string[],
): Promise<{ labels: NamespaceLabels; failure: Failure | null }> {
  const found = await bounded(names, 4, (name) => port.get(`/api/v1/namespaces/${encodeURIComponent(name)}`, {}, { signal }));
  const failures = found.flatMap((one) => ('failure' in one && one.failure.reason !== 'missing' ? [one.failure] : []));
  return { labels: new Map(values(found).map(namespaceEntry)), failure: failures[0] ?? null };
}

/** Running pods of other namespaces, at most 20, taken in turn from each namespace. Rejects where pods, or the labels if wanted, may not be read. */
export async function samplePods({ port, signal, settings }: CollectContext, wantLabels: boolean): Promise<PolicyPod[]> {
  const fieldSelector = 'status.phase=Running,metadata.namespace!=kube-system';
  const [pods, namespaces] = await Promise.all([
    outcome(port.list('/api/v1/pods', { fieldSelector, limit: read, signal })),
    outcome(port.list('/api/v1/namespaces', { limit: 200, signal })),
  ]);
  if ('failure' in pods) throw pods.failure;
  if ('failure' in namespaces && wantLabels) throw namespaces.failure;
  const labels: NamespaceLabels = new Map('value' in namespaces ? namespaces.value.items.map(namespaceEntry) : []);
  const skipped = ['kube-system', settings.dns.namespace, settings.probe.namespace];
  const usable = pods.value.items.map((pod) => podOf(pod, labels)).filter((pod) => !pod.hostNetwork && !skipped.includes(pod.namespace));
  return inTurn(usable).slice(0, most);
}

function podOf(json: Json, namespaces: NamespaceLabels): PolicyPod {
  const namespace = str(json, 'metadata.namespace') ?? '';
  const ips = arr(json, 'status.podIPs').map((one) => str(one, 'ip'));
  return {
    namespace,
    name: str(json, 'metadata.name') ?? '',
    labels: strMap(json, 'metadata.labels'),
    namespaceLabels: labelsIn(namespaces, namespace),
    ips: ips.filter((ip) => ip !== null),
    hostNetwork: bool(json, 'spec.hostNetwork') ?? false,
    ports: arr(json, 'spec.containers').flatMap((container) => arr(container, 'ports').flatMap(portOf)),
  };
}

function portOf(json: unknown): PolicyPod['ports'] {
  const port = num(json, 'containerPort');
  return port === null ? [] : [{ name: str(json, 'name'), port, protocol: str(json, 'protocol') ?? 'TCP' }];
}

function namespaceEntry(json: Json): [string, Labels] {
  return [str(json, 'metadata.name') ?? '', strMap(json, 'metadata.labels')];
}

function labelsIn(namespaces: NamespaceLabels, name: string): Labels {
  return namespaces.get(name) ?? { 'kubernetes.io/metadata.name': name };
}

/** The first of each namespace, then the second of each, and so on. */
function inTurn(pods: readonly PolicyPod[]): PolicyPod[] {
  const seen = new Map<string, number>();
  const turns = pods.map((pod) => {
    const turn = seen.get(pod.namespace) ?? 0;
    seen.set(pod.namespace, turn + 1);
    return { pod, turn };
  });
  return turns.toSorted((a, b) => a.turn - b.turn).map(({ pod }) => pod);
}
