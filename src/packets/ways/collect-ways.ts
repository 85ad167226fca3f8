import type { Way, WayEnd } from '../../domain/capture.ts';
import type { Connection } from '../point/connection.ts';
import type { EncryptedTalk } from '../point/encrypted.ts';
import type { Exchange } from '../point/exchange.ts';
import type { AllCaptured, Captured } from './captured.ts';
import { ownQueries } from './captured.ts';
import type { WaysKnowledge, Told } from './known.ts';
import { type Sighting, Sightings } from './sightings.ts';

/** What was seen or told of one way, before it is judged. */
export interface RawWay {
  client: WayEnd;
  server: WayEnd;
  kind: Way['kind'];
  /** Where the client's packets were captured; null where only the server's were. */
  at: Captured | null;
  /** The queries: as the client's capture has them, or, without one, the server's. */
  queries: Sighting[];
  connections: { point: string; connection: Connection }[];
  /** What the client says it sent and its capture does not have. */
  missing: Told[];
  told: Told[];
  encrypted: EncryptedTalk[];
}

/** What an address is, as far as it is known. */
export function kindOf(address: string, all: AllCaptured, known: WaysKnowledge): Way['kind'] {
  if (known.clusterIps.includes(address)) return 'cluster-ip';
  if (known.upstreams.includes(address)) return 'upstream';
  return all.serverAt(address) !== null || known.endpoints?.includes(address) === true ? 'pod' : 'other';
}

/** The end of a way at an address. */
export function endAt(address: string, all: AllCaptured, { places = {}, clusterIps }: WaysKnowledge): WayEnd {
  const server = all.serverAt(address);
  if (server !== null) return { point: server.report.id, address, label: server.report.label, node: server.report.node };
  const place = Object.hasOwn(places, address) ? places[address] : undefined;
  const label = place?.label ?? (clusterIps.includes(address) ? 'ClusterIP' : address);
  return { point: null, address, label, node: place?.node ?? null };
}

class Ways {
  readonly #ways = new Map<string, RawWay>();
  readonly #all: AllCaptured;
  readonly #known: WaysKnowledge;
  readonly #client: WayEnd;
  readonly #at: Captured | null;

