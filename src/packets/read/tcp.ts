import type { InPacket, Seen, SeenSegment } from '../seen.ts';
import { u32, u8 } from './numbers.ts';
import type { Packet } from './packet.ts';
import type { Skipped } from './skipped.ts';
import { TcpStream } from './tcp-stream.ts';

/** Bounds of what is remembered of connections: the one that was silent for longest gives way. */
const most = { connections: 4096, bytes: 16 * 1024 * 1024 };

const flags = { fin: 1, syn: 2, reset: 4, ack: 16 } as const;

/** A header without options: RFC 9293 3.1. */
export const tcpHeaderLength = 20;

/** A connection that spoke within so many segments is not moved to the end again: that would cost more than the order is worth. */
const recent = 1024;

/** The directions of a connection: from the end whose text sorts first, and to it. */
interface Connection {
  streams: readonly [TcpStream, TcpStream];
  /** When it was moved to the end, in segments of all connections. */
  moved: number;
}

/** One direction of a connection, and the other one. */
interface Sides {
  from: TcpStream;
  to: TcpStream;
}

/** The TCP connections with DNS ports. */
export class Tcp {
  readonly #onSeen: (seen: Seen) => void;
  readonly #skipped: Skipped;
  /** Roughly in the order in which they spoke: the one that did last is last. */
  readonly #connections = new Map<string, Connection>();
  #segments = 0;
  #bytes = 0;

  constructor(onSeen: (seen: Seen) => void, skipped: Skipped) {
    this.#onSeen = onSeen;
    this.#skipped = skipped;
  }

  /** How much is remembered. */
  get held(): { connections: number; bytes: number } {
    return { connections: this.#connections.size, bytes: this.#bytes };
  }

  /** Takes a segment to or from a port of DNS, of which the header was captured. */
  read(packet: Packet): void {
    const place = packet.place();
    const header = (u8(packet.payload, packet.from + 12) >> 4) * 4;
    if (header < tcpHeaderLength) return this.#onSeen({ kind: 'unreadable', ...place, why: 'a TCP header shorter than 20 bytes' });
    const bits = u8(packet.payload, packet.from + 13);
    const sides = this.#sides(place);
    const before = sides.from.bytes + sides.to.bytes;
    const hasData = follow(packet, header, bits, place, sides);
    this.#bytes += sides.from.bytes + sides.to.bytes - before;
    this.#keepWithinBounds();
    const flag = flagOf(bits);
    if (flag !== null) this.#onSeen({ kind: 'segment', ...place, flag });
    else if (!hasData) this.#skipped.add('TCP segments without data');
  }

  /** The file has ended. */
  end(): void {
    for (const key of this.#connections.keys()) this.#forget(key);
  }

  #sides({ source, sourcePort, destination, destinationPort }: InPacket): Sides {
    const [from, to] = [`${source} ${sourcePort}`, `${destination} ${destinationPort}`];
    const isFirst = from < to;
    const key = isFirst ? `${from} ${to}` : `${to} ${from}`;
    const [first, second] = this.#connection(key).streams;
    return isFirst ? { from: first, to: second } : { from: second, to: first };
  }

  #connection(key: string): Connection {
    this.#segments += 1;
    const known = this.#connections.get(key);
    if (known !== undefined && this.#segments - known.moved < recent) return known;
    const streams = known?.streams ?? [new TcpStream(this.#onSeen, this.#skipped), new TcpStream(this.#onSeen, this.#skipped)];
    const connection = { streams, moved: this.#segments } as const;
    if (known !== undefined) this.#connections.delete(key);
    this.#connections.set(key, connection);
    return connection;
  }

  #keepWithinBounds(): void {
    for (const key of this.#connections.keys()) {
      if (this.#connections.size <= most.connections && this.#bytes <= most.bytes) return;
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    for (const stream of this.#connections.get(key)?.streams ?? []) {
      this.#bytes -= stream.bytes;
      stream.end();
    }
    this.#connections.delete(key);
  }
}

/** Hands a segment to its connection. Gives whether it has data. */
function follow(packet: Packet, header: number, bits: number, place: InPacket, { from, to }: Sides): boolean {
  const seq = u32(packet.payload, packet.from + 4);
  // the number that SYN has itself is not one of the data's
  const first = bits & flags.syn ? (seq + 1) >>> 0 : seq;
  // who opens a connection knows nothing yet of what the other one will say
  if (bits & flags.syn && from.open(first) && !(bits & flags.ack)) to.end();
  if (bits & flags.ack) to.acknowledge(u32(packet.payload, packet.from + 8));
  const begin = packet.from + header;
  const captured = Math.max(packet.to - begin, 0);
  const missing = Math.max(packet.missing - Math.max(begin - packet.to, 0), 0);
  if (captured + missing > 0) from.receive({ seq: first, bytes: packet.payload, from: begin, to: begin + captured, missing, place });
  if (bits & flags.reset) [from, to].forEach((stream) => stream.flush());
  return captured + missing > 0;
}

/** What a segment does to its connection; null: nothing. */
function flagOf(bits: number): SeenSegment['flag'] | null {
  if (bits & flags.reset) return 'reset';
  if (bits & flags.syn) return bits & flags.ack ? 'syn-ack' : 'syn';
  return bits & flags.fin ? 'fin' : null;
}
