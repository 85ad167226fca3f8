import type { ClusterPort, Json } from '../cluster/port.ts';
import type { ClusterClass } from '../domain/nodes.ts';
import { outcome } from './bounded.ts';
import { type DaemonSets, containersOf, daemonSetOf, desiredOf, envOf, wordsOf } from './daemon-sets.ts';
import { str } from './pick.ts';

type Kind = Pick<ClusterClass, 'kubeProxy' | 'kubeProxyReplacedBy'>;

/** Platforms that run kube-proxy, or what stands for it, where no DaemonSet shows it: in a process of their own, as static pods, or in OVN. */
const builtIn: Readonly<Record<string, string>> = { k3s: 'k3s', rke2: 'rke2', gke: 'gke', openshift: 'ovn-kubernetes' };

/** What the kinds of nodes and the platform say, besides the DaemonSets. */
export interface Surroundings {
  platform: string;
  /** Every node is of AWS' making (Auto Mode, Fargate) and has kube-proxy inside. */
  managedNodes: string | null;
}

/**
 * Whether kube-proxy is expected as a DaemonSet. With the DaemonSet there, nothing replaces it, unless it is switched off (no pods wanted), which is
 * how Calico's eBPF mode is installed.
 */
export async function kubeProxyKind(port: ClusterPort, all: DaemonSets, around: Surroundings, signal: AbortSignal): Promise<Kind> {
  const own = daemonSetOf(all, 'kube-proxy');
  if (own !== null && desiredOf(own) > 0) return { kubeProxy: 'daemonset', kubeProxyReplacedBy: null };
  const by = await replacement(port, all, around, signal);
  if (by !== null) return { kubeProxy: 'replaced', kubeProxyReplacedBy: by };
  return { kubeProxy: own === null ? 'absent' : 'daemonset', kubeProxyReplacedBy: null };
}

async function replacement(port: ClusterPort, all: DaemonSets, around: Surroundings, signal: AbortSignal): Promise<string | null> {
  const cilium = daemonSetOf(all, 'cilium');
  if (cilium !== null && (await ciliumReplaces(port, cilium, signal))) return 'cilium';
  if (daemonSetOf(all, 'anetd') !== null) return 'gke-dataplane-v2';
  if (calicoReplaces(daemonSetOf(all, 'calico-node', 'canal'), daemonSetOf(all, 'kube-proxy') !== null)) return 'calico';
  if (daemonSetOf(all, 'antrea-agent') !== null) return 'antrea';
  if (kubeRouterReplaces(daemonSetOf(all, 'kube-router'))) return 'kube-router';
  return around.managedNodes ?? (Object.hasOwn(builtIn, around.platform) ? (builtIn[around.platform] ?? null) : null);
}

/** It replaces kube-proxy unless its configuration, where that may be read, says that it does not. */
async function ciliumReplaces(port: ClusterPort, cilium: Json, signal: AbortSignal): Promise<boolean> {
  const path = `/api/v1/namespaces/${str(cilium, 'metadata.namespace') ?? 'kube-system'}/configmaps/cilium-config`;
  const found = await outcome(port.get(path, {}, { signal, maxBytes: 1_048_576 }));
  const value = 'value' in found ? str(found.value, ['data', 'kube-proxy-replacement']) : null;
  return value !== 'false' && value !== 'disabled';
}

/** Only its eBPF mode does. The setting is in a FelixConfiguration; what shows without it is the variable, or a kube-proxy that was switched off. */
function calicoReplaces(calico: Json | null, kubeProxyOff: boolean): boolean {
  if (calico === null) return false;
  return kubeProxyOff || containersOf(calico).some((container) => envOf(container, 'FELIX_BPFENABLED')?.toLowerCase() === 'true');
}

/** `--run-service-proxy` is on by default. */
function kubeRouterReplaces(kubeRouter: Json | null): boolean {
  return kubeRouter !== null && !containersOf(kubeRouter).some((container) => wordsOf(container).includes('--run-service-proxy=false'));
}
