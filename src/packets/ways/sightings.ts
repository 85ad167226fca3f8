import type { Exchange } from '../point/exchange.ts';
import type { PointResult } from '../point/analysis.ts';

/** A query as one capture saw it; all of its packets, even where it was answered and asked again. */
export interface Sighting {
  point: string;
  /** The first of them. */
  exchange: Exchange;
  tries: number;
  answers: number;
}

/** What translating addresses does not change. CoreDNS asks its upstream with an id of its own, so that is no sighting of the same query. */
const nameKey = ({ id, name, type, transport }: Exchange): string => `${id} ${type} ${transport} ${name}`;

/** Finds queries in a capture that another capture has seen. */
export class Sightings {
  readonly all: readonly Sighting[];
  readonly #byName = new Map<string, Sighting[]>();
  readonly #known: (address: string) => boolean;
  readonly #taken = new Set<Sighting>();

  /** `known`: whether an address is a client's that is captured itself: its packets come with that address, or are another's. */
  constructor({ report, exchanges }: PointResult, known: (address: string) => boolean) {
    this.#known = known;
    for (const exchange of exchanges) this.#add(report.id, exchange);
    this.all = [...this.#byName.values()].flat();
  }

  /**
   * The same query here: by client, port, id, name and type. Else one of an address that no client has (a masquerade changed it and the port), by
   * id, name and type alone; each of those is found once.
   */
  find(exchange: Exchange): Sighting | null {
    const alike = this.#byName.get(nameKey(exchange)) ?? [];
    const same = alike.find(({ exchange: other }) => isOf(other, exchange));
    if (same !== undefined) return same;
    const masked = alike.find(
      (one) => !this.#known(one.exchange.client) && one.exchange.client !== exchange.client && !this.#taken.has(one),
    );
    if (masked !== undefined) this.#taken.add(masked);
    return masked ?? null;
  }

  /** Whether the very same query is here, without regard to masquerades. */
  has(exchange: Exchange): boolean {
    return (this.#byName.get(nameKey(exchange)) ?? []).some(({ exchange: other }) => isOf(other, exchange));
  }

  /** Whether `find` took it for that of another address. */
  taken(sighting: Sighting): boolean {
    return this.#taken.has(sighting);
  }

  #add(point: string, exchange: Exchange): void {
    const key = nameKey(exchange);
    const alike = this.#byName.get(key) ?? [];
    if (alike.length === 0) this.#byName.set(key, alike);
    const same = alike.find(({ exchange: other }) => isOf(other, exchange) && other.server === exchange.server);
    if (same === undefined) return void alike.push({ point, exchange, tries: exchange.tries, answers: exchange.answers });
    same.tries += exchange.tries;
    same.answers += exchange.answers;
    if (exchange.number < same.exchange.number) same.exchange = exchange;
  }
}

const isOf = (one: Exchange, other: Exchange): boolean => one.clientPort === other.clientPort && one.client === other.client;
