import type { SeenUnreachable } from '../seen.ts';
import { openIp, protocols } from './ip.ts';
import { u16, u8 } from './numbers.ts';
import { Packet } from './packet.ts';

type What = SeenUnreachable['what'];

/** Codes of ICMP type 3 (RFC 792, 1122, 1812): unknown and "for type of service" are kinds of the first two. */
const whatV4: Readonly<Record<number, What>> = {
  0: 'network',
  1: 'host',
  3: 'port',
  6: 'network',
  7: 'host',
  9: 'administratively-prohibited',
  10: 'administratively-prohibited',
  11: 'network',
  12: 'host',
  13: 'administratively-prohibited',
};

/** Codes of ICMPv6 type 1 (RFC 4443 3.1): 5 and 6 are "more informative subsets of code 1". */
const whatV6: Readonly<Record<number, What>> = {
  0: 'network',
  1: 'administratively-prohibited',
  3: 'host',
  4: 'port',
  5: 'administratively-prohibited',
  6: 'administratively-prohibited',
};

const quoted = new Packet();

/** What an ICMP or ICMPv6 packet says of a packet to or from a port of DNS; null: nothing. */
export function readUnreachable(packet: Packet, isDns: (port: number) => boolean): SeenUnreachable | null {
  const { payload, from, to } = packet;
  const codes = packet.protocol === protocols.icmp ? whatV4 : whatV6;
  if (to - from < 8 || u8(payload, from) !== (codes === whatV4 ? 3 : 1)) return null;
  const about = readQuoted(payload, from + 8, to);
  if (about === null || !(isDns(about.sourcePort) || isDns(about.destinationPort))) return null;
  return { kind: 'unreachable', ...packet.place(), what: codes[u8(payload, from + 1)] ?? 'other', about };
}

/** The packet that is quoted: 8 bytes behind its IP header at least (RFC 792). */
function readQuoted(bytes: Uint8Array, from: number, to: number): SeenUnreachable['about'] | null {
  quoted.begin(bytes, from, to);
  if (openIp(quoted) !== null || quoted.fragmentOffset > 0 || quoted.to - quoted.from < 4) return null;
  if (quoted.protocol !== protocols.udp && quoted.protocol !== protocols.tcp) return null;
  const isUdp = quoted.protocol === protocols.udp;
  return {
    source: quoted.source,
    sourcePort: u16(bytes, quoted.from),
    destination: quoted.destination,
    destinationPort: u16(bytes, quoted.from + 2),
    transport: isUdp ? 'udp' : 'tcp',
    // where a segment of TCP begins within its messages cannot be known
    id: isUdp && quoted.to - quoted.from >= 10 ? u16(bytes, quoted.from + 8) : null,
  };
}
