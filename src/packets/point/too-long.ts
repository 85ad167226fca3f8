import type { SeenMessage } from '../seen.ts';

/** Names of truncated answers that are remembered at a time. */
const most = 4096;
/** A resolver asks again over TCP at once. */
const withinMs = 5000;

/** Answers that did not fit into UDP, and whether they were asked for again over TCP. */
export class TooLong {
  readonly #waiting = new Map<string, number>();
  answers = 0;
  askedOverTcp = 0;

  truncated({ destination, name, type, at }: SeenMessage): void {
    this.answers += 1;
    const key = `${destination} ${type} ${name}`;
    this.#waiting.delete(key);
    if (this.#waiting.size >= most) for (const oldest of this.#waiting.keys()) return this.#replace(oldest, key, at);
    this.#waiting.set(key, at);
  }

  overTcp({ source, name, type, at }: SeenMessage): void {
    if (this.#waiting.size === 0) return;
    const key = `${source} ${type} ${name}`;
    const since = this.#waiting.get(key);
    if (since === undefined) return;
    this.#waiting.delete(key);
    if (at - since <= withinMs) this.askedOverTcp += 1;
  }

  #replace(oldest: string, key: string, at: number): void {
    this.#waiting.delete(oldest);
    this.#waiting.set(key, at);
  }
}
