import { parseIp } from '../rules/ip-address.ts';
import { Failure } from '../base/failure.ts';
import type { ClusterPort } from '../cluster/port.ts';
import type { DnsService } from '../domain/service.ts';
import type { DnsSettings } from '../domain/settings.ts';
import { outcome } from './bounded.ts';
import type { Collector } from './collector.ts';
import { managedBy } from './managed-by.ts';
import { arr, num, str, strMap, strings } from './pick.ts';

/** Labels of the Service in the manifests of EKS, kubeadm and k3s, and in CoreDNS' chart. */
const labels = ['k8s-app=kube-dns', 'kubernetes.io/name=CoreDNS'];

/** The Service of cluster DNS, as configured, by its usual name or by its labels. `findServiceByAddress` is the last resort of the flow. */
export const dnsService: Collector<'dns-service'> = {
  id: 'dns-service',
  title: 'Reading the DNS Service',
  after: [],
  needs: [
    { group: '', resource: 'services', verb: 'get', scope: 'dns' },
    { group: '', resource: 'services', verb: 'list', scope: 'dns' },
    { group: '', resource: 'services', verb: 'list', scope: 'cluster' },
  ],
  timeoutMs: 8000,
  collect: ({ port, settings, signal }) => findService(port, settings.dns, signal),
};

/** The DNS Service; rejects with a Failure, `missing` when there is none where it was looked for. */
export async function findService(port: ClusterPort, dns: DnsSettings, signal: AbortSignal): Promise<DnsService> {
  if (dns.service !== null) return configured(port, dns.service, dns.namespace, signal);
  const found =
    (await byNameOrLabel(port, dns.namespace, signal)) ??
    (dns.namespace === 'kube-system' ? null : await byName(port, 'kube-system', 'kube-dns', signal));
  if (found !== null) return found;
  throw new Failure('missing', `no Service kube-dns in ${dns.namespace}, and none labelled ${labels.join(' or ')} with port 53`);
}

/** The Service that has this ClusterIP, whatever its name and namespace; null when there is none or it is no IP address. */
export async function findServiceByAddress(port: ClusterPort, ip: string, signal: AbortSignal): Promise<DnsService | null> {
  if (parseIp(ip) === null) return null;
  const { items } = await port.list('/api/v1/services', { fieldSelector: `spec.clusterIP=${ip}`, limit: 2, signal });
  return items.map((item) => dnsServiceOf(item, 'nameserver')).find((service) => service.clusterIPs.includes(ip)) ?? null;
}

async function configured(port: ClusterPort, name: string, namespace: string, signal: AbortSignal): Promise<DnsService> {
  const [first, second] = name.split('/', 2) as [string, string?];
  const where = second === undefined ? { namespace, name: first } : { namespace: first, name: second };
  const json = await port.get(servicesPath(where.namespace, where.name), {}, { signal });
  return dnsServiceOf(json, 'config');
}

/** One of the rights `get` and `list` is enough; without both, the refusal of `get` is told. */
async function byNameOrLabel(port: ClusterPort, namespace: string, signal: AbortSignal): Promise<DnsService | null> {
  const named = await outcome(byName(port, namespace, 'kube-dns', signal));
  if ('failure' in named && named.failure.reason !== 'forbidden') throw named.failure;
  if ('value' in named && named.value !== null) return named.value;
  const labelled = await outcome(byLabel(port, namespace, signal));
  if ('value' in labelled && (labelled.value !== null || 'value' in named)) return labelled.value;
  throw 'failure' in named ? named.failure : (labelled as { failure: Failure }).failure;
}

async function byName(port: ClusterPort, namespace: string, name: string, signal: AbortSignal): Promise<DnsService | null> {
  const found = await outcome(port.get(servicesPath(namespace, name), {}, { signal }));
  if ('value' in found) return dnsServiceOf(found.value, 'default');
  if (found.failure.reason === 'missing') return null;
  throw found.failure;
}

async function byLabel(port: ClusterPort, namespace: string, signal: AbortSignal): Promise<DnsService | null> {
  for (const labelSelector of labels) {
    const { items } = await port.list(servicesPath(namespace), { labelSelector, limit: 20, signal });
    const found = items.map((item) => dnsServiceOf(item, 'label')).find(isClusterDns);
    if (found !== undefined) return found;
  }
  return null;
}

/** NodeLocal DNSCache has a Service of its own with the same label, only for its way to CoreDNS: no pod's nameserver. */
function isClusterDns(service: DnsService): boolean {
  return service.name !== 'kube-dns-upstream' && service.ports.some((one) => one.port === 53);
}

function servicesPath(namespace: string, name?: string): string {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services`;
  return name === undefined ? path : `${path}/${encodeURIComponent(name)}`;
}

function dnsServiceOf(json: unknown, foundBy: DnsService['foundBy']): DnsService {
  const ips = strings(json, 'spec.clusterIPs');
  return {
    namespace: str(json, 'metadata.namespace') ?? '',
    name: str(json, 'metadata.name') ?? '',
    foundBy,
    // a headless Service has the address "None"
    clusterIPs: (ips.length > 0 ? ips : [str(json, 'spec.clusterIP') ?? '']).filter((ip) => parseIp(ip) !== null),
    type: str(json, 'spec.type') ?? 'ClusterIP',
    selector: strMap(json, 'spec.selector'),
    ports: arr(json, 'spec.ports').map(portOf),
    internalTrafficPolicy: str(json, 'spec.internalTrafficPolicy') ?? 'Cluster',
    createdAt: str(json, 'metadata.creationTimestamp') ?? '',
    labels: strMap(json, 'metadata.labels'),
    managedBy: managedBy(json),
  };
}

function portOf(json: unknown): DnsService['ports'][number] {
  const port = num(json, 'port') ?? 0;
  const targetPort = num(json, 'targetPort') ?? str(json, 'targetPort') ?? port;
  return { name: str(json, 'name'), port, targetPort, protocol: str(json, 'protocol') ?? 'TCP' };
}
