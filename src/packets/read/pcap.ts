import { pcapClock, type Clock } from './clock.ts';
import { linkOf, type Link } from './link.ts';
import { bigEndian, littleEndian, type ByteOrder } from './numbers.ts';
import type { Packets } from './packets.ts';
import { mostCaptured, tooLong, type Records } from './records.ts';

/** https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html */
const headerLength = 24;
const recordHeaderLength = 16;
const magics = { micro: 0xa1_b2_c3_d4, nano: 0xa1_b2_3c_4d } as const;

/** How a file of this format writes its numbers and times; null: it is not of this format. */
function orderOf(bytes: Uint8Array, from: number): { order: ByteOrder; clock: Clock } | null {
  for (const order of [littleEndian, bigEndian]) {
    const magic = order.u32(bytes, from);
    if (magic === magics.micro) return { order, clock: pcapClock(1) };
    if (magic === magics.nano) return { order, clock: pcapClock(1000) };
  }
  return null;
}

export const isPcap = (bytes: Uint8Array, from: number): boolean => orderOf(bytes, from) !== null;

/** The format of tcpdump: a header, and records that are a packet each. */
export class Pcap implements Records {
  readonly format = 'pcap';
  cut: string | null = null;
  readonly #packets: Packets;
  #order: ByteOrder = littleEndian;
  #clock: Clock = pcapClock(1);
  /** Null before the header. */
  #link: Link | null = null;

  constructor(packets: Packets) {
    this.#packets = packets;
  }

  read(bytes: Uint8Array, from: number, to: number): number {
    if (this.#link === null) return this.#header(bytes, from, to);
    if (to - from < recordHeaderLength) return -recordHeaderLength;
    const captured = this.#order.u32(bytes, from + 8);
    if (captured > mostCaptured) {
      this.cut = tooLong(captured);
      return 0;
    }
    const begin = from + recordHeaderLength;
    const end = begin + captured;
    if (end > to) return from - end;
    this.#packets.read(bytes, begin, end, this.#link, this.#clock, this.#order.u32(bytes, from), this.#order.u32(bytes, from + 4));
    return end - from;
  }

  #header(bytes: Uint8Array, from: number, to: number): number {
    if (to - from < headerLength) return -headerLength;
    const written = orderOf(bytes, from);
    if (written !== null) [this.#order, this.#clock] = [written.order, written.clock];
    // the upper half says how long the check sequence behind each frame is: it lies behind the end of the IP packet
    this.#link = linkOf(this.#order.u32(bytes, from + 20) & 0xffff);
    return headerLength;
  }
}
