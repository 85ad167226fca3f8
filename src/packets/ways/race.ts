import type { Exchange } from '../point/exchange.ts';

/** Fewer of something than that may be missing by chance. */
const enough = 3;

/**
 * Whether the requests that were lost look like a race in conntrack: always one of A and AAAA that were sent at once from one port, never both, and
 * never a query that was sent alone, although, were packets lost at random, at least three of these would be expected to be missing.
 */
export function looksLikeRace(judged: ReadonlySet<Exchange>, lost: ReadonlySet<Exchange>): boolean {
  const counts = { pairs: 0, oneLost: 0, bothLost: 0, lone: 0, loneLost: 0 };
  for (const exchange of judged) {
    const { partner } = exchange;
    if (partner === null || !judged.has(partner)) {
      counts.lone += 1;
      if (lost.has(exchange)) counts.loneLost += 1;
    } else if (exchange.number < partner.number) {
      const gone = (lost.has(exchange) ? 1 : 0) + (lost.has(partner) ? 1 : 0);
      counts.pairs += 1;
      if (gone === 1) counts.oneLost += 1;
      if (gone === 2) counts.bothLost += 1;
    }
  }
  const { pairs, oneLost, bothLost, lone, loneLost } = counts;
  if (oneLost < enough || bothLost > 0 || loneLost > 0) return false;
  const chance = oneLost / (2 * pairs);
  return pairs * chance * chance >= enough || lone * chance >= enough;
}
