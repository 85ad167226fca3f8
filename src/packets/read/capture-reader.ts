import type { FileEnd, Seen } from '../seen.ts';
import { Packets, type Held } from './packets.ts';
import { isPcap, Pcap } from './pcap.ts';
import { isPcapng, Pcapng } from './pcapng.ts';
import { notCapture } from './not-capture.ts';
import { mostHeld, type Records } from './records.ts';

export interface ReadOptions {
  /** Where DNS is spoken, over UDP and TCP. Left out: 53. */
  ports?: readonly number[];
}

/** Both formats have as many bytes before their first packet, and this tells them apart. */
const enoughToTell = 24;

/**
 * Reads a capture that is pushed to it in chunks of any size, and tells what it sees while it reads. It holds one record at most, and what waits of
 * fragments and TCP connections, which is bounded. Nothing in a file makes it throw.
 */
export class CaptureReader {
  readonly #packets: Packets;
  /** Null before the first bytes have told the format. */
  #records: Records | null = null;
  /** The beginning of a record: so many bytes of `#held`. */
  #held = new Uint8Array(4096);
  #length = 0;
  /** How many bytes it needs. */
  #need = 0;
  /** So many bytes of a record follow that tell nothing. */
  #toSkip = 0;
  #bytes = 0;
  #cut: string | null = null;

  constructor(onSeen: (seen: Seen) => void, { ports = [53] }: ReadOptions = {}) {
    this.#packets = new Packets(ports, onSeen);
  }

  /** Nothing that follows would be read. */
  get isCut(): boolean {
    return this.#cut !== null;
  }

  /** What is in memory at the moment, to see that it is bounded. */
  get held(): Held & { record: number } {
    return { ...this.#packets.held, record: this.#held.length };
  }

  /** Reads on. The chunk may be used for something else when this returns. */
  push(chunk: Uint8Array): void {
    // a plain Uint8Array: mixed with Buffers, the same code would run slower
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    while (from < bytes.length && this.#cut === null) {
      if (this.#toSkip > 0) from += this.#skip(bytes.length - from);
      else if (this.#length > 0) from = this.#complete(bytes, from);
      else from = this.#readRecords(bytes, from);
    }
  }

  /** There are no more chunks. */
  end(): FileEnd {
    this.#cut ??= this.#missing();
    this.#packets.end();
    return {
      packets: this.#packets.count,
      bytes: this.#bytes,
      cut: this.#cut,
      skipped: this.#packets.skipped,
      format: this.#records?.format ?? 'none',
      linkTypes: this.#packets.linkTypes,
    };
  }

  /** What is missing where the file ends; null: nothing. */
  #missing(): string | null {
    this.#bytes += this.#length;
    if (this.#records === null) return this.#length === 0 ? 'an empty file' : this.#atStart(this.#held, 0, this.#length);
    if (this.#toSkip > 0) return `the file ends in the middle of a record: ${this.#toSkip} bytes are missing`;
    return this.#length === 0 ? null : `the file ends in the middle of a record: ${this.#need - this.#length} bytes are missing`;
  }

  #skip(available: number): number {
    const skipped = Math.min(this.#toSkip, available);
    this.#toSkip -= skipped;
    this.#bytes += skipped;
    return skipped;
  }

  /** Reads the records that lie whole in a chunk, and holds the beginning of the one that does not. Gives how far it came. */
  #readRecords(bytes: Uint8Array, start: number): number {
    let from = start;
    while (from < bytes.length) {
      const length = this.#read(bytes, from, bytes.length);
      if (length <= 0) {
        if (length < 0) this.#hold(bytes, from, bytes.length, -length);
        break;
      }
      const taken = Math.min(length, bytes.length - from);
      this.#bytes += taken;
      this.#toSkip = length - taken;
      from += taken;
    }
    return bytes.length;
  }

  /** Goes on with the record that is held, and reads it when it is complete. Gives how far it came in the chunk. */
  #complete(bytes: Uint8Array, from: number): number {
    const end = Math.min(from + this.#need - this.#length, bytes.length);
    this.#hold(bytes, from, end, this.#need);
    if (this.#length < this.#need) return end;
    const length = this.#read(this.#held, 0, this.#length);
    if (length < 0) this.#need = -length;
    else if (length > 0) {
      this.#bytes += this.#length;
      this.#toSkip = length - this.#length;
      this.#length = 0;
    }
    return end;
  }

  /** Holds some more bytes of a record that needs so many. */
  #hold(bytes: Uint8Array, from: number, to: number, need: number): void {
    if (need > this.#held.length) {
      const larger = new Uint8Array(need > 65_536 ? mostHeld : 65_536);
      larger.set(this.#held.subarray(0, this.#length));
      this.#held = larger;
    }
    this.#held.set(bytes.subarray(from, to), this.#length);
    this.#length += to - from;
    this.#need = need;
  }

  /** As `Records.read`, and finds out the format first. */
  #read(bytes: Uint8Array, from: number, to: number): number {
    if (this.#records === null) {
      if (to - from < enoughToTell) return -enoughToTell;
      this.#records = isPcap(bytes, from) ? new Pcap(this.#packets) : isPcapng(bytes, from) ? new Pcapng(this.#packets) : null;
      if (this.#records === null) this.#cut = notCapture(bytes, from, to);
    }
    const length = this.#records?.read(bytes, from, to) ?? 0;
    this.#cut ??= this.#records?.cut ?? null;
    return length;
  }

  /** Of a file that ends before its format could be told. */
  #atStart(bytes: Uint8Array, from: number, to: number): string {
    const isCapture = to - from >= 4 && (isPcap(bytes, from) || isPcapng(bytes, from));
    return isCapture ? `the file ends in the middle of its header, after ${to - from} bytes` : notCapture(bytes, from, to);
  }
}
