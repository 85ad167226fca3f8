import type { CapturePoint, CapturePointReport } from '../../domain/capture.ts';
import type { FileEnd, Seen, SeenMessage, SeenSegment, SeenUnreachable } from '../seen.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import { type EncryptedTalk, EncryptedTalks } from './encrypted.ts';
import { ErrorsSeen } from './errors-seen.ts';
import type { Exchange } from './exchange.ts';
import { Exchanges } from './exchanges.ts';
import { Peaks } from './peaks.ts';
import { Sample } from './sample.ts';
import { endOf, endOfConnection, Tallies } from './tallies.ts';
import { Statistics } from './statistics.ts';

/** What is known beforehand of what a capture may hold. */
export interface PointKnowledge {
  /** Names that only this tool asks for. */
  marker: RegExp;
  clusterIps: readonly string[];
  upstreams: readonly string[];
  /** When the capture ended, in milliseconds of its own clock; null: with its last packet about DNS. */
  until?: number | null;
  /** Packets that the capturing program could not keep up with, as it said at its end. */
  dropped?: number | null;
}

/** The names that probes of this tool have: random, so that each is asked once, and no cache knows it. */
export const probeMarker = /^dnsbot-[0-9a-f]{8}-\d{1,6}\./;

/** What one capture says, and what is kept of it to be compared with others. */
export interface PointResult {
  report: CapturePointReport;
  exchanges: readonly Exchange[];
  /** At a server: the queries that it asked itself. */
  own: readonly Exchange[];
  connections: readonly Connection[];
  /** What has a smaller hash was all kept (see Sample); of its own queries that of name and type. */
  bound: { exchanges: number; own: number; connections: number };
  encrypted: readonly EncryptedTalk[];
}

const listed = 10;

/** Analyses the packets of one capture as they come, in bounded memory: some 50 MB however many clients, names and open queries there are. */
export class PointAnalysis {
  readonly #point: CapturePoint;
  readonly #known: PointKnowledge;
  readonly #exchanges: Exchanges;
  readonly #connections: Connections;
  readonly #tallies = new Tallies();
  readonly #sample = new Sample<Exchange>(({ hash }) => hash);
  readonly #own = new Sample<Exchange>(({ nameHash }) => nameHash);
  readonly #connectionSample = new Sample<Connection>(({ hash }) => hash);
  readonly #peaks = new Peaks();
  readonly #errors = new ErrorsSeen();
  readonly #encrypted = new EncryptedTalks();
  readonly #statistics = new Statistics();
  readonly #counts = { packets: 0, seenAgain: 0, strayAnswers: 0, fromElsewhere: 0, unreadable: 0 };
  #from: number | null = null;
  #to = Number.NEGATIVE_INFINITY;

  constructor(point: CapturePoint, known: PointKnowledge) {
    this.#point = point;
    this.#known = known;
    const clusterIps = new Set(known.clusterIps);
    // without flags: a global expression would remember where it was
    const rules = { marker: new RegExp(known.marker.source), clusterIps, strict: point.role === 'client' };
    this.#exchanges = new Exchanges(rules, (exchange, why) => {
      this.#tallies.exchange(exchange, endOf(exchange, why, this.#until()));
      const own = point.role === 'server' && point.addresses.includes(exchange.client);
      (own ? this.#own : this.#sample).add(exchange);
    });
    this.#connections = new Connections(clusterIps, (connection, why) => {
      this.#tallies.connection(connection, endOfConnection(connection, why, this.#until()));
      this.#connectionSample.add(connection);
    });
  }

  /** Takes the next packet, in the order of the file. */
  take(seen: Seen): void {
    this.#counts.packets += 1;
    this.#from ??= seen.at;
    if (seen.at > this.#to) this.#to = seen.at;
    if (seen.kind === 'message') this.#message(seen);
    else if (seen.kind === 'segment') this.#segment(seen);
    else if (seen.kind === 'unreachable') this.#unreachable(seen);
    else if (seen.kind === 'encrypted') this.#encrypted.add(seen);
    else this.#counts.unreadable += 1;
    this.#exchanges.sweep(seen.at);
    this.#connections.sweep(seen.at);
  }

  /** Says that the file ended, once; null: nothing is known of the file. */
  end(file: FileEnd | null): PointResult {
    this.#exchanges.end();
    this.#connections.end();
    return {
      report: this.#report(file),
      exchanges: this.#sample.kept(),
      own: this.#own.kept(),
      connections: this.#connectionSample.kept(),
      bound: { exchanges: this.#sample.bound, own: this.#own.bound, connections: this.#connectionSample.bound },
      encrypted: this.#encrypted.talks(),
    };
  }

  #until(): number {
    return this.#known.until ?? this.#to;
  }

  #message(message: SeenMessage): void {
    if (message.isAnswer) this.#answer(message);
    else this.#query(message);
  }

  #query(query: SeenMessage): void {
    const was = this.#exchanges.query(query);
    if (was === 'again') {
      this.#counts.seenAgain += 1;
      return;
    }
    this.#peaks.add(query.destination, query.at);
    if (was !== 'new') this.#statistics.repeated(was);
    else if (this.#exchanges.last !== null) this.#statistics.asked(query, this.#exchanges.last);
  }

  #answer(answer: SeenMessage): void {
    const was = this.#exchanges.answer(answer);
    const { last } = this.#exchanges;
    if (was === 'again') this.#counts.seenAgain += 1;
    else if (was === 'from-elsewhere') this.#counts.fromElsewhere += 1;
    if (was === 'from-elsewhere' || was === 'stray') this.#counts.strayAnswers += 1;
    if (was === 'first' && last !== null) this.#statistics.answered(answer, last);
  }

  #segment(segment: SeenSegment): void {
    if (this.#connections.take(segment)) this.#peaks.add(segment.destination, segment.at);
  }

  #unreachable(seen: SeenUnreachable): void {
    if (seen.about.transport === 'udp') return this.#errors.add(seen, this.#exchanges.unreachable(seen));
    this.#connections.unreachable(seen);
    this.#errors.add(seen, seen.about.sourcePort === 53 ? 'answer' : 'query');
  }

  #report(file: FileEnd | null): CapturePointReport {
    return {
      ...this.#point,
      file,
      dropped: this.#known.dropped ?? null,
      from: this.#from,
      to: this.#from === null ? null : this.#to,
      ...this.#counts,
      ...this.#statistics.result(),
      ...this.#tallies.exchanges,
      connections: { ...this.#tallies.connections },
      unreachable: this.#errors.top(listed),
      pairs: { ...this.#tallies.pairs },
      encrypted: this.#encrypted.count,
      peaks: this.#peaks.top(listed, this.#known.upstreams),
    };
  }
}
