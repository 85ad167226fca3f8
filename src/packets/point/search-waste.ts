import type { Exchange } from './exchange.ts';

/** A resolver that goes through its search list asks for one name after the other, within so many milliseconds. */
const togetherMs = 2000;
const slots = 4096;
/** A and AAAA for each of at most six search domains, as glibc has them. */
const remembered = 12;

type InVain = { client: string; name: string; at: number };

/**
 * Counts queries that only the search list of resolv.conf made: the name with a search domain does not exist, and then the same client finds the
 * name without it. Clients share 4,096 places for what they asked in vain last, so of very many at once some waste may go unnoticed; so does
 * that of a client that asks several servers, at each of these.
 */
export class SearchWaste {
  readonly #inVain: (InVain[] | undefined)[] = Array.from<InVain[] | undefined>({ length: slots });
  wasted = 0;

  /** An answer: that the name does not exist, or (`found`) that it does. */
  add({ client, name }: Pick<Exchange, 'client' | 'name'>, found: boolean, at: number): void {
    const slot = slotOf(client);
    const before = this.#inVain[slot];
    if (found) {
      if (before !== undefined && before.length > 0) this.#inVain[slot] = this.#count(before, client, name, at);
      return;
    }
    const one = { client, name, at };
    if (before === undefined) this.#inVain[slot] = [one];
    else if (before.push(one) > remembered) before.shift();
  }

  /** What is left of it, when the name has been found. */
  #count(before: readonly InVain[], client: string, name: string, at: number): InVain[] {
    return before.filter((one) => {
      if (at - one.at > togetherMs) return false;
      const wasted = one.client === client && one.name.charCodeAt(name.length) === dot && one.name.startsWith(name);
      if (wasted) this.wasted += 1;
      return !wasted;
    });
  }
}

const dot = 46;

function slotOf(client: string): number {
  let hash = 0;
  for (let at = 0; at < client.length; at++) hash = Math.imul(hash ^ client.charCodeAt(at), 0x0100_0193);
  return (hash ^ (hash >>> 15)) & (slots - 1);
}
