import type { Seen } from '../seen.ts';
import type { Clock } from './clock.ts';
import { Fragments } from './fragments.ts';
import { openIp, skipExtensions } from './ip.ts';
import type { Link } from './link.ts';
import { Packet } from './packet.ts';
import { Skipped } from './skipped.ts';
import { Transport } from './transport.ts';

/** What is kept between packets, to see that it is bounded. */
export interface Held {
  datagrams: number;
  connections: number;
  bytes: number;
}

/** Reads packet after packet, from the link layer up. */
export class Packets {
  readonly #packet = new Packet();
  readonly #skipped = new Skipped();
  readonly #fragments: Fragments;
  readonly #transport: Transport;
  /** Names of the link types that were met: a file may name thousands. */
  readonly #links = new Set<string>();

  constructor(ports: readonly number[], onSeen: (seen: Seen) => void) {
    this.#transport = new Transport(ports, onSeen, this.#skipped);
    this.#fragments = new Fragments(this.#skipped, (first) => this.#transport.lost(first));
  }

  get count(): number {
    return this.#packet.number;
  }

  get linkTypes(): string[] {
    return [...this.#links];
  }

  get skipped(): Record<string, number> {
    return this.#skipped.result();
  }

  get held(): Held {
    const { datagrams, bytes } = this.#fragments.held;
    const { connections, bytes: ofTcp } = this.#transport.tcp.held;
    return { datagrams, connections, bytes: bytes + ofTcp };
  }

  /** Reads the packet in these bytes, which may change when this returns. `high` and `low`: of its time, as the clock takes them. */
  read(bytes: Uint8Array, from: number, to: number, link: Link, clock: Clock, high: number, low: number): void {
    const packet = this.#packet;
    packet.begin(bytes, from, to);
    packet.setTime(clock, high, low);
    if (this.#links.size < mostLinks) this.#links.add(link.name);
    const why = link.open(packet) ?? openIp(packet);
    if (why !== null) this.#skipped.add(why);
    else if (!packet.isFragment) this.#transport.read(packet);
    else if (this.#fragments.add(packet)) this.#readWhole(packet);
  }

  /** There are no more. */
  end(): void {
    this.#fragments.end();
    this.#transport.tcp.end();
  }

  /** A datagram of IPv6 may have further extension headers. One that holds a fragment again is none that is sent. */
  #readWhole(packet: Packet): void {
    const why = packet.version === 6 ? skipExtensions(packet) : null;
    if (why !== null || packet.isFragment) this.#skipped.add(why ?? 'damaged headers');
    else this.#transport.read(packet);
  }
}

const mostLinks = 32;
