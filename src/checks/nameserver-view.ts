import type { LookupRow, Lookups } from '../domain/lookups.ts';
import type { ClusterClass } from '../domain/nodes.ts';
import type { DnsService } from '../domain/service.ts';
import type { IndexedRow } from './outside-view.ts';
import { rowsOf } from './lookup-view.ts';

/** What is known of cluster DNS when a nameserver is judged; each may be missing. */
export interface DnsKnown {
  service: DnsService | undefined;
  cluster: ClusterClass | undefined;
  lookups: Lookups | undefined;
}

/**
 * Whether a nameserver serves the cluster: `own` is the Service's or NodeLocal DNSCache's; `answers`: another one that knows the cluster's names
 * (somebody's forwarder); `fails`: it was asked for them, and does not know them or does not answer; `unseen`: nobody asked it.
 */
export type Serving = 'own' | 'answers' | 'fails' | 'unseen';

/** Cloud metadata addresses that resolve the world's names for nodes (AWS, Google): link-local too, but no cache of the cluster. */
const cloudResolvers = ['169.254.169.253', '169.254.169.254'];

/** Whether an address is one that NodeLocal DNSCache listens on: as its DaemonSet says, else any link-local one that is not the cloud's. */
export function isNodeLocal(address: string, cluster: ClusterClass | undefined): boolean {
  if (cluster?.nodeLocalDns?.ips.includes(address) === true) return true;
  return address.startsWith('169.254.') && !cloudResolvers.includes(address);
}

/** Rows that asked a nameserver for the name that every cluster has. */
export const namesAsked = (lookups: Lookups | undefined, server: string): IndexedRow[] =>
  lookups === undefined ? [] : rowsOf(lookups, { server, role: 'internal' }).filter(({ row }) => row.serverKind !== 'resolver');

export const isResolved = ({ row }: { row: LookupRow }): boolean => (row.rcodes['NOERROR'] ?? 0) > 0;

/** Whether a nameserver serves the cluster, as far as that is known. */
export function serving(address: string, { service, cluster, lookups }: DnsKnown): Serving {
  if (service?.clusterIPs.includes(address) === true || isNodeLocal(address, cluster)) return 'own';
  const asked = namesAsked(lookups, address);
  if (asked.some(isResolved)) return 'answers';
  return asked.length > 0 ? 'fails' : 'unseen';
}

/** Whether any of the nameservers serves the cluster. */
export const anyServes = (addresses: readonly string[], known: DnsKnown): boolean =>
  addresses.some((address) => ['own', 'answers'].includes(serving(address, known)));
