import type { InPacket, Seen } from '../seen.ts';
import type { Skipped } from './skipped.ts';
import { TcpMessages } from './tcp-messages.ts';

/** The data of a segment. */
export interface Data {
  seq: number;
  bytes: Uint8Array;
  from: number;
  to: number;
  /** How many bytes the snap length cut off behind them. */
  missing: number;
  place: InPacket;
}

/** Segments that wait for those before them; when there are more, what is missing is taken for not captured. */
const mostAhead = { segments: 64, bytes: 128 * 1024 };
/** Further than this from what is expected is another connection of the same ports: no window of a DNS connection is so wide. */
const farthest = 1024 * 1024;

/** From one sequence number to another, of those that wrap at 2^32 (RFC 9293 3.4). */
const distance = (from: number, to: number): number => (to - from) | 0;

/** One direction of a TCP connection: puts its segments in order. */
export class TcpStream {
  readonly #messages: TcpMessages;
  /** The sequence number that comes next; null before the first segment. */
  #next: number | null = null;
  /** What it was when the connection began; null where that was not seen. */
  #opened: number | null = null;
  /** In order of their numbers. */
  #ahead: Data[] = [];
  #aheadBytes = 0;

  constructor(onSeen: (seen: Seen) => void, skipped: Skipped) {
    this.#messages = new TcpMessages(onSeen, skipped);
  }

  /** How many bytes of memory what is not complete has. */
  get bytes(): number {
    return this.#messages.bytes + this.#aheadBytes;
  }

  /** A connection begins: its data begins with this number. Gives false where that was said before (a retransmission, which changes nothing). */
  open(seq: number): boolean {
    if (this.#opened === seq) return false;
    this.#begin(seq, false);
    this.#opened = seq;
    return true;
  }

  receive(data: Data): void {
    let next = this.#next;
    if (next === null || Math.abs(distance(next, data.seq)) > farthest) next = this.#begin(data.seq, true);
    if (distance(next, data.seq) > 0) this.#keep(data);
    else {
      this.#take(data, next);
      this.#drain(data.place);
    }
  }

  /** The other side has all that comes before this number: what is missing of it was not captured, and will not come. */
  acknowledge(ack: number): void {
    const first = this.#ahead[0];
    if (first !== undefined && distance(first.seq, ack) > 0) this.#jump(first);
  }

  /** What is missing does not come any more: tells what can be told of what waits. */
  flush(): void {
    for (let first = this.#ahead[0]; first !== undefined; first = this.#ahead[0]) this.#jump(first);
  }

  /** No more comes, or another connection. */
  end(): void {
    this.flush();
    this.#messages.begin(true);
    this.#next = null;
    this.#opened = null;
  }

  #begin(seq: number, isMiddle: boolean): number {
    this.end();
    this.#messages.begin(isMiddle);
    this.#next = seq;
    return seq;
  }

  /** Takes a segment that begins where the next is expected, or before it: then as much of it as is new. */
  #take({ seq, bytes, from, to, missing, place }: Data, next: number): void {
    const fresh = distance(next, seq + to - from + missing);
    if (fresh <= 0) return;
    const known = distance(seq, next);
    if (from + known < to) this.#messages.read(bytes, from + known, to, place);
    if (missing > 0) this.#messages.hole(Math.min(missing, fresh), place);
    this.#next = (next + fresh) >>> 0;
  }

  /** Takes those that waited, and for which it is time with this packet. */
  #drain(place: InPacket): void {
    for (let first = this.#ahead[0]; first !== undefined && this.#next !== null; first = this.#ahead[0]) {
      if (distance(this.#next, first.seq) > 0) return;
      this.#ahead.shift();
      this.#aheadBytes -= first.to;
      this.#take({ ...first, place: first.place.number > place.number ? first.place : place }, this.#next);
    }
  }

  /** Lets a segment wait for those before it. */
  #keep({ seq, bytes, from, to, missing, place }: Data): void {
    const found = this.#ahead.findIndex((other) => distance(seq, other.seq) >= 0);
    const at = found === -1 ? this.#ahead.length : found;
    const same = this.#ahead[at]?.seq === seq ? this.#ahead[at] : undefined;
    // sent again, it may have more data: what was lost is sent together with what follows it
    if (same !== undefined && same.to >= to - from) return;
    const copy = { seq, bytes: bytes.slice(from, to), from: 0, to: to - from, missing, place };
    this.#ahead.splice(at, same === undefined ? 0 : 1, copy);
    this.#aheadBytes += copy.to - (same?.to ?? 0);
    const first = this.#ahead[0];
    const isTooMuch = this.#ahead.length > mostAhead.segments || this.#aheadBytes > mostAhead.bytes;
    if (isTooMuch && first !== undefined) this.#jump(first);
  }

  /** Gives up what is missing before a segment. */
  #jump(first: Data): void {
    if (this.#next !== null) this.#messages.hole(distance(this.#next, first.seq), first.place);
    this.#next = first.seq;
    this.#drain(first.place);
  }
}
