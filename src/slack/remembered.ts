interface Entry<T> {
  value: Promise<T>;
  /** Milliseconds since 1970; null while it is being asked for. */
  until: number | null;
}

/** Answers that hold for a while. What is being asked already is not asked again, and a failure is not remembered. */
export class Remembered<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #holdsMs: number;
  readonly #most: number;
  readonly #now: () => number;

  constructor({ holdsMs, most, now = Date.now }: { holdsMs: number; most: number; now?: () => number }) {
    this.#holdsMs = holdsMs;
    this.#most = most;
    this.#now = now;
  }

  /** The answer for `key`: a remembered one, or what `ask` gives. `fresh`: none that was known before. Rejects as `ask` does. */
  get(key: string, ask: () => Promise<T>, fresh = false): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined && (known.until === null || (!fresh && known.until > this.#now()))) return known.value;
    return this.#keep(key, ask());
  }

  #keep(key: string, value: Promise<T>): Promise<T> {
    const entry: Entry<T> = { value, until: null };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const [oldest] of this.#entries) {
      if (this.#entries.size <= this.#most) break;
      this.#entries.delete(oldest);
    }
    void this.#settle(key, entry);
    return value;
  }

  async #settle(key: string, entry: Entry<T>): Promise<void> {
    try {
      await entry.value;
      entry.until = this.#now() + this.#holdsMs;
    } catch {
      // Whoever asked hears of the failure; here it only makes the next one ask again.
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    }
  }
}
