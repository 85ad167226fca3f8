import type { InPacket } from '../seen.ts';
import type { Packet } from './packet.ts';
import type { Skipped } from './skipped.ts';

/** Bounds of what waits. Linux keeps 4 MiB, and a datagram for 30 seconds (ipfrag_high_thresh, ipfrag_time). */
const most = { datagrams: 256, parts: 128, bytes: 4 * 1024 * 1024, milliseconds: 30_000, datagram: 65_535 };

interface Part {
  from: number;
  bytes: Uint8Array;
}

/** The fragment that begins a datagram. */
export interface FirstFragment {
  place: InPacket;
  protocol: number;
  bytes: Uint8Array;
}

interface Datagram {
  parts: Part[];
  bytes: number;
  /** The end of the part that reaches furthest. */
  furthest: number;
  /** Known from the fragment that no other follows; else null. */
  size: number | null;
  since: number;
  first: FirstFragment | null;
}

/** Puts IP fragments together, in bounded memory: the oldest datagrams give way. Fragments that overlap are refused (RFC 5722), copies are not. */
export class Fragments {
  readonly #waiting = new Map<string, Datagram>();
  readonly #skipped: Skipped;
  readonly #onLost: (first: FirstFragment) => void;
  #bytes = 0;

  /** `onLost` is told of datagrams that never became whole, where their beginning was seen. */
  constructor(skipped: Skipped, onLost: (first: FirstFragment) => void) {
    this.#skipped = skipped;
    this.#onLost = onLost;
  }

  /** How much waits. */
  get held(): { datagrams: number; bytes: number } {
    return { datagrams: this.#waiting.size, bytes: this.#bytes };
  }

  /** Takes a packet that is a fragment. Gives whether its datagram is whole with it; then the packet holds all of it. */
  add(packet: Packet): boolean {
    const protocol = packet.version === 4 ? packet.protocol : '';
    const key = `${packet.source} ${packet.destination} ${protocol} ${packet.fragmentId} ${packet.interface}`;
    const datagram = this.#datagram(key, packet.at);
    const added = this.#put(datagram, packet);
    if (added === 'refused') {
      this.#skipped.add('fragments that never became whole');
      this.#lose(key, datagram);
    } else if (added === 'whole') {
      this.#forget(key, datagram);
      become(packet, datagram);
    } else this.#keepWithinBounds();
    return added === 'whole';
  }

  /** The file has ended: nothing that waits becomes whole. */
  end(): void {
    for (const [key, datagram] of this.#waiting) this.#lose(key, datagram);
  }

  #datagram(key: string, at: number): Datagram {
    const known = this.#waiting.get(key);
    if (known !== undefined && Math.abs(at - known.since) <= most.milliseconds) return known;
    if (known !== undefined) this.#lose(key, known);
    const datagram: Datagram = { parts: [], bytes: 0, furthest: 0, size: null, since: at, first: null };
    this.#waiting.set(key, datagram);
    return datagram;
  }

  #put(datagram: Datagram, packet: Packet): 'whole' | 'waits' | 'refused' {
    const from = packet.fragmentOffset;
    const end = from + packet.to - packet.from;
    const met = datagram.parts.find((part) => from < part.from + part.bytes.length && end > part.from);
    if (met !== undefined) return isCopy(met, packet) ? 'waits' : 'refused';
    const size = packet.moreFragments ? datagram.size : end;
    const furthest = Math.max(datagram.furthest, end);
    const isPossible = furthest <= (size ?? most.datagram) && end <= most.datagram && (datagram.size ?? size) === size;
    if (packet.missing > 0 || !isPossible || datagram.parts.length >= most.parts) return 'refused';
    const bytes = packet.payload.slice(packet.from, packet.to);
    datagram.parts.push({ from, bytes });
    datagram.bytes += bytes.length;
    this.#bytes += bytes.length;
    datagram.size = size;
    datagram.furthest = furthest;
    if (from === 0) datagram.first = { place: packet.place(), protocol: packet.protocol, bytes };
    return datagram.bytes === datagram.size && datagram.first !== null ? 'whole' : 'waits';
  }

  #keepWithinBounds(): void {
    for (const [key, datagram] of this.#waiting) {
      if (this.#waiting.size <= most.datagrams && this.#bytes <= most.bytes) return;
      this.#lose(key, datagram);
    }
  }

  #lose(key: string, datagram: Datagram): void {
    this.#forget(key, datagram);
    this.#skipped.add('fragments that never became whole', datagram.parts.length);
    if (datagram.first !== null) this.#onLost(datagram.first);
  }

  #forget(key: string, datagram: Datagram): void {
    this.#waiting.delete(key);
    this.#bytes -= datagram.bytes;
  }
}

/** The same network packet may be seen twice where all interfaces are captured. */
function isCopy({ from, bytes }: Part, packet: Packet): boolean {
  if (from !== packet.fragmentOffset || bytes.length !== packet.to - packet.from) return false;
  return bytes.every((byte, index) => byte === packet.payload[packet.from + index]);
}

/** Lets the packet hold its whole datagram. */
function become(packet: Packet, { parts, size, first }: Datagram): void {
  const whole = new Uint8Array(size ?? 0);
  for (const part of parts) whole.set(part.bytes, part.from);
  packet.payload = whole;
  packet.from = 0;
  packet.to = whole.length;
  packet.protocol = first?.protocol ?? packet.protocol;
  packet.fragmentOffset = 0;
  packet.moreFragments = false;
}
