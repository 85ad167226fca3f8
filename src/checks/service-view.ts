import type { Subject } from '../domain/finding.ts';
import type { Lookups } from '../domain/lookups.ts';
import type { ClusterClass } from '../domain/nodes.ts';
import type { DnsService, EndpointSlices } from '../domain/service.ts';
import { clusterIpViews, type Reach } from './lookup-view.ts';

export const serviceSubject = ({ namespace, name }: DnsService): Subject => ({ kind: 'Service', namespace, name });

/** Arguments for kubectl about the DNS Service. */
export const serviceArgs = ({ namespace, name, clusterIPs }: DnsService): Record<string, unknown> => ({
  namespace,
  name,
  address: clusterIPs[0] ?? 'none',
});

/** EKS Auto Mode answers DNS on its nodes; a Service kube-dns that is left over there leads nowhere, and nobody needs it. */
export const isBuiltIn = (cluster: ClusterClass | undefined): boolean => cluster?.autoMode === 'all';
export const builtIn = 'EKS Auto Mode answers DNS on the nodes themselves';

/** How the Service's address was reached over a protocol from all nodes that asked; empty when none did. */
export function serviceReaches(lookups: Lookups | undefined, proto: 'udp' | 'tcp'): Reach[] {
  if (lookups === undefined) return [];
  return clusterIpViews(lookups)
    .map((view) => view[proto])
    .filter((reach) => reach !== 'unseen');
}

/** `works`: answered from every node that asked, `fails`: from none, `partly`: from some or not always, `unseen`: nobody asked. */
export function serviceHealth(lookups: Lookups | undefined, proto: 'udp' | 'tcp' = 'udp'): 'works' | 'partly' | 'fails' | 'unseen' {
  const seen = serviceReaches(lookups, proto);
  if (seen.length === 0) return 'unseen';
  if (seen.every((reach) => reach === 'none')) return 'fails';
  return seen.every((reach) => reach === 'all') ? 'works' : 'partly';
}

/** Ready endpoints: those that kube-proxy sends to. */
export const readyEndpoints = (slices: EndpointSlices): EndpointSlices['endpoints'] => slices.endpoints.filter(({ ready }) => ready);

export const selectorOf = (selector: Readonly<Record<string, string>>): string =>
  Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
