const most = { marked: 8192, others: 16_384 };
const all = 0x1_0000_0000;

/**
 * Things to be found again in other captures, in bounded memory. Marked ones are all kept. Of the others, those whose hash lies under a
 * bound, which is halved when there are too many: so captures of different load keep the same ones, up to the lowest of their bounds.
 */
export class Sample<T extends { marked: boolean }> {
  readonly #hash: (one: T) => number;
  readonly #marked: T[] = [];
  #others: T[] = [];
  /** Hashes below were kept: all of 2^32 at first. */
  bound = all;

  constructor(hash: (one: T) => number) {
    this.#hash = hash;
  }

  add(one: T): void {
    if (one.marked && this.#marked.length < most.marked) this.#marked.push(one);
    else if (this.#hash(one) < this.bound) this.#keep(one);
  }

  /** Those kept, in the order in which they came, marked ones first. */
  kept(): T[] {
    return [...this.#marked, ...this.#others];
  }

  #keep(one: T): void {
    this.#others.push(one);
    // a bound of nothing: queries that are all alike have one hash, and none or all of them could be kept
    while (this.#others.length > most.others) {
      this.bound = this.bound > 1 ? Math.floor(this.bound / 2) : 0;
      this.#others = this.#others.filter((other) => this.#hash(other) < this.bound);
    }
  }
}
