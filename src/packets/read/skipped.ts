/** Why a packet told nothing: a fixed set of words, so that a file cannot make the record grow. */
export type Why =
  | 'unknown link types'
  | 'cut short by the snap length'
  | 'not IP'
  | 'damaged headers'
  | 'other IP protocols'
  | 'other UDP'
  | 'other TCP'
  | 'other ICMP'
  | 'TCP segments without data'
  | 'TCP data outside of whole messages'
  | 'fragments that never became whole'
  | 'overlapping fragments';

/** Counts the packets that told nothing. */
export class Skipped {
  readonly #counts = new Map<Why, number>();

  add(why: Why, count = 1): void {
    this.#counts.set(why, (this.#counts.get(why) ?? 0) + count);
  }

  /** Most first. */
  result(): Record<string, number> {
    return Object.fromEntries([...this.#counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
  }
}
