import type { ServerBlock } from '../../domain/coredns.ts';
import { ipBytes, reverseZones } from './ip-network.ts';
import { normalized, transportOf } from './zone-key.ts';

/** The block whose zone matches the name longest on that port; null when CoreDNS would answer REFUSED. Looks at plain DNS only. */
export function serverFor(servers: readonly ServerBlock[], name: string, port = 53): ServerBlock | null {
  const wanted = normalized(name);
  let best: { server: ServerBlock; length: number } | null = null;
  for (const server of servers) {
    for (const { zone, port: served, transport } of server.zones) {
      if (served !== port || transport !== 'dns' || !isWithin(wanted, zone)) continue;
      const length = zone === '.' ? 0 : zone.length;
      if (best === null || length > best.length) best = { server, length };
    }
  }
  return best?.server ?? null;
}

const isWithin = (name: string, zone: string): boolean => zone === '.' || name === zone || name.endsWith(`.${zone}`);

/** Ports that CoreDNS listens on, each once, lowest first. */
export function listeningPorts(servers: readonly ServerBlock[]): { port: number; transport: string }[] {
  const listening = new Map(
    servers.flatMap(({ zones }) => zones).map(({ port, transport }) => [`${transport}:${port}`, { port, transport }]),
  );
  return [...listening.values()].toSorted((a, b) => a.port - b.port || (a.transport < b.transport ? -1 : 1));
}

/** Zones that the `kubernetes` plugin answers for, each once: its arguments, or those of its server block. */
export function kubernetesZones(servers: readonly ServerBlock[]): string[] {
  const zones = servers.flatMap((server) =>
    server.directives
      .filter(({ name }) => name === 'kubernetes')
      .flatMap(({ args }) => (args.length > 0 ? args.flatMap(zonesOfArgument) : server.zones.map(({ zone }) => zone))),
  );
  return [...new Set(zones)];
}

const zonesOfArgument = (argument: string): string[] => (reverseZones(argument) ?? [argument]).map(normalized);

/** Where a `forward` sends queries. */
export interface ForwardTarget {
  /** Zone, normalised; '.' for everything. */
  from: string;
  /** `transport` is `file` where `address` is a file in the form of resolv.conf, or a name: then the servers stand there. */
  to: { address: string; port: number; transport: string }[];
  options: ServerBlock['directives'][number]['options'];
  line: number;
}

/** The `forward` directives of a block, in the order in which CoreDNS tries them. */
export function forwardTargets(server: ServerBlock): ForwardTarget[] {
  return server.directives
    .filter(({ name, args }) => name === 'forward' && args.length > 0)
    .map(({ args: [from = '.', ...to], options, line }) => ({
      from: zonesOfArgument(from)[0] ?? '.',
      to: to.map(upstream),
      options,
      line,
    }));
}

/** An upstream as `forward` takes it: `10.0.0.2`, `10.0.0.2:5353`, `[fd00::2]:53`, `tls://9.9.9.9`, `/etc/resolv.conf`. */
export function upstream(target: string): ForwardTarget['to'][number] {
  const { transport, rest, port } = transportOf(target);
  if (isIp(rest)) return { address: rest, port, transport };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(rest) ?? [];
  const address = bracketed ?? plain ?? '';
  return isIp(address) ? { address, port: Number(digits), transport } : { address: rest, port, transport: 'file' };
}

/** CoreDNS allows a zone behind the address (`fe80::1%eth0`). */
const isIp = (text: string): boolean => ipBytes(text.replace(/%[^%]*$/, '')) !== null;
