import { bigEndian, littleEndian, u16, u32, u8 } from './numbers.ts';
import type { Packet } from './packet.ts';
import type { Why } from './skipped.ts';

/** Finds the IP packet behind a header of the link layer: sets `from`, and what else the header tells. Null: it is there. */
type Open = (packet: Packet) => Why | null;

/** A kind of link layer. */
export interface Link {
  /** For people. */
  name: string;
  open: Open;
}

const ether = { ipv4: 0x08_00, ipv6: 0x86_dd } as const;
/** 802.1Q, 802.1ad (QinQ), and what switches used for QinQ before it. */
const isTag = (type: number): boolean => type === 0x81_00 || type === 0x88_a8 || type === 0x91_00;
/** More tags than any network stacks. */
const mostTags = 8;

const short: Why = 'cut short by the snap length';

/** Begins at the bytes behind an EtherType. */
function openEther(packet: Packet, firstType: number, firstFrom: number): Why | null {
  let [type, from] = [firstType, firstFrom];
  for (let tags = 0; isTag(type) && tags < mostTags; tags++) {
    if (packet.to - from < 4) return short;
    type = u16(packet.bytes, from + 2);
    from += 4;
  }
  packet.from = from;
  return type === ether.ipv4 || type === ether.ipv6 ? null : 'not IP';
}

const ethernet: Open = (packet) =>
  packet.to - packet.from < 14 ? short : openEther(packet, u16(packet.bytes, packet.from + 12), packet.from + 14);

/** Of the cooked headers: 4 is "sent by us" (LINUX_SLL_OUTGOING), all others were received. */
const directionOf = (type: number): 'in' | 'out' => (type === 4 ? 'out' : 'in');

/** https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html: packet type, ARPHRD, address length, address (8), protocol. */
const cooked1: Open = (packet) => {
  if (packet.to - packet.from < 16) return short;
  packet.direction = directionOf(u16(packet.bytes, packet.from));
  return openEther(packet, u16(packet.bytes, packet.from + 14), packet.from + 16);
};

/** https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html: protocol, reserved (2), interface, ARPHRD, packet type (1), address length, address. */
const cooked2: Open = (packet) => {
  if (packet.to - packet.from < 20) return short;
  packet.interface = u32(packet.bytes, packet.from + 4);
  packet.direction = directionOf(u8(packet.bytes, packet.from + 10));
  return openEther(packet, u16(packet.bytes, packet.from), packet.from + 20);
};

const raw: Open = () => null;

/** AF_INET everywhere, and AF_INET6 of Linux, NetBSD, FreeBSD and Darwin. */
const families = new Set([2, 10, 24, 28, 30]);

/** The address family in the order of the machine that captured, which the file does not tell for certain. */
const loopback: Open = (packet) => {
  if (packet.to - packet.from < 4) return short;
  const [big, little] = [bigEndian, littleEndian].map((order) => order.u32(packet.bytes, packet.from)) as [number, number];
  packet.from += 4;
  return families.has(big) || families.has(little) ? null : 'not IP';
};

const links: ReadonlyMap<number, Link> = new Map([
  [0, { name: 'loopback (NULL)', open: loopback }],
  [1, { name: 'Ethernet', open: ethernet }],
  [12, { name: 'raw IP', open: raw }],
  [14, { name: 'raw IP', open: raw }],
  [101, { name: 'raw IP', open: raw }],
  [108, { name: 'loopback (LOOP)', open: loopback }],
  [113, { name: 'Linux cooked v1', open: cooked1 }],
  [228, { name: 'raw IPv4', open: raw }],
  [229, { name: 'raw IPv6', open: raw }],
  [276, { name: 'Linux cooked v2', open: cooked2 }],
]);

const unknown: Open = () => 'unknown link types';

/** The link layer of a number of https://www.tcpdump.org/linktypes.html: all of its packets are skipped where it is not one of the above. */
export const linkOf = (type: number): Link => links.get(type) ?? { name: `link type ${type}`, open: unknown };
