/** What an entry must have so that the table can keep it. The table alone writes these. */
export interface Entry<T> {
  /** Entries with the same are looked through one by one. */
  readonly key: number;
  /** When it was last heard of: milliseconds. The owner writes it, then says `touch`. */
  lastAt: number;
  next: T | null;
  older: T | null;
  newer: T | null;
  /** Whether it has got what it waited for. */
  settled: boolean;
}

/** Why an entry left: it had not been heard of for long, there were too many, or the capture ended. */
export type Leaving = 'old' | 'crowded-out' | 'end';

const bucketCount = 65_536;
/** More entries with one key are no chance: whoever makes them would make every look-up slow. */
const longestChain = 32;

class AgeList<T extends Entry<T>> {
  oldest: T | null = null;
  newest: T | null = null;
  size = 0;

  append(entry: T): void {
    entry.older = this.newest;
    entry.newer = null;
    if (this.newest === null) this.oldest = entry;
    else this.newest.newer = entry;
    this.newest = entry;
    this.size += 1;
  }

  remove(entry: T): void {
    if (entry.older === null) this.oldest = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === null) this.newest = entry.older;
    else entry.newer.older = entry.older;
    this.size -= 1;
  }
}

/** Things that wait for something, found by a number, in bounded memory: the oldest leave when there are too many, or after `keepMs`. */
export class OpenTable<T extends Entry<T>> {
  readonly #buckets: (T | null)[] = Array.from<T | null>({ length: bucketCount }).fill(null);
  readonly #open = new AgeList<T>();
  readonly #settled = new AgeList<T>();
  readonly #leave: (entry: T, why: Leaving) => void;
  readonly #most: { open: number; settled: number; keepMs: number };

  constructor(most: { open: number; settled: number; keepMs: number }, leave: (entry: T, why: Leaving) => void) {
    this.#most = most;
    this.#leave = leave;
  }

  /** The newest entry of those that may have the key; go on by `next`. */
  first(key: number): T | null {
    return this.#buckets[bucketOf(key)] ?? null;
  }

  add(entry: T): void {
    const bucket = bucketOf(entry.key);
    entry.next = this.#buckets[bucket] ?? null;
    this.#buckets[bucket] = entry;
    this.#open.append(entry);
    this.#shorten(bucket);
    if (this.#open.size > this.#most.open && this.#open.oldest !== null) this.#remove(this.#open.oldest, 'crowded-out');
  }

  /** Says that an entry was heard of again. */
  touch(entry: T): void {
    const list = entry.settled ? this.#settled : this.#open;
    if (list.newest === entry) return;
    list.remove(entry);
    list.append(entry);
  }

  /** Says that an entry has got what it waited for: it stays for a while, for what may come after. */
  settle(entry: T): void {
    if (entry.settled) return;
    this.#open.remove(entry);
    entry.settled = true;
    this.#settled.append(entry);
    if (this.#settled.size > this.#most.settled && this.#settled.oldest !== null) this.#remove(this.#settled.oldest, 'old');
  }

  /** Lets go what has not been heard of for long. */
  sweep(now: number): void {
    const before = now - this.#most.keepMs;
    while (this.#open.oldest !== null && this.#open.oldest.lastAt < before) this.#remove(this.#open.oldest, 'old');
    while (this.#settled.oldest !== null && this.#settled.oldest.lastAt < before) this.#remove(this.#settled.oldest, 'old');
  }

  /** Lets go everything, the oldest first. */
  end(): void {
    while (this.#settled.oldest !== null) this.#remove(this.#settled.oldest, 'end');
    while (this.#open.oldest !== null) this.#remove(this.#open.oldest, 'end');
  }

  #shorten(bucket: number): void {
    let entry = this.#buckets[bucket] ?? null;
    for (let length = 1; entry !== null && length <= longestChain; length++) entry = entry.next;
    if (entry !== null) this.#remove(entry, entry.settled ? 'old' : 'crowded-out');
  }

  #remove(entry: T, why: Leaving): void {
    (entry.settled ? this.#settled : this.#open).remove(entry);
    const bucket = bucketOf(entry.key);
    let before = this.#buckets[bucket] ?? null;
    if (before === entry) this.#buckets[bucket] = entry.next;
    else {
      while (before !== null && before.next !== entry) before = before.next;
      if (before !== null) before.next = entry.next;
    }
    entry.next = null;
    entry.older = null;
    entry.newer = null;
    this.#leave(entry, why);
  }
}

/** Mixed, for the keys of one server's clients differ in their high bits only. */
const bucketOf = (key: number): number => (Math.imul(key, 0x9e37_79b1) >>> 16) & (bucketCount - 1);
