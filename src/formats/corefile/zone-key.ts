import type { ServerBlock } from '../../domain/coredns.ts';
import { reverseZones } from './ip-network.ts';

export type Zone = ServerBlock['zones'][number];

/** Default ports of CoreDNS' transports (plugin/pkg/transport). */
const defaultPorts: Readonly<Record<string, number>> = { dns: 53, tls: 853, quic: 853, grpc: 443, https: 443, https3: 443, unix: 53 };

/** The transport in front of an address (`tls://`), `dns` when there is none, and the rest of it. */
export function transportOf(address: string): { transport: string; rest: string; port: number } {
  const [, transport = 'dns', rest = ''] = /^(?:(tls|dns|quic|grpc|https3|https|unix):\/\/)?([^]*)$/.exec(address) ?? [];
  return { transport, rest, port: defaultPorts[transport]! };
}

/** What a key of a server block serves (`.:53`, `tls://example.org`, `10.0.0.0/24`), or why CoreDNS refuses it (plugin/normalize.go). */
export function zonesOfKey(key: string): { zones: Zone[]; problem: string | null } {
  const { transport, rest, port } = transportOf(key);
  if (rest === '' || rest.endsWith(':')) return refused(`expecting data after last colon: ${JSON.stringify(rest)}`);
  const [, name = rest, digits] = /^([^]*):([+-]?\d{1,9})$/.exec(rest) ?? [];
  if (Buffer.byteLength(name) > 255) return refused(`specified zone is too long: ${Buffer.byteLength(name)} > 255`);
  if (!isDomainName(name)) return refused(`zone is not a valid domain name: ${name}`);
  const names = reverseZones(name) ?? [name];
  return {
    zones: names.map((zone) => ({ zone: normalized(zone), port: digits === undefined ? port : Number(digits), transport })),
    problem: null,
  };
}

/** A zone or name as DNS compares it: lower case, with a trailing dot. */
export function normalized(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower : `${lower}.`;
}

/**
 * miekg/dns' IsDomainName, for names without backslashes: labels of 1 to 63 bytes. Names with escapes pass, they are rare and hard to
 * judge. The whole name is bounded by the caller.
 */
function isDomainName(name: string): boolean {
  if (name === '.' || name.includes('\\')) return true;
  const labels = (name.endsWith('.') ? name.slice(0, -1) : name).split('.');
  return labels.every((label) => label !== '' && Buffer.byteLength(label) <= 63);
}

const refused = (problem: string): { zones: Zone[]; problem: string } => ({ zones: [], problem });
