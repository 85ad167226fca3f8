import type { ClusterPort, Json } from '../cluster/port.ts';
import { outcome } from './bounded.ts';
import { arr, num, str, strings } from './pick.ts';

/** DaemonSets of the parts that make a cluster's network, as the API server gives them. */
export type DaemonSets = readonly Json[];

/** Parts that may live in another namespace than kube-system, by the label that their charts and operators give. */
const elsewhere = 'k8s-app in (cilium,calico-node,kube-router,kube-proxy,node-local-dns)';

/** The DaemonSets of kube-system (at most 100); rejects with a Failure. */
export async function readDaemonSets(port: ClusterPort, signal: AbortSignal): Promise<{ items: DaemonSets; complete: boolean }> {
  return port.list('/apis/apps/v1/namespaces/kube-system/daemonsets', { limit: 100, signal });
}

/** Those of the known parts in all namespaces; none when they may not be read. */
export async function readDaemonSetsElsewhere(port: ClusterPort, signal: AbortSignal): Promise<DaemonSets> {
  const found = await outcome(port.list('/apis/apps/v1/daemonsets', { labelSelector: elsewhere, limit: 20, signal }));
  return 'value' in found ? found.value.items : [];
}

/** The first of the names (by name or by label k8s-app) that there is. */
export function daemonSetOf(all: DaemonSets, ...names: readonly string[]): Json | null {
  for (const name of names) {
    const found = all.find((one) => str(one, 'metadata.name') === name) ?? all.find((one) => labelOf(one) === name);
    if (found !== undefined) return found;
  }
  return null;
}

/** Pods that it should have now. */
export function desiredOf(daemonSet: Json): number {
  return num(daemonSet, 'status.desiredNumberScheduled') ?? 0;
}

export function containersOf(daemonSet: Json): unknown[] {
  return arr(daemonSet, 'spec.template.spec.containers');
}

/** The command line of a container, a word each. */
export function wordsOf(container: unknown): string[] {
  return [...strings(container, 'command'), ...strings(container, 'args')];
}

/** A variable that a container is given as text, null when it is not or comes from elsewhere. */
export function envOf(container: unknown, name: string): string | null {
  return str(
    arr(container, 'env').find((one) => str(one, 'name') === name),
    'value',
  );
}

function labelOf(daemonSet: Json): string | null {
  return str(daemonSet, ['metadata', 'labels', 'k8s-app']) ?? str(daemonSet, ['spec', 'template', 'metadata', 'labels', 'k8s-app']);
}
