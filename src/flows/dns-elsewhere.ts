import type { ClusterPort } from '../cluster/port.ts';
import { findServiceByAddress } from '../collect/dns-service.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { ClusterSettings } from '../domain/settings.ts';

/** The nameservers that pods really have: the named pod's, then those that kubelets give. */
function nameservers({ pod, kubelets }: Evidence): string[] {
  const named = pod?.status === 'ok' ? (pod.data.resolvConf?.nameservers ?? []) : [];
  const given = kubelets?.status === 'ok' ? kubelets.data.items.flatMap((item) => item.clusterDNS) : [];
  return [...new Set([...named, ...given])].slice(0, 3);
}

/**
 * Where cluster DNS lives when it is not where it was looked for: the Service behind the nameserver that pods have. Gives the settings to look
 * again with; null when DNS was found, or when no Service has that address.
 */
export async function dnsElsewhere(
  evidence: Evidence,
  port: ClusterPort,
  settings: ClusterSettings,
  signal: AbortSignal,
): Promise<ClusterSettings | null> {
  const reading = evidence['dns-service'];
  if (signal.aborted || settings.dns.service !== null || reading?.status !== 'failed' || reading.reason !== 'missing') return null;
  for (const address of nameservers(evidence)) {
    const service = await findServiceByAddress(port, address, signal).catch(() => null);
    if (service === null) continue;
    const selector = Object.entries(service.selector)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    return { ...settings, dns: { namespace: service.namespace, service: service.name, selector: selector === '' ? null : selector } };
  }
  return null;
}
