import type { Exchange } from '../point/exchange.ts';
import type { Trace } from './trace.ts';
import type { Captured } from './captured.ts';

/** A server asks its upstream at once; clocks are not compared, for one capture has both. CoreDNS tries for some seconds. */
const span = { beforeMs: 5, afterMs: 15_000 };

const keyOf = ({ name, type }: Pick<Exchange, 'name' | 'type'>): string => `${type} ${name}`;

/** The queries of a captured server to its upstreams: with ids of their own, so that name, type and time must tell which is for which. */
export class UpstreamQueries {
  readonly #asked = new Map<string, Exchange[]>();

  constructor({ result }: Captured) {
    for (const exchange of result.own) {
      const known = this.#asked.get(keyOf(exchange)) ?? [];
      this.#asked.set(keyOf(exchange), known);
      known.push(exchange);
    }
  }

  /** What the server asked for a query that it got; null when it asked nothing. */
  for(query: Exchange): Trace['upstream'] {
    const near = (this.#asked.get(keyOf(query)) ?? []).filter(({ at }) => at >= query.at - span.beforeMs && at <= query.at + span.afterMs);
    if (near.length === 0) return null;
    const answered = near.filter(({ answers }) => answers > 0);
    return {
      answered: answered.length > 0,
      ms: answered.length === 0 ? null : Math.min(...answered.map(({ answeredAt, at }) => answeredAt - at)),
    };
  }
}
