import type { SeenSegment, SeenUnreachable } from '../seen.ts';
import { type Connection, opened } from './connection.ts';
import { type Leaving, OpenTable } from './open-table.ts';

/** Linux gives a SYN up after some two minutes; nobody waits for DNS so long. */
const most = { open: 16_384, settled: 4096, keepMs: 30_000 };
/** A host passes a packet on within so many milliseconds. */
const passedOnMs = 10;

/** Follows TCP connections with DNS ports as far as it takes to know whether they were made. */
export class Connections {
  readonly #table: OpenTable<Connection>;
  readonly #clusterIps: ReadonlySet<string>;

  constructor(clusterIps: ReadonlySet<string>, leave: (connection: Connection, why: Leaving) => void) {
    this.#clusterIps = clusterIps;
    this.#table = new OpenTable(most, leave);
  }

  /** Takes a segment; whether it was a connection request that was not seen before (a repeated SYN counts too). */
  take(segment: SeenSegment): boolean {
    if (segment.flag === 'syn') return this.#syn(segment);
    const known = this.#find(segment);
    if (known === null || known.acceptedNumber !== null || known.refusedNumber !== null) return false;
    if (segment.flag === 'syn-ack') known.acceptedNumber = segment.number;
    // a reset of the client's own takes nothing back and proves nothing
    else if (segment.flag === 'reset' && segment.destinationPort === known.clientPort) known.refusedNumber = segment.number;
    else return false;
    this.#table.settle(known);
    return false;
  }

  unreachable({ about, what, source, number }: SeenUnreachable): void {
    let found = this.#table.first(about.sourcePort);
    while (found !== null && !(found.clientPort === about.sourcePort && found.client === about.source)) found = found.next;
    if (found === null || found.acceptedNumber !== null) return;
    found.unreachable ??= { what, by: source, number };
  }

  sweep(now: number): void {
    this.#table.sweep(now);
  }

  end(): void {
    this.#table.end();
  }

  #syn(segment: SeenSegment): boolean {
    const known = this.#opened(segment);
    if (known === null) {
      this.#table.add(opened(segment));
      return true;
    }
    const near = segment.at - known.lastAt <= passedOnMs;
    if (known.server !== segment.destination) known.forwardedTo = segment.destination;
    known.left ||= segment.direction !== 'in';
    known.direction = segment.direction;
    if (near) return false;
    known.tries += known.server === segment.destination ? 1 : 0;
    known.lastAt = segment.at;
    this.#table.touch(known);
    return known.server === segment.destination;
  }

  /** The connection that a SYN is of: asked for again, or the same packet with its destination translated. */
  #opened({ source, sourcePort, destination, direction }: SeenSegment): Connection | null {
    for (let found = this.#table.first(sourcePort); found !== null; found = found.next) {
      if (found.clientPort !== sourcePort || found.client !== source || found.settled) continue;
      if (found.server === destination || found.forwardedTo === destination) return found;
      const passedOn = found.direction === 'in' && direction === 'out';
      if (passedOn || (this.#clusterIps.has(found.server) && !this.#clusterIps.has(destination))) return found;
    }
    return null;
  }

  #find({ source, sourcePort, destination, destinationPort }: SeenSegment): Connection | null {
    return this.#between(destinationPort, destination, source) ?? this.#between(sourcePort, source, destination);
  }

  #between(clientPort: number, client: string, server: string): Connection | null {
    let found = this.#table.first(clientPort);
    while (found !== null && !(found.clientPort === clientPort && found.client === client && isWith(found, server))) found = found.next;
    return found;
  }
}

const isWith = (connection: Connection, server: string): boolean => connection.server === server || connection.forwardedTo === server;
