import type { Evidence } from '../../domain/evidence.ts';
import type { DnsService, EndpointSlices } from '../../domain/service.ts';
import type { Corefile } from '../../domain/coredns.ts';
import { forwardTargets, kubernetesZones, listeningPorts, serverFor } from '../../formats/corefile/server-for.ts';
import { parseIp } from '../../rules/ip-address.ts';
import { seen } from '../kit/read.ts';

/** What a check knows of DNS in the cluster, as far as a capture needs it. */
export interface DnsFacts {
  zone: string;
  /** A zone of the world. */
  outside: string | null;
  clusterIps: string[];
  endpoints: string[];
  upstreams: string[];
  /** Where DNS is spoken without encryption. */
  ports: number[];
  /** That CoreDNS listens on. */
  port: number;
}

const USUAL_PORT = 53;
const MOST_PORTS = 8;

const isIp = (address: string): boolean => parseIp(address) !== null;
const HOST_NAME = /^(?=.{1,200}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i;

/** Without its final dot; null where it is no name that may stand on a command line. */
const hostName = (name: string | undefined): string | null => {
  const bare = (name ?? '').replace(/\.$/, '');
  return HOST_NAME.test(bare) ? bare : null;
};

const isDns = ({ name, port }: { name: string | null; port: number | null }): boolean =>
  port === USUAL_PORT || (name ?? '').startsWith('dns');

/** Of the Service, its endpoints and the Corefile: where DNS is asked, and where it should be answered. */
function portsOf(service: DnsService | undefined, slices: EndpointSlices | undefined, corefile: Corefile | undefined): number[] {
  const asked = (service?.ports ?? []).filter(isDns);
  const targets = asked.flatMap(({ port, targetPort }) => (typeof targetPort === 'number' ? [port, targetPort] : [port]));
  const answered = (slices?.ports ?? []).filter(isDns).flatMap(({ port }) => port ?? []);
  const served = listeningPorts(corefile?.servers ?? []).flatMap(({ port, transport }) => (transport === 'dns' ? [port] : []));
  const all = [USUAL_PORT, ...served, ...targets, ...answered].filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
  return [...new Set(all)].slice(0, MOST_PORTS);
}

function upstreamsOf(corefile: Corefile | undefined): string[] {
  const root = corefile === undefined ? null : serverFor(corefile.servers, '.');
  const to = root === null ? [] : forwardTargets(root).flatMap((forward) => forward.to);
  return [...new Set(to.map(({ address }) => address).filter(isIp))];
}

/** The first port of plain DNS in the Corefile that serves the world, or the first at all. */
function servedPort(corefile: Corefile | undefined): number {
  const zones = (corefile?.servers ?? []).flatMap((server) => server.zones).filter(({ transport }) => transport === 'dns');
  return (zones.find(({ zone }) => zone === '.') ?? zones[0])?.port ?? USUAL_PORT;
}

/** What a capture starts from. `names`: of the settings; the first that is a host name stands for the world. */
export function dnsFacts(evidence: Evidence, names: readonly string[]): DnsFacts {
  const [corefile, service, slices] = [seen(evidence, 'corefile'), seen(evidence, 'dns-service'), seen(evidence, 'endpoint-slices')];
  const zone = seen(evidence, 'lookups')?.zone ?? kubernetesZones(corefile?.servers ?? []).find((one) => !one.endsWith('.arpa.'));
  const pods = (seen(evidence, 'coredns-pods')?.items ?? []).flatMap(({ ip, terminating }) => (ip === null || terminating ? [] : [ip]));
  const ends = (slices?.endpoints ?? []).filter(({ terminating }) => !terminating).map(({ address }) => address);
  return {
    zone: hostName(zone) ?? 'cluster.local',
    outside: names.map(hostName).find((name) => name !== null) ?? null,
    clusterIps: (service?.clusterIPs ?? []).filter(isIp),
    endpoints: [...new Set([...pods, ...ends])].filter(isIp),
    upstreams: upstreamsOf(corefile),
    ports: portsOf(service, slices, corefile),
    port: servedPort(corefile),
  };
}
