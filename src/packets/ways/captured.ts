import type { CapturePointReport } from '../../domain/capture.ts';
import type { PointResult } from '../point/analysis.ts';
import type { Connection } from '../point/connection.ts';
import type { Exchange } from '../point/exchange.ts';
import type { WaysKnowledge } from './known.ts';
import { type Sighting, Sightings } from './sightings.ts';

/** One capture, ready to be asked for queries that others saw. */
export interface Captured {
  result: PointResult;
  report: CapturePointReport;
  sightings: Sightings;
  /** Its connections, the first of each client's port. */
  connections: ReadonlyMap<string, Connection>;
}

/** Of a connection: what no translation of the destination changes. */
export const connectionKey = ({ client, clientPort }: Pick<Connection, 'client' | 'clientPort'>): string => `${client} ${clientPort}`;

/** Packets between two numbers. */
type Span = { first: number; last: number };

const all32 = 0x1_0000_0000;

/** The bounds below which every capture has kept everything, so that queries and connections are the same share of all. */
function commonBounds(results: readonly PointResult[]): PointResult['bound'] {
  const lowest = (of: keyof PointResult['bound']): number => Math.min(all32, ...results.map(({ bound }) => bound[of]));
  const own = lowest('own');
  const connections = Math.min(lowest('connections'), (lowest('exchanges') * own) / all32);
  return { own, connections, exchanges: own === 0 ? 0 : (connections / own) * all32 };
}

/** All captures, by what they are of. */
export class AllCaptured {
  readonly clients: readonly Captured[];
  readonly servers: readonly Captured[];
  readonly nodes: readonly Captured[];
  /** Of which nothing more can be said than what each shows by itself. */
  readonly alone: readonly Captured[];
  /** What share of the queries is compared, where there are very many: marked ones are, all of them. */
  readonly sampled: number;
  readonly #clientAddresses: ReadonlySet<string>;
  readonly #endpoints: readonly string[] | null;
  readonly #spans = new Map<Captured, Map<Captured, Span>>();

  constructor(results: readonly PointResult[], { endpoints }: Pick<WaysKnowledge, 'endpoints'>) {
    const bounds = commonBounds(results);
    this.sampled = bounds.connections / all32;
    this.#clientAddresses = new Set(results.flatMap(({ report }) => (report.role === 'client' ? report.addresses : [])));
    // what one capture had to leave out would look lost in another
    const all = results.map((result) => {
      const exchanges = result.exchanges.filter((one) => one.marked || (one.hash < bounds.exchanges && one.nameHash < bounds.own));
      const connections = result.connections.filter(({ hash }) => hash < bounds.connections);
      const kept = { ...result, exchanges, connections };
      const sightings = new Sightings(kept, (address) => this.isClient(address));
      const byClient = new Map(connections.toReversed().map((one) => [connectionKey(one), one]));
      return { result: kept, report: result.report, sightings, connections: byClient };
    });
    this.clients = all.filter(({ report }) => report.role === 'client');
    // without its address it cannot be told what a server was asked from what it asked itself
    this.servers = all.filter(({ report }) => report.role === 'server' && report.addresses.length > 0);
    const compared = this.clients.length > 0 || this.servers.length > 0;
    this.nodes = compared ? all.filter(({ report }) => report.role === 'node') : [];
    this.alone = all.filter((one) => ![...this.clients, ...this.servers, ...this.nodes].includes(one));
    this.#endpoints = endpoints;
  }

  /** Whether the address is one of a captured client. */
  isClient(address: string): boolean {
    return this.#clientAddresses.has(address);
  }

  /** The captured server with that address. */
  serverAt(address: string): Captured | null {
    return this.servers.find(({ report }) => report.addresses.includes(address)) ?? null;
  }

  /** Whether every server behind the ClusterIPs is captured; false where nobody said which there are. */
  get allServers(): boolean {
    return this.#endpoints !== null && this.#endpoints.length > 0 && this.#endpoints.every((address) => this.serverAt(address) !== null);
  }

  /**
   * Whether a server's capture surely ran when the client sent a packet: clocks of nodes are not compared, so it is sure only between two packets
   * of the client that the server's capture has too, or that are marked: these are sent when all captures run.
   */
  ranWith(client: Captured, server: Captured, number: number): boolean {
    const span = this.#span(client, server);
    return number >= span.first && number <= span.last;
  }

  #span(client: Captured, server: Captured): Span {
    const known = this.#spans.get(client)?.get(server);
    if (known !== undefined) return known;
    const numbers = client.result.exchanges
      .filter((exchange) => exchange.marked || server.sightings.has(exchange))
      .flatMap(({ number, answerNumber }) => [number, Math.max(number, answerNumber)]);
    const span = numbers.reduce(({ first, last }, number) => ({ first: Math.min(first, number), last: Math.max(last, number) }), {
      first: Number.POSITIVE_INFINITY,
      last: 0,
    });
    const ofClient = this.#spans.get(client) ?? new Map<Captured, Span>();
    this.#spans.set(client, ofClient.set(server, span));
    return span;
  }
}

/** The queries of a capture that come from its own addresses; all of them, where these are not known. */
export const ownQueries = ({ report, sightings }: Captured): Sighting[] =>
  sightings.all.filter(({ exchange }) => report.addresses.length === 0 || isOwn(report, exchange));

export const isOwn = ({ addresses }: Pick<CapturePointReport, 'addresses'>, { client }: Pick<Exchange, 'client'>): boolean =>
  addresses.includes(client);
