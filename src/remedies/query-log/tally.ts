import type { QuerySummary } from '../../domain/plan.ts';
import { parseQueryLine, QueryCounter, type QueryLine } from '../../formats/query-log.ts';
import type { Classes } from './lines.ts';

const LISTED = 10;
/** A query that takes longer is slow. Milliseconds. */
const SLOW_MS = 500;
/** More different names or clients than that are only counted. */
const MOST_KEYS = 20_000;
/** Names with this are asked by dns-medic itself. */
const OWN_NAME = 'dns-medic-';

/** The loop plugin asks itself once at each reload. */
const isOfLoop = ({ ip, qtype }: QueryLine): boolean => qtype === 'HINFO' && (ip === '127.0.0.1' || ip === '::1');

/** A copy with a memory of its own: a slice of a log would keep the whole log alive. */
const own = (text: string): string => Buffer.from(text).toString();

/** Counts by key, bounded. */
class Counts<T> {
  readonly #all = new Map<string, { of: T; count: number }>();

  add(key: string, of: () => T, count = 1): void {
    const known = this.#all.get(key);
    if (known !== undefined) known.count += count;
    else if (this.#all.size < MOST_KEYS) this.#all.set(own(key), { of: of(), count });
  }

  most(n: number): { of: T; count: number }[] {
    return [...this.#all.values()].toSorted((a, b) => b.count - a.count).slice(0, n);
  }
}

/** How much there was to read. */
export interface Extent {
  /** How long it was logged. */
  seconds: number;
  /** More was logged than was read. */
  cut: boolean;
  /** Lines that look like those of a query log and could not be read. */
  unreadable: number;
}

/** Adds up query lines of all pods. */
export class Tally {
  readonly #stats: QueryCounter;
  readonly #classes: Classes;
  readonly #clients = new Counts<string>();
  readonly #names = new Counts<{ name: string; type: string }>();
  readonly #errors = new Counts<string>();
  readonly #probes = new Set<string>();
  #slow: QuerySummary['slow'] = [];

  constructor({ zones, classes }: { zones: readonly string[]; classes: Classes }) {
    this.#stats = new QueryCounter({ zones: [...zones] });
    this.#classes = classes;
  }

  /** Who asks for names that only dns-medic asks for is one of its probes: nothing that it asks is counted. */
  probesIn(log: string): void {
    for (let at = log.indexOf(OWN_NAME); at >= 0; at = log.indexOf(OWN_NAME, at + 1)) {
      const end = log.indexOf('\n', at);
      const line = parseQueryLine(log.slice(log.lastIndexOf('\n', at) + 1, end < 0 ? log.length : end));
      if (line?.name.includes(OWN_NAME) === true) this.#probes.add(own(line.ip));
    }
  }

  /** Whether an application asked it. */
  counts(line: QueryLine): boolean {
    return !this.#probes.has(line.ip) && !line.name.includes(OWN_NAME) && !isOfLoop(line);
  }

  query(line: QueryLine): void {
    if (!this.counts(line)) return;
    const { ip, name, qtype } = line;
    this.#stats.add(line);
    this.#clients.add(ip, () => own(ip));
    this.#names.add(`${name} ${qtype}`, () => ({ name: own(name), type: own(qtype) }));
    if (line.seconds * 1_000 >= SLOW_MS) this.#keepSlow(line);
  }

  #keepSlow({ name, qtype, rcode, seconds }: QueryLine): void {
    const ms = Math.round(seconds * 1_000);
    if (this.#slow.length >= LISTED && ms <= (this.#slow.at(-1)?.ms ?? 0)) return;
    this.#slow = [...this.#slow, { name: own(name), type: own(qtype), rcode: own(rcode), ms }]
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, LISTED);
  }

  error(message: string, count: number): void {
    const text = message.slice(0, 300);
    this.#errors.add(text, () => own(text), count);
  }

  result({ seconds, cut, unreadable }: Extent): QuerySummary {
    const { lines, rcodes, clients } = this.#stats.result();
    const wasted = clients.reduce((sum, client) => sum + client.wasted, 0);
    return {
      lines,
      unreadable,
      cut,
      seconds,
      perSecond: seconds > 0 ? lines / seconds : 0,
      clients: this.#clients.most(LISTED).map(({ of, count }) => ({ address: of, pod: null, queries: count })),
      names: this.#names.most(LISTED).map(({ of, count }) => ({ ...of, queries: count })),
      rcodes,
      slow: this.#slow,
      // what was asked for well is not in the log of failures: then nobody can tell of how many these are a part
      searchShare: lines === 0 || this.#classes !== 'all' ? null : wasted / lines,
      errors: this.#errors.most(LISTED).map(({ of, count }) => ({ message: of, count })),
    };
  }
}
