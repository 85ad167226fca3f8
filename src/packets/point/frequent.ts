import type { Counted } from '../../domain/capture.ts';

type Tally = { count: number; error: number };

/**
 * The most frequent of any number of texts in bounded memory, as the Space-Saving algorithm does it (Metwally, Agrawal, El Abbadi 2005), but
 * making room for many at once. Exact as long as there are no more distinct texts than it has room for. A text that comes when others
 * have been dropped may have been one of these: it begins with the greatest count that was dropped, and says so in `error`.
 */
export class Frequent {
  readonly #room: number;
  readonly #tallies = new Map<string, Tally>();
  #dropped = 0;

  constructor(room = 2000) {
    this.#room = room;
  }

  add(text: string): void {
    const known = this.#tallies.get(text);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    if (this.#tallies.size >= this.#room) this.#drop();
    this.#tallies.set(text, { count: this.#dropped + 1, error: this.#dropped });
  }

  /** The most frequent first. */
  top(most: number): Counted[] {
    return [...this.#tallies]
      .map(([value, { count, error }]) => ({ value, count, error }))
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, most);
  }

  /** Drops the rarer half, and what is no more frequent than these. */
  #drop(): void {
    const counts = Float64Array.from(this.#tallies.values(), ({ count }) => count).toSorted();
    this.#dropped = counts[Math.floor((counts.length - 1) / 2)] ?? 0;
    for (const [text, { count }] of this.#tallies) if (count <= this.#dropped) this.#tallies.delete(text);
  }
}
