import type { InPacket } from '../seen.ts';
import { ipv4Text, ipv6Text } from './address.ts';
import type { Clock } from './clock.ts';

const nothing = new Uint8Array(0);

/**
 * The packet at hand: one object for all packets of a file, filled anew for each, so that a packet that is not about DNS costs no memory. Texts
 * and times are made when they are asked for. The bytes are those of the chunk that was pushed: whatever is kept must be copied.
 */
export class Packet implements InPacket {
  number = 0;
  direction: 'in' | 'out' | null = null;
  interface: number | null = null;
  /** The captured bytes, of which the addresses are read. */
  bytes: Uint8Array = nothing;
  version: 4 | 6 = 4;
  sourceAt = 0;
  destinationAt = 0;
  sourcePort = 0;
  destinationPort = 0;
  protocol = 0;
  /** What the layer at hand holds: of `bytes`, or of a datagram that was put together from fragments. */
  payload: Uint8Array = nothing;
  from = 0;
  to = 0;
  /** How many bytes of the IP packet were not captured behind `to`. */
  missing = 0;
  /** Of a fragment: where it belongs in its datagram, in bytes. */
  fragmentOffset = 0;
  moreFragments = false;
  fragmentId = 0;
  #clock: Clock = () => 0;
  #high = 0;
  #low = 0;

  /** Begins the next packet of the file. */
  begin(bytes: Uint8Array, from: number, to: number): void {
    this.number += 1;
    this.direction = null;
    this.interface = null;
    this.bytes = bytes;
    this.payload = bytes;
    this.from = from;
    this.to = to;
    this.missing = 0;
    this.sourcePort = 0;
    this.destinationPort = 0;
  }

  setTime(clock: Clock, high: number, low: number): void {
    this.#clock = clock;
    this.#high = high;
    this.#low = low;
  }

  get at(): number {
    return this.#clock(this.#high, this.#low);
  }

  get source(): string {
    return this.#address(this.sourceAt);
  }

  get destination(): string {
    return this.#address(this.destinationAt);
  }

  #address(at: number): string {
    return this.version === 4 ? ipv4Text(this.bytes, at) : ipv6Text(this.bytes, at);
  }

  /** A copy of what every kind of `Seen` says of its packet. */
  place(): InPacket {
    const { number, at, source, sourcePort, destination, destinationPort, direction } = this;
    return { number, at, source, sourcePort, destination, destinationPort, direction, interface: this.interface };
  }

  get isFragment(): boolean {
    return this.moreFragments || this.fragmentOffset > 0;
  }
}
