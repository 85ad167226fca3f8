import type { Connection } from '../point/connection.ts';
import { type AllCaptured, type Captured, connectionKey } from './captured.ts';
import type { RawWay } from './collect-ways.ts';
import type { ConnectionTrace } from './connection-fate.ts';
import type { LoggedQuery, Told, WaysKnowledge } from './known.ts';
import type { Sighting } from './sightings.ts';
import type { Trace } from './trace.ts';
import { UpstreamQueries } from './upstream-queries.ts';

const loggedKey = ({ point, client, clientPort, id, name, type }: Omit<LoggedQuery, 'rcode' | 'ms'>): string =>
  `${point} ${client} ${clientPort} ${id} ${type} ${name}`;
const toldKey = ({ point, server, transport, name }: Omit<Told, 'answered'>): string => `${point} ${server} ${transport} ${name}`;

/** Follows queries from capture to capture. */
export class Tracing {
  readonly #all: AllCaptured;
  readonly #known: WaysKnowledge;
  readonly #upstreams: ReadonlyMap<string, UpstreamQueries>;
  readonly #told: ReadonlyMap<string, Told>;
  readonly #logged: ReadonlyMap<string, LoggedQuery>;

  /** Ways whose queries come to the server with another address: its connections cannot be found there. */
  readonly #masqueraded = new Set<RawWay>();

  constructor(all: AllCaptured, known: WaysKnowledge) {
    [this.#all, this.#known] = [all, known];
    this.#upstreams = new Map(all.servers.map((server) => [server.report.id, new UpstreamQueries(server)]));
    this.#told = new Map((known.told ?? []).map((told) => [toldKey(told), told]));
    this.#logged = new Map((known.logged ?? []).map((logged) => [loggedKey(logged), logged]));
  }

  /** A query of a way at every point. */
  trace(query: Sighting, way: RawWay): Trace {
    return way.at === null ? this.#atServer(query, way) : this.#fromClient(query, way, way.at);
  }

  /** A connection request of a way at every point. */
  connection(client: { point: string; connection: Connection }, way: RawWay): ConnectionTrace {
    const ours = way.told.some(({ transport }) => transport === 'tcp');
    const base = { ...this.#base(way), nodes: [], ours };
    if (way.at === null) return { ...base, client: null, server: client, covered: true };
    const { connection } = client;
    const servers = this.#servers(way);
    const server = servers
      .map((one) => ({ point: one.report.id, connection: one.connections.get(connectionKey(connection)) }))
      .find((one): one is { point: string; connection: Connection } => one.connection !== undefined);
    const covered = !this.#masqueraded.has(way) && this.#covered(way, way.at, connection.number, ours);
    const nodes = this.#all.nodes.map(({ report, connections }) => {
      const seen = connections.get(connectionKey(connection));
      return { node: report.node, sighting: seen === undefined ? null : { exchange: seen } };
    });
    return { ...base, client, server: server ?? null, nodes, covered };
  }

  #atServer(query: Sighting, way: RawWay): Trace {
    return { ...this.#base(way), client: null, servers: [query], nodes: [], covered: true, told: null, ...this.#behind([query]) };
  }

  #fromClient(query: Sighting, way: RawWay, at: Captured): Trace {
    const { exchange } = query;
    const servers = this.#servers(way).flatMap((server) => server.sightings.find(exchange) ?? []);
    if (servers.some((one) => one.exchange.client !== exchange.client)) this.#masqueraded.add(way);
    const told = this.#told.get(
      toldKey({ point: at.report.id, server: exchange.server, transport: exchange.transport, name: exchange.name }),
    );
    return {
      ...this.#base(way),
      client: query,
      servers,
      nodes: this.#all.nodes.map(({ report, sightings }) => ({ node: report.node, sighting: sightings.find(exchange) })),
      covered: this.#covered(way, at, exchange.number, exchange.marked),
      told: told ?? null,
      ...this.#behind(servers),
    };
  }

  #base(way: RawWay): Pick<Trace, 'kind' | 'serverAddresses' | 'clientNode'> {
    return { kind: way.kind, serverAddresses: this.#serverAddresses(way), clientNode: way.client.node };
  }

  /** What the servers did for a query: asked an upstream, wrote a line into the log. */
  #behind(servers: readonly Sighting[]): Pick<Trace, 'upstream' | 'logged'> {
    const asked = servers.flatMap(({ point, exchange }) => this.#upstreams.get(point)?.for(exchange) ?? []);
    const logged = servers.flatMap(({ point, exchange }) => this.#logged.get(loggedKey({ ...exchange, point })) ?? []);
    return { upstream: asked.find(({ answered }) => answered) ?? asked[0] ?? null, logged: logged[0] ?? null };
  }

  /** The captured servers that a packet of the way may come to: behind an address that nobody knows, any. */
  #servers({ kind, server }: RawWay): readonly Captured[] {
    if (kind === 'upstream') return [];
    return kind === 'pod' ? this.#all.servers.filter(({ report }) => report.id === server.point) : this.#all.servers;
  }

  /** Whether a server that a packet of the way may come to is captured. */
  seesServers(way: RawWay): boolean {
    return this.#servers(way).length > 0;
  }

  /** Whether each of them is. */
  seesAllServers(way: RawWay): boolean {
    return this.seesServers(way) && way.kind !== 'other' && (way.kind !== 'cluster-ip' || this.#all.allServers);
  }

  #covered(way: RawWay, at: Captured, number: number, marked: boolean): boolean {
    if (!this.seesAllServers(way)) return false;
    // a capture that could not keep up may have missed it: only many probes are worth more than that
    const whole = (server: Captured): boolean => (server.report.dropped ?? 0) === 0;
    return marked || this.#servers(way).every((server) => whole(server) && this.#all.ranWith(at, server, number));
  }

  #serverAddresses({ server, kind }: RawWay): ReadonlySet<string> {
    const behind =
      kind === 'cluster-ip' ? [...(this.#known.endpoints ?? []), ...this.#all.servers.flatMap(({ report }) => report.addresses)] : [];
    return new Set([server.address, ...behind]);
  }
}
