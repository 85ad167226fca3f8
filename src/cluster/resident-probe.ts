import { isDeepStrictEqual } from 'node:util';
import type { ClusterPort, Json } from './port.ts';
import type { ProbeSpec } from './probe-port.ts';
import { ROLE_LABEL } from './probe-manifest.ts';
import type { ProbePlace } from './probe-script.ts';

/** A ready pod of the optional DaemonSet on that node with the same DNS settings, or null. Not being allowed to look is as good as none. */
export async function residentProbe(port: ClusterPort, namespace: string, spec: ProbeSpec): Promise<ProbePlace | null> {
  if (spec.role !== 'probe') return null;
  const fieldSelector = `spec.nodeName=${spec.node},status.phase=Running`;
  const options = { labelSelector: `${ROLE_LABEL}=resident`, fieldSelector, limit: 10 };
  const found = await port.list(`/api/v1/namespaces/${namespace}/pods`, options).catch(() => null);
  const pod = found?.items.find((one) => isReady(one) && sameDns(one['spec'] ?? {}, spec));
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
