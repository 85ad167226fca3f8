import { pcapngClock, type Clock } from './clock.ts';
import { linkOf, type Link } from './link.ts';
import { bigEndian, littleEndian, u32, type ByteOrder } from './numbers.ts';
import type { Packets } from './packets.ts';
import { resolutionOf } from './pcapng-resolution.ts';
import { mostCaptured, mostHeld, tooLong, type Records } from './records.ts';

/** https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html: the types of blocks that tell something of packets. */
const types = { section: 0x0a_0d_0d_0a, interface: 1, obsoletePacket: 2, simplePacket: 3, enhancedPacket: 6 } as const;
const byteOrderMagic = 0x1a_2b_3c_4d;
/** Type and length of a block, and of a section the byte order; of every block no more is needed to know how long it is. */
const leastLength = 12;
const leastSection = 28;
/** Where in a block its packet begins. */
const dataAt = { [types.simplePacket]: 12, [types.enhancedPacket]: 28, [types.obsoletePacket]: 28 } as const;
/** An interface for each pod of a large node, and many times more. */
const mostInterfaces = 4096;

interface Interface {
  link: Link;
  clock: Clock;
  /** 0: packets are captured whole. */
  snapLength: number;
}

/** Simple packet blocks have no time. */
const noClock: Clock = () => 0;

export const isPcapng = (bytes: Uint8Array, from: number): boolean => u32(bytes, from) === types.section;

/** The format of Wireshark: sections of blocks, in which interfaces are described before their packets. */
export class Pcapng implements Records {
  readonly format = 'pcapng';
  cut: string | null = null;
  readonly #packets: Packets;
  #order: ByteOrder = littleEndian;
  #interfaces: Interface[] = [];

  constructor(packets: Packets) {
    this.#packets = packets;
  }

  read(bytes: Uint8Array, from: number, to: number): number {
    if (to - from < leastLength) return -leastLength;
    const isSection = isPcapng(bytes, from);
    if (isSection && !this.#readOrder(bytes, from)) return this.#stop('a section without a byte order');
    const type = isSection ? types.section : this.#order.u32(bytes, from);
    const length = this.#order.u32(bytes, from + 4);
    if (length < (isSection ? leastSection : leastLength) || length % 4 !== 0) return this.#stop(`a block of ${length} bytes`);
    if (length > mostHeld) return isNeeded(type) ? this.#stop(tooLong(length)) : length;
    if (to - from < length) return -length;
    if (this.#order.u32(bytes, from + length - 4) !== length) return this.#stop('a block whose two lengths differ');
    return this.#readBlock(type, bytes, from, from + length) ? length : 0;
  }

  #stop(why: string): 0 {
    this.cut = why;
    return 0;
  }

  #readOrder(bytes: Uint8Array, from: number): boolean {
    const order = [littleEndian, bigEndian].find((each) => each.u32(bytes, from + 8) === byteOrderMagic);
    this.#order = order ?? this.#order;
    return order !== undefined;
  }

  /** Gives whether it could be read. */
  #readBlock(type: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (type === types.section) this.#interfaces = [];
    else if (type === types.interface) return this.#readInterface(bytes, from, to);
    else if (isPacket(type)) return this.#readPacket(type, bytes, from, to);
    return true;
  }

  #readInterface(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from < 20 || this.#interfaces.length >= mostInterfaces) {
      this.#stop(to - from < 20 ? 'a damaged description of an interface' : `more than ${mostInterfaces} interfaces`);
      return false;
    }
    const clock = pcapngClock(resolutionOf(this.#order, bytes, from + 16, to - 4));
    const link = linkOf(this.#order.u16(bytes, from + 8));
    this.#interfaces.push({ link, clock, snapLength: this.#order.u32(bytes, from + 12) });
    return true;
  }

  #readPacket(type: keyof typeof dataAt, bytes: Uint8Array, from: number, to: number): boolean {
    const begin = from + dataAt[type];
    const room = to - 4 - begin;
    const order = this.#order;
    const index = type === types.simplePacket ? 0 : type === types.enhancedPacket ? order.u32(bytes, from + 8) : order.u16(bytes, from + 8);
    const its = this.#interfaces[index];
    if (its === undefined || room < 0) {
      this.#stop(room < 0 ? 'a block too short for its packet' : 'a packet of an interface that was not described');
      return false;
    }
    if (type === types.simplePacket) {
      const length = Math.min(order.u32(bytes, from + 8), its.snapLength || mostCaptured, room);
      this.#packets.read(bytes, begin, begin + length, its.link, noClock, 0, 0);
      return true;
    }
    const captured = order.u32(bytes, from + 20);
    if (captured <= Math.min(room, mostCaptured)) {
      this.#packets.read(bytes, begin, begin + captured, its.link, its.clock, order.u32(bytes, from + 12), order.u32(bytes, from + 16));
      return true;
    }
    this.#stop(captured > mostCaptured ? tooLong(captured) : 'a packet longer than its block');
    return false;
  }
}

const isPacket = (type: number): type is keyof typeof dataAt => type in dataAt;
/** Blocks that tell nothing may be longer than memory: they are skipped as they come. */
const isNeeded = (type: number): boolean => isPacket(type) || type === types.interface;
