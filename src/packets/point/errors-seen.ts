import type { CapturePointReport } from '../../domain/capture.ts';
import type { SeenUnreachable } from '../seen.ts';

type Told = CapturePointReport['unreachable'][number];

/** Senders beyond that are not told apart. */
const most = 500;

/** Counts ICMP errors by what they say, who says it, and what could not be delivered. */
export class ErrorsSeen {
  readonly #told = new Map<string, Told>();

  add({ what, source: by }: SeenUnreachable, about: Told['about']): void {
    const key = `${what} ${by} ${about}`;
    const known = this.#told.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#told.size < most) this.#told.set(key, { what, by, about, count: 1 });
  }

  /** The most frequent first. */
  top(count: number): Told[] {
    return [...this.#told.values()].toSorted((a, b) => b.count - a.count || (a.by < b.by ? -1 : 1)).slice(0, count);
  }
}
