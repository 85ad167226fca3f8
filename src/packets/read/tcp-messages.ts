import type { InPacket, Seen } from '../seen.ts';
import { hasQuestion, headerLength, looksLikeStart, readMessage } from './dns-message.ts';
import { u16 } from './numbers.ts';
import type { Skipped } from './skipped.ts';

const nothing = new Uint8Array(0);
/** The length before each message: RFC 1035 4.2.2. */
const prefix = 2;

/** Cuts the bytes of one direction of a TCP connection, in order, into messages. What is missing costs only the messages that it was part of. */
export class TcpMessages {
  readonly #onSeen: (seen: Seen) => void;
  readonly #skipped: Skipped;
  /** Where messages begin is not known: the next segment that looks like a beginning is taken for one. */
  #isLost = false;
  /** So many of the next bytes belong to a message that was told already. */
  #toSkip = 0;
  /** The beginning of a message, with its length: `#length` bytes of it. */
  #held = nothing;
  #length = 0;

  constructor(onSeen: (seen: Seen) => void, skipped: Skipped) {
    this.#onSeen = onSeen;
    this.#skipped = skipped;
  }

  /** How many bytes of memory the message has that is not complete. */
  get bytes(): number {
    return this.#held.length;
  }

  /** A connection begins, or is met in the middle. */
  begin(isMiddle: boolean): void {
    if (this.#length > 0) this.#skipped.add('TCP data outside of whole messages');
    this.#release();
    this.#toSkip = 0;
    this.#isLost = isMiddle;
  }

  /** The next bytes: those of one segment. */
  read(bytes: Uint8Array, start: number, to: number, place: InPacket): void {
    const told = Math.min(this.#toSkip, to - start);
    this.#toSkip -= told;
    let from = start + told;
    if (from === to) return;
    if (this.#isLost && !looksLikeStart(bytes, from, to)) return this.#skipped.add('TCP data outside of whole messages');
    this.#isLost = false;
    if (this.#length > 0) from = this.#fill(bytes, from, to, place);
    from = this.#readWhole(bytes, from, to, place);
    if (from < to) this.#append(bytes, from, to);
  }

  /** So many bytes that were not captured: what is known of the message that they are part of is told now. */
  hole(length: number, place: InPacket): void {
    const size = this.#length < prefix ? 0 : u16(this.#held, 0);
    const rest = this.#toSkip > 0 ? this.#toSkip : Math.max(prefix + size - this.#length, 0);
    const isWithin = (this.#toSkip > 0 || size > 0) && rest >= length;
    if (size > 0 && hasQuestion(this.#held, prefix, this.#length)) this.#tell(this.#held, prefix, this.#length, size, place);
    this.#release();
    this.#toSkip = isWithin ? rest - length : 0;
    this.#isLost ||= !isWithin;
  }

  /** Messages that lie whole in the bytes of a segment. Gives where they end. */
  #readWhole(bytes: Uint8Array, start: number, to: number, place: InPacket): number {
    let from = start;
    while (to - from >= prefix) {
      const size = u16(bytes, from);
      if (size < headerLength) return this.#notDns(to, place);
      if (to - from - prefix < size) return from;
      this.#tell(bytes, from + prefix, from + prefix + size, size, place);
      from += prefix + size;
    }
    return from;
  }

  /** Goes on with the message that is held. Gives where its bytes end. */
  #fill(bytes: Uint8Array, start: number, to: number, place: InPacket): number {
    let from = start;
    while (from < to && this.#length > 0) {
      const need = this.#length < prefix ? prefix : prefix + u16(this.#held, 0);
      const end = Math.min(from + need - this.#length, to);
      this.#append(bytes, from, end);
      from = end;
      if (this.#length < prefix) return from;
      const size = u16(this.#held, 0);
      if (size < headerLength) return this.#notDns(to, place);
      if (this.#length < prefix + size) continue;
      this.#tell(this.#held, prefix, prefix + size, size, place);
      this.#release();
    }
    return from;
  }

  #append(bytes: Uint8Array, from: number, to: number): void {
    const length = this.#length + to - from;
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(512, length * 2));
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    for (let at = from; at < to; at++) this.#held[this.#length + at - from] = bytes[at] ?? 0;
    this.#length = length;
  }

  #release(): void {
    this.#held = nothing;
    this.#length = 0;
  }

  #notDns(to: number, place: InPacket): number {
    this.#onSeen({ kind: 'unreadable', ...place, why: 'over TCP, and no message of DNS' });
    this.#release();
    this.#isLost = true;
    return to;
  }

  #tell(bytes: Uint8Array, from: number, to: number, size: number, place: InPacket): void {
    this.#onSeen(readMessage({ bytes, from, to, size, transport: 'tcp' }, place));
  }
}
