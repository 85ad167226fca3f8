import { joined, n16, n32 } from './bytes.ts';

export const linkTypes = { null: 0, ethernet: 1, raw: 101, loop: 108, cooked1: 113, ipv4: 228, ipv6: 229, cooked2: 276 } as const;

export interface LinkModel {
  type: number;
  direction?: 'in' | 'out';
  interface?: number;
  /** EtherTypes of the VLAN tags, outermost first. */
  tags?: readonly number[];
  /** Ethernet fills frames up to so many bytes. */
  least?: number;
}

const isV6 = (packet: Uint8Array): boolean => (packet[0] ?? 0) >> 4 === 6;

/** An IP packet as it is captured on a link of this type. */
export function frame(model: LinkModel, packet: Uint8Array): Uint8Array {
  const { type, direction = 'in', interface: index = 2, tags = [], least = 0 } = model;
  const chain = [...tags, isV6(packet) ? 0x86_dd : 0x08_00];
  const tagged = joined(...chain.slice(1).map((next, at) => [...n16(100 + at), ...n16(next)]), packet);
  const first = chain[0] ?? 0;
  const packetType = direction === 'out' ? 4 : 0;
  const address = [2, 0, 0, 0, 0, 1, 0, 0];
  if (type === linkTypes.ethernet) {
    const whole = joined([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1], n16(first), tagged);
    return joined(whole, new Uint8Array(Math.max(least - whole.length, 0)).fill(0xee));
  }
  if (type === linkTypes.cooked1) return joined(n16(packetType), n16(1), n16(6), address, n16(first), tagged);
  if (type === linkTypes.cooked2) return joined(n16(first), [0, 0], n32(index), n16(1), [packetType, 6], address, tagged);
  if (type === linkTypes.null) return joined(isV6(packet) ? [10, 0, 0, 0] : [2, 0, 0, 0], packet);
  if (type === linkTypes.loop) return joined(isV6(packet) ? [0, 0, 0, 30] : [0, 0, 0, 2], packet);
  return packet;
}
