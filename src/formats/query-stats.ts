import type { QueryStats } from '../domain/coredns.ts';
import type { QueryLine } from './query-line.ts';
import { clientStats } from './search-waste.ts';
import { learnSuffixes } from './search-suffix.ts';
import type { NameRecord } from './search-suffix.ts';

export interface QueryStatsOptions {
  /** Zones of the cluster: `cluster.local` or `cluster.local.`. */
  zones: string[];
  /** Search entries that pods are known to have; more are learned from the log. */
  searchSuffixes?: string[];
  /** Addresses whose queries are not counted: this tool's own probes. */
  ignoreClients?: string[];
}

/** What bounds the memory: clients, names over all clients, and times over all names. What comes later is counted in the totals only. */
const most = { clients: 5000, names: 100_000, times: 2_000_000, timesOfName: 2000, listed: 200 };
/** Names with this are asked by this tool's own probes. */
const ownName = 'dns-medic-';
const slowSeconds = 1;
const upstreamTimeoutSeconds = 2;

/**
 * Adds up query lines one by one, in bounded memory and in any order: the pods of CoreDNS share the queries of one lookup, so the log of each
 * pod holds a part of it.
 */
export class QueryCounter {
  readonly #options: QueryStatsOptions;
  readonly #ignored: Set<string>;
  readonly #clients = new Map<string, { queries: number; names: Map<string, NameRecord> }>();
  readonly #rcodes = new Map<string, number>();
  #names = 0;
  #times = 0;
  #lines = 0;
  #upstreamFailed = 0;
  #slow = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  constructor(options: QueryStatsOptions) {
    this.#options = options;
    this.#ignored = new Set(options.ignoreClients);
  }

  add(query: QueryLine): void {
    if (this.#ignored.has(query.ip) || query.name.includes(ownName)) return;
    this.#lines += 1;
    this.#count(query);
    const name = this.#name(query);
    if (!name) return;
    name.queries += 1;
    if (query.rcode === 'NXDOMAIN') name.nxdomain += 1;
    else if (query.rcode === 'NOERROR') name.found += 1;
    else return;
    this.#keepTime(query.rcode === 'NXDOMAIN' ? name.nxdomainAt : name.foundAt, query.at);
  }

  /** The totals; clients by queries wasted, then by queries, at most 200. */
  result(): QueryStats {
    const suffixes = learnSuffixes(
      [...this.#clients.values()].map((client) => client.names),
      this.#options,
    );
    const clients = [...this.#clients].map(([ip, { queries, names }]) => ({ ip, queries, ...clientStats(names, suffixes) }));
    return {
      lines: this.#lines,
      spanSeconds: this.#to > this.#from ? (this.#to - this.#from) / 1000 : 0,
      rcodes: Object.fromEntries(this.#rcodes),
      upstreamFailed: this.#upstreamFailed,
      clients: clients.toSorted((a, b) => b.wasted - a.wasted || b.queries - a.queries).slice(0, most.listed),
      slow: this.#slow,
    };
  }

  #count({ at, rcode, seconds }: QueryLine): void {
    const known = this.#rcodes.get(rcode);
    if (known !== undefined) this.#rcodes.set(rcode, known + 1);
    else if (this.#rcodes.size < 64) this.#rcodes.set(own(rcode), 1);
    if (rcode === '-' || (rcode === 'SERVFAIL' && seconds >= upstreamTimeoutSeconds)) this.#upstreamFailed += 1;
    if (seconds >= slowSeconds) this.#slow += 1;
    if (at !== null && at < this.#from) this.#from = at;
    if (at !== null && at > this.#to) this.#to = at;
  }

  #name({ ip, name }: QueryLine): NameRecord | undefined {
    let client = this.#clients.get(ip);
    if (!client) {
      if (this.#clients.size >= most.clients) return undefined;
      client = { queries: 0, names: new Map() };
      this.#clients.set(own(ip), client);
    }
    client.queries += 1;
    const known = client.names.get(name);
    if (known || this.#names >= most.names) return known;
    this.#names += 1;
    const record = { queries: 0, nxdomain: 0, found: 0, nxdomainAt: [], foundAt: [] };
    client.names.set(own(name), record);
    return record;
  }

  #keepTime(times: number[], at: number | null): void {
    if (at === null || times.length >= most.timesOfName || this.#times >= most.times) return;
    times.push(at);
    this.#times += 1;
  }
}

/** Adds up query lines; `lines` may be a generator. */
export function queryStats(lines: Iterable<QueryLine>, options: QueryStatsOptions): QueryStats {
  const counter = new QueryCounter(options);
  for (const line of lines) counter.add(line);
  return counter.result();
}

/** A copy with a memory of its own: a slice of the log would keep the whole log alive. */
const own = (text: string): string => Buffer.from(text).toString();
