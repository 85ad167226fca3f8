import type { SeenMessage, SeenUnreachable } from '../seen.ts';
import { begin, type Exchange, keyOf } from './exchange.ts';
import { type Leaving, OpenTable } from './open-table.ts';
import { PairFinder } from './pairs.ts';
import { type Repeat, repeatOf } from './repeats.ts';
import { answerSeenAgain, seenAgain, translated } from './same-packet.ts';

/** What bounds the memory: some 450 bytes each. A resolver gives up long before 30 s. */
const most = { open: 32_768, settled: 8192, keepMs: 30_000 };

/** What a packet was. */
export type QueryWas = 'new' | 'again' | Repeat;
export type AnswerWas = 'first' | 'further' | 'again' | 'stray' | 'from-elsewhere';

export interface ExchangeRules {
  marker: RegExp;
  clusterIps: ReadonlySet<string>;
  /** Whether answers must come from the address that was asked: so it is where the client is, a node may translate them unseen. */
  strict: boolean;
}

/** Pairs queries with their retransmissions and answers. */
export class Exchanges {
  readonly #rules: ExchangeRules;
  readonly #table: OpenTable<Exchange>;
  readonly #pairs = new PairFinder();
  /** The exchange that the last call was about; null for a stray answer. */
  last: Exchange | null = null;

  constructor(rules: ExchangeRules, leave: (exchange: Exchange, why: Leaving) => void) {
    this.#rules = rules;
    this.#table = new OpenTable(most, leave);
  }

  query(query: SeenMessage): QueryWas {
    const known = this.#asked(query);
    if (known === null) return this.#begin(query);
    this.last = known;
    if (known.server !== query.destination || known.client !== query.source) {
      if (known.server !== query.destination) known.forwardedTo = query.destination;
      if (known.client !== query.source) known.sentFrom = query.source;
      return this.#sight(known, query);
    }
    if (seenAgain(query, known)) return this.#sight(known, query);
    const repeat = repeatOf(known, query.at);
    if (repeat === null) return this.#begin(query);
    known.tries += 1;
    known.waiting = true;
    known.lastAt = query.at;
    known.direction = query.direction;
    known.interface = query.interface;
    this.#table.touch(known);
    return repeat;
  }

  answer(answer: SeenMessage): AnswerWas {
    const known = this.#answered(answer);
    this.last = known;
    if (known === null) return 'stray';
    if (!this.#mayAnswer(known, answer)) return 'from-elsewhere';
    if (answerSeenAgain(answer, known)) {
      known.direction = answer.direction;
      known.interface = answer.interface;
      return 'again';
    }
    if (!known.waiting && known.answers >= known.tries) return 'again';
    known.answers += 1;
    known.waiting = false;
    known.lastAnswerAt = answer.at;
    known.direction = answer.direction;
    known.interface = answer.interface;
    if (known.answers > 1) return 'further';
    known.answeredAt = answer.at;
    known.answerNumber = answer.number;
    known.rcode = answer.rcode;
    known.firstTryAnswered = known.tries === 1;
    this.#table.settle(known);
    return 'first';
  }

  /** Takes an ICMP error; what could not be delivered. */
  unreachable({ about, what, source, number }: SeenUnreachable): 'query' | 'answer' {
    const asked = this.#of(about.id, about.source, about.sourcePort);
    const answered = asked === null ? this.#of(about.id, about.destination, about.destinationPort) : null;
    if (asked !== null) asked.unreachable ??= { what, by: source, number };
    if (answered !== null) answered.answerRefused = true;
    return answered !== null || (asked === null && about.sourcePort === 53) ? 'answer' : 'query';
  }

  sweep(now: number): void {
    this.#table.sweep(now);
  }

  end(): void {
    this.#table.end();
  }

  #begin(query: SeenMessage): 'new' {
    const exchange = begin(query, this.#rules.marker);
    if (exchange.transport === 'udp') this.#pairs.find(exchange);
    this.#table.add(exchange);
    this.last = exchange;
    return 'new';
  }

  #sight(known: Exchange, query: SeenMessage): 'again' {
    known.left ||= query.direction !== 'in';
    known.direction = query.direction;
    known.interface = query.interface;
    return 'again';
  }

  #asked(query: SeenMessage): Exchange | null {
    let found = this.#table.first(keyOf(query.id, query.sourcePort));
    for (; found !== null; found = found.next) {
      if (!isAbout(found, query) || found.clientPort !== query.sourcePort) continue;
      const same = isClient(found, query.source) && isServerOf(found, query.destination);
      if (same || translated(query, found, this.#rules.clusterIps)) return found;
    }
    return null;
  }

  #answered(answer: SeenMessage): Exchange | null {
    let found = this.#table.first(keyOf(answer.id, answer.destinationPort));
    let other: Exchange | null = null;
    for (; found !== null; found = found.next) {
      if (!isAbout(found, answer) || found.clientPort !== answer.destinationPort || !isClient(found, answer.destination)) continue;
      if (isServerOf(found, answer.source)) return found;
      other ??= found;
    }
    return other;
  }

  #of(id: number | null, client: string, port: number): Exchange | null {
    if (id === null) return null;
    let found = this.#table.first(keyOf(id, port));
    while (found !== null && !(found.id === id && found.clientPort === port && isClient(found, client))) found = found.next;
    return found;
  }

  #mayAnswer(known: Exchange, answer: SeenMessage): boolean {
    return isServerOf(known, answer.source) || (!this.#rules.strict && answer.direction !== null);
  }
}

const isClient = (exchange: Exchange, address: string): boolean => exchange.client === address || exchange.sentFrom === address;
const isServerOf = (exchange: Exchange, address: string): boolean => exchange.server === address || exchange.forwardedTo === address;

const isAbout = (exchange: Exchange, { id, name, type, transport }: SeenMessage): boolean =>
  exchange.id === id && exchange.transport === transport && (name === null || (exchange.name === name && exchange.type === type));
