import { isDeepStrictEqual } from 'node:util';
import type { ClusterPort, Json } from './port.ts';
import type { ProbeSpec } from './probe-port.ts';
import { ROLE_LABEL } from './probe-manifest.ts';
import type { ProbePlace } from './probe-script.ts';

/** The running resident probes of a node, asked for once in a run. */
export type Residents = (node: string) => Promise<readonly Json[]>;

/** Finds resident probes by node. Not being allowed to look is as good as none. */
export function findResidents(port: ClusterPort, namespace: string): Residents {
  const byNode = new Map<string, Promise<readonly Json[]>>();
  const find = async (node: string): Promise<readonly Json[]> => {
    const fieldSelector = `spec.nodeName=${node},status.phase=Running`;
    const options = { labelSelector: `${ROLE_LABEL}=resident`, fieldSelector, limit: 10 };
    const found = await port.list(`/api/v1/namespaces/${namespace}/pods`, options).catch(() => null);
    return found?.items ?? [];
  };
  return (node) => {
    const found = byNode.get(node) ?? find(node);
    byNode.set(node, found);
    return found;
  };
}

/** A ready pod of the optional DaemonSet on that node with the same DNS settings, or null. */
export async function residentProbe(residents: Residents, namespace: string, spec: ProbeSpec): Promise<ProbePlace | null> {
  if (spec.role !== 'probe') return null;
  const pod = (await residents(spec.node)).find((one) => isReady(one) && sameDns(one['spec'] ?? {}, spec));
  const name: unknown = pod?.['metadata']?.['name'];
  const container: unknown = pod?.['spec']?.['containers']?.[0]?.['name'];
  return typeof name === 'string' && typeof container === 'string' ? { namespace, pod: name, container, node: spec.node } : null;
}

function isReady(pod: Json): boolean {
  const conditions: unknown = pod['status']?.['conditions'];
  const ready = Array.isArray(conditions) && (conditions as Json[]).some((one) => one?.['type'] === 'Ready' && one['status'] === 'True');
  return ready && pod['metadata']?.['deletionTimestamp'] === undefined;
}

function sameDns(pod: Json, spec: ProbeSpec): boolean {
  const sameNetwork = Boolean(pod['hostNetwork']) === Boolean(spec.hostNetwork);
  return sameNetwork && pod['dnsPolicy'] === spec.dnsPolicy && isDeepStrictEqual(pod['dnsConfig'] ?? {}, spec.dnsConfig ?? {});
}