  constructor(all: AllCaptured, known: WaysKnowledge, client: WayEnd, at: Captured | null) {
    [this.#all, this.#known, this.#client, this.#at] = [all, known, client, at];
  }

  to(address: string): RawWay {
    const there = this.#ways.get(address);
    if (there !== undefined) return there;
    const way: RawWay = {
      client: this.#client,
      server: endAt(address, this.#all, this.#known),
      kind: kindOf(address, this.#all, this.#known),
      at: this.#at,
      ...{ queries: [], connections: [], missing: [], told: [], encrypted: [] },
    };
    this.#ways.set(address, way);
    return way;
  }

  result(): RawWay[] {
    return [...this.#ways.values()];
  }
}

/** The ways of a captured client: to each address that it asked, or says it asked. */
function ofClient(captured: Captured, all: AllCaptured, known: WaysKnowledge): RawWay[] {
  const { report, result } = captured;
  const own = (address: string): boolean => report.addresses.length === 0 || report.addresses.includes(address);
  const ways = new Ways(
    all,
    known,
    { point: report.id, address: report.addresses[0] ?? '', label: report.label, node: report.node },
    captured,
  );
  for (const query of ownQueries(captured)) ways.to(query.exchange.server).queries.push(query);
  for (const connection of result.connections)
    if (own(connection.client)) ways.to(connection.server).connections.push({ point: report.id, connection });
  for (const talk of result.encrypted) if (own(talk.client)) ways.to(talk.server).encrypted.push(talk);
  const seen = new Set(captured.sightings.all.map(({ exchange }) => toldKey(exchange)));
  for (const told of known.told ?? []) {
    if (told.point !== report.id) continue;
    ways.to(told.server).told.push(told);
    // a connection that was never made carries no name
    const refusedTcp = told.transport === 'tcp' && ways.to(told.server).connections.length > 0;
    if (!refusedTcp && !seen.has(toldKey(told))) ways.to(told.server).missing.push(told);
  }
  return ways.result();
}

const toldKey = ({ server, transport, name }: Pick<Told, 'server' | 'transport' | 'name'>): string => `${transport} ${server} ${name}`;

/** What came to a captured server from clients without a capture, as one way; and what it asked its upstreams. */
function ofServer(captured: Captured, all: AllCaptured, known: WaysKnowledge): RawWay[] {
  const { report, result, sightings } = captured;
  const end: WayEnd = { point: report.id, address: report.addresses[0] ?? '', label: report.label, node: report.node };
  const isHere = ({ server, forwardedTo }: Exchange): boolean =>
    report.addresses.includes(server) || (forwardedTo !== null && report.addresses.includes(forwardedTo));
  const others = sightings.all.filter((one) => isHere(one.exchange) && !all.isClient(one.exchange.client) && !sightings.taken(one));
  const connections = result.connections.filter(({ client }) => !all.isClient(client) && !report.addresses.includes(client));
  const clients = new Set([...others.map(({ exchange }) => exchange.client), ...connections.map(({ client }) => client)]);
  const from = clientsEnd(clients, all, known);
  const incoming: RawWay = {
    ...{ client: from, server: end, kind: 'pod', at: null, queries: others, missing: [], told: [], encrypted: [] },
    connections: connections.map((connection) => ({ point: report.id, connection })),
  };
  const out = new Ways(all, known, end, captured);
  for (const query of new Sightings({ ...result, exchanges: result.own }, () => true).all)
    out.to(query.exchange.server).queries.push(query);
  for (const connection of result.connections)
    if (report.addresses.includes(connection.client)) out.to(connection.server).connections.push({ point: report.id, connection });
  return [...(clients.size === 0 ? [] : [incoming]), ...out.result().map((way) => ({ ...way, kind: 'upstream' as const }))];
}

/** The ways that one capture shows by itself: to each server, from whoever asked it. */
function ofOne(captured: Captured, all: AllCaptured, known: WaysKnowledge): RawWay[] {
  const { report, result, sightings } = captured;
  const servers = new Map<string, RawWay>();
  const clients = new Map<string, Set<string>>();
  const to = (address: string, client: string): RawWay => {
    const from = clients.get(address) ?? new Set();
    clients.set(address, from.add(client));
    const way = servers.get(address) ?? new Ways(all, known, clientsEnd(from, all, known), captured).to(address);
    servers.set(address, way);
    return way;
  };
  for (const query of sightings.all) to(query.exchange.server, query.exchange.client).queries.push(query);
  for (const connection of result.connections) to(connection.server, connection.client).connections.push({ point: report.id, connection });
  for (const talk of result.encrypted) to(talk.server, talk.client).encrypted.push(talk);
  return [...servers].map(([address, way]) => ({
    ...way,
    client: { ...clientsEnd(clients.get(address) ?? new Set(), all, known), point: report.id },
  }));
}

function clientsEnd(clients: ReadonlySet<string>, all: AllCaptured, known: WaysKnowledge): WayEnd {
  const [only] = clients;
  if (only !== undefined && clients.size === 1) return endAt(only, all, known);
  return { point: null, address: '', label: `${clients.size} clients`, node: null };
}

/** Every way that was seen or told, with what belongs to it. A query taken for a masqueraded one must have been looked for before (`judge`). */
export const clientWays = (all: AllCaptured, known: WaysKnowledge): RawWay[] => all.clients.flatMap((one) => ofClient(one, all, known));
export const serverWays = (all: AllCaptured, known: WaysKnowledge): RawWay[] => all.servers.flatMap((one) => ofServer(one, all, known));
export const loneWays = (all: AllCaptured, known: WaysKnowledge): RawWay[] => all.alone.flatMap((one) => ofOne(one, all, known));
