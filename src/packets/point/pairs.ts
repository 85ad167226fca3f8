import type { Exchange } from './exchange.ts';

const slots = 1024;
/** glibc and musl send A and AAAA with one system call, or one right after the other. */
const togetherMs = 50;

/** Finds queries for A and AAAA of one name that one client sends at once from one port. Looks at the last query of each port only (modulo 1024). */
export class PairFinder {
  readonly #last: (Exchange | null)[] = Array.from<Exchange | null>({ length: slots }).fill(null);

  /** Links the query with its partner, when that was the last from its port. */
  find(exchange: Exchange): void {
    if (exchange.type !== 'A' && exchange.type !== 'AAAA') return;
    const slot = exchange.clientPort % slots;
    const before = this.#last[slot] ?? null;
    this.#last[slot] = exchange;
    if (before === null || before.partner !== null || !arePair(before, exchange)) return;
    before.partner = exchange;
    exchange.partner = before;
    // a pair is whole: it need not be held for longer
    this.#last[slot] = null;
  }
}

const arePair = (a: Exchange, b: Exchange): boolean =>
  a.clientPort === b.clientPort &&
  a.type !== b.type &&
  a.client === b.client &&
  a.server === b.server &&
  a.name === b.name &&
  Math.abs(b.at - a.at) <= togetherMs;
