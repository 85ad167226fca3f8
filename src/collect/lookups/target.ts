import type { Corefile, SystemPod } from '../../domain/coredns.ts';
import type { LookupRow } from '../../domain/lookups.ts';
import type { Node } from '../../domain/nodes.ts';
import type { NamedPod, ResolvConf } from '../../domain/pod.ts';
import type { EndpointSlices } from '../../domain/service.ts';
import type { CollectContext } from '../collector.ts';
import { given } from '../given.ts';
import { knownNodes } from '../probe-nodes.ts';
import { isAddress, type Server } from './ask.ts';
import { dnsPort, endpointServers } from './plan.ts';

/** What the lookups are aimed at, from what is known by then; parts that could not be read are empty. */
export interface Target {
  nodes: readonly Node[];
  coredns: readonly SystemPod[];
  corefile: Corefile | undefined;
  slices: EndpointSlices | undefined;
  clusterIPs: readonly string[];
  nodeLocalIps: readonly string[];
  pod: NamedPod | undefined;
}

/** Gathers the target from the readings. */
export function targetOf({ have }: CollectContext): Target {
  return {
    nodes: knownNodes(have),
    coredns: given(have['coredns-pods'])?.items ?? [],
    corefile: given(have.corefile) ?? undefined,
    slices: given(have['endpoint-slices']) ?? undefined,
    clusterIPs: (given(have['dns-service'])?.clusterIPs ?? []).filter(isAddress),
    nodeLocalIps: given(have['cluster-class'])?.nodeLocalDns?.ips ?? [],
    pod: given(have.pod) ?? undefined,
  };
}

/** The cluster zone that pods ask for, from a resolv.conf's `svc.ZONE`; null when it has none. */
export const zoneOf = (resolvConf: ResolvConf | null): string | null =>
  resolvConf?.search
    .find((entry) => entry.startsWith('svc.'))
    ?.slice('svc.'.length)
    .replace(/\.$/, '') ?? null;

/** The zone of the Corefile's kubernetes plugin, for when no pod's search path is known. */
export function corefileZone(corefile: Corefile | undefined): string | null {
  const plugin = corefile?.servers.flatMap((server) => server.directives).find((directive) => directive.name === 'kubernetes');
  return plugin?.args.find((zone) => !zone.endsWith('.arpa'))?.replace(/\.$/, '') ?? null;
}

/** What kind of server an address of a resolv.conf is. */
function kindOf(address: string, { clusterIPs, nodeLocalIps }: Target): LookupRow['serverKind'] {
  if (clusterIPs.includes(address)) return 'cluster-ip';
  return nodeLocalIps.includes(address) || address.startsWith('169.254.') ? 'node-local' : 'nameserver';
}

/** The servers to ask from a place with this resolv.conf: the Service, its nameservers where they are others, and CoreDNS pod by pod. */
export function serversFor(target: Target, resolvConf: ResolvConf | null): Server[] {
  const named = (resolvConf?.nameservers ?? []).filter(isAddress).slice(0, 3);
  const addresses = [...new Set([...target.clusterIPs, ...named])];
  const services = addresses.map((server): Server => ({
    server,
    port: 53,
    serverKind: kindOf(server, target),
    serverPod: null,
    serverNode: null,
  }));
  return [...services, ...endpointServers(target.coredns, target.slices, dnsPort(target.corefile))];
}
