import { u16, u32, u8 } from './numbers.ts';
import type { Packet } from './packet.ts';
import type { Why } from './skipped.ts';

export const protocols = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;
const headers = { hopByHop: 0, routing: 43, fragment: 44, authentication: 51, destination: 60 } as const;

/** RFC 8200 4.1 knows five places for extension headers, and one that may be there twice. */
const mostExtensions = 8;

const damaged: Why = 'damaged headers';
const short: Why = 'cut short by the snap length';

/** Reads the IP header at `from`, and sets addresses, protocol, and what the packet holds. Null: it was read. */
export function openIp(packet: Packet): Why | null {
  packet.fragmentOffset = 0;
  packet.moreFragments = false;
  if (packet.to - packet.from < 1) return short;
  const version = u8(packet.payload, packet.from) >> 4;
  if (version === 4) return openV4(packet);
  return version === 6 ? openV6(packet) : damaged;
}

function openV4(packet: Packet): Why | null {
  const { payload, from, to } = packet;
  if (to - from < 20) return short;
  const header = (u8(payload, from) & 0xf) * 4;
  // 0: a frame that the network card was to split (TSO), captured before it did
  const total = u16(payload, from + 2) || to - from;
  if (header < 20 || total < header) return damaged;
  if (to - from < header) return short;
  const flags = u16(payload, from + 6);
  packet.version = 4;
  packet.sourceAt = from + 12;
  packet.destinationAt = from + 16;
  packet.protocol = u8(payload, from + 9);
  packet.fragmentId = u16(payload, from + 4);
  packet.fragmentOffset = (flags & 0x1fff) * 8;
  packet.moreFragments = (flags & 0x2000) !== 0;
  holds(packet, from + header, from + total);
  return null;
}

function openV6(packet: Packet): Why | null {
  const { payload, from, to } = packet;
  if (to - from < 40) return short;
  packet.version = 6;
  packet.sourceAt = from + 8;
  packet.destinationAt = from + 24;
  packet.protocol = u8(payload, from + 6);
  // 0: a jumbogram, or TSO
  holds(packet, from + 40, from + 40 + (u16(payload, from + 4) || to - from - 40));
  return skipExtensions(packet);
}

/** What is captured behind the end of the packet is the padding of Ethernet. */
function holds(packet: Packet, from: number, end: number): void {
  packet.from = from;
  packet.missing = Math.max(end - packet.to, 0);
  packet.to = Math.min(end, packet.to);
}

/** Goes to the first header that is no extension header, or behind the header of a fragment. */
export function skipExtensions(packet: Packet): Why | null {
  for (let count = 0; count < mostExtensions && !packet.isFragment; count++) {
    const { protocol, payload, from, to } = packet;
    const length = extensionLength(protocol, payload, from);
    if (length === 0) return null;
    if (to - from < length) return packet.missing > 0 ? short : damaged;
    if (protocol === headers.fragment) readFragment(packet);
    packet.protocol = u8(payload, from);
    packet.from = from + length;
  }
  return packet.isFragment ? null : damaged;
}

/** In bytes; 0: no extension header. */
function extensionLength(protocol: number, bytes: Uint8Array, from: number): number {
  if (protocol === headers.hopByHop || protocol === headers.routing || protocol === headers.destination)
    return (u8(bytes, from + 1) + 1) * 8;
  if (protocol === headers.authentication) return (u8(bytes, from + 1) + 2) * 4;
  return protocol === headers.fragment ? 8 : 0;
}

function readFragment(packet: Packet): void {
  const flags = u16(packet.payload, packet.from + 2);
  packet.fragmentOffset = flags & 0xfff8;
  packet.moreFragments = (flags & 1) !== 0;
  packet.fragmentId = u32(packet.payload, packet.from + 4);
}
