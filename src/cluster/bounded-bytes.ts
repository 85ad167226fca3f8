/** Keeps the first `max` bytes of what is pushed; memory grows with what came, copying is linear however small the pieces. */
export class FirstBytes {
  #buffer = Buffer.alloc(0);
  #length = 0;
  readonly #max: number;
  /** More came than fits. */
  truncated = false;

  constructor(max: number) {
    this.#max = Math.max(0, max);
  }

  get length(): number {
    return this.#length;
  }

  /** Gives false once it is full and something had to be left out. */
  push(piece: Uint8Array): boolean {
    const taken = piece.subarray(0, this.#max - this.#length);
    this.#buffer = grown(this.#buffer, this.#length + taken.length, this.#max);
    this.#buffer.set(taken, this.#length);
    this.#length += taken.length;
    if (taken.length < piece.length) this.truncated = true;
    return !this.truncated;
  }

  /** The text; where it was cut, up to the last whole line, so that no half secret or half character stands at the end. */
  text(): string {
    const bytes = this.#buffer.subarray(0, this.#length);
    if (!this.truncated) return bytes.toString('utf8');
    const end = bytes.lastIndexOf(0x0a);
    return bytes.subarray(0, end < 0 ? bytes.length : end + 1).toString('utf8');
  }
}

/** Keeps the last `max` bytes of what is pushed: a ring once it is full. */
export class LastBytes {
  #buffer = Buffer.alloc(0);
  #next = 0;
  #total = 0;
  readonly #max: number;

  constructor(max: number) {
    this.#max = Math.max(1, max);
  }

  get truncated(): boolean {
    return this.#total > this.#max;
  }

  push(piece: Uint8Array): void {
    this.#total += piece.length;
    const kept = piece.subarray(Math.max(0, piece.length - this.#max));
    if (this.#buffer.length < this.#max) this.#buffer = grown(this.#buffer, this.#next + kept.length, this.#max);
    const first = kept.subarray(0, this.#buffer.length - this.#next);
    this.#buffer.set(first, this.#next);
    this.#buffer.set(kept.subarray(first.length), 0);
    this.#next = (this.#next + kept.length) % this.#max;
  }

  /** The text; where the beginning was lost, from the first whole line on. */
  text(): string {
    if (!this.truncated) return this.#buffer.subarray(0, this.#total).toString('utf8');
    const bytes = Buffer.concat([this.#buffer.subarray(this.#next), this.#buffer.subarray(0, this.#next)]);
    const start = bytes.indexOf(0x0a) + 1;
    return bytes.subarray(start).toString('utf8');
  }
}

/** A buffer of at least `size` bytes (never above `max`) that begins with the old one; doubles, so that many small pieces stay cheap. */
function grown(buffer: Buffer<ArrayBuffer>, size: number, max: number): Buffer<ArrayBuffer> {
  if (size <= buffer.length || buffer.length >= max) return buffer;
  const bigger = Buffer.alloc(Math.min(max, Math.max(size, buffer.length * 2, 4096)));
  bigger.set(buffer);
  return bigger;
}
