import type { CapturePointReport } from '../../domain/capture.ts';
import type { SeenMessage } from '../seen.ts';
import type { Exchange } from './exchange.ts';
import { Frequent } from './frequent.ts';
import { Latencies } from './latencies.ts';
import { rcodeName } from './rcodes.ts';
import type { Repeat } from './repeats.ts';
import { SearchWaste } from './search-waste.ts';
import { TooLong } from './too-long.ts';

type Told = Pick<
  CapturePointReport,
  'queries' | 'tcpQueries' | 'rcodes' | 'latency' | 'retransmissions' | 'truncated' | 'search' | 'names' | 'clients' | 'servers'
>;

const listed = 10;
const [found, nxdomain] = [0, 3];

/** Who asks what, and how it is answered. */
export class Statistics {
  readonly #search = new SearchWaste();
  readonly #latencies = new Latencies();
  readonly #tooLong = new TooLong();
  readonly #names = new Frequent();
  readonly #clients = new Frequent();
  readonly #servers = new Frequent();
  readonly #rcodes = new Uint32Array(16);
  readonly #repeats = { glibc: 0, musl: 0, afterServfail: 0, other: 0 };
  readonly #counts = { queries: 0, tcpQueries: 0, searched: 0 };

  /** A query that was not seen before. */
  asked(query: SeenMessage, { name, marked }: Exchange): void {
    this.#counts.queries += 1;
    if (query.transport === 'tcp') {
      this.#counts.tcpQueries += 1;
      this.#tooLong.overTcp(query);
    }
    if (!marked) this.#names.add(name);
    this.#clients.add(query.source);
    this.#servers.add(query.destination);
  }

  repeated(repeat: Repeat): void {
    this.#repeats[repeat] += 1;
  }

  /** The first answer to a query. */
  answered(answer: SeenMessage, exchange: Exchange): void {
    const rcode = answer.rcode & 15;
    this.#rcodes[rcode] = (this.#rcodes[rcode] ?? 0) + 1;
    this.#latencies.add(answer.at - exchange.at);
    if (answer.truncated && answer.transport === 'udp') this.#tooLong.truncated(answer);
    if (exchange.marked) return;
    this.#counts.searched += 1;
    if (rcode === found || rcode === nxdomain) this.#search.add(exchange, rcode === found, answer.at);
  }

  result(): Told {
    const { queries, tcpQueries, searched } = this.#counts;
    const rcodes = [...this.#rcodes].map((count, code) => [rcodeName(code), count] as const).filter(([, count]) => count > 0);
    return {
      queries,
      tcpQueries,
      rcodes: Object.fromEntries(rcodes),
      latency: this.#latencies.result(),
      retransmissions: { ...this.#repeats },
      truncated: { answers: this.#tooLong.answers, askedOverTcp: this.#tooLong.askedOverTcp },
      search: { queries: searched, wasted: this.#search.wasted },
      names: this.#names.top(listed),
      clients: this.#clients.top(listed),
      servers: this.#servers.top(listed),
    };
  }
}
