import type { QuerySummary } from '../../domain/plan.ts';
import { summariseCorednsLog } from '../../formats/coredns-log.ts';
import { QueryCounter, type QueryLine } from '../../formats/query-log.ts';
import type { ActContext } from '../remedy.ts';
import { livePods } from '../pods/live-pod.ts';
import type { Classes } from './lines.ts';
import { logOf, type Pods } from './loaded.ts';

/** So much of each pod's log is read, of at most so many pods. */
const [MOST_BYTES, MOST_PODS] = [16_777_216, 10];
const LISTED = 10;
/** A query that takes longer is slow. Milliseconds. */
const SLOW_MS = 500;
/** The newest lines are kept for those who ask for them: characters. */
const KEPT = 200_000;
/** More different names or clients than that are only counted. */
const MOST_KEYS = 20_000;

/** Counts by key, bounded. */
class Counts<T> {
  readonly #all = new Map<string, { of: T; count: number }>();

  add(key: string, of: () => T): void {
    const known = this.#all.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#all.size < MOST_KEYS) this.#all.set(key, { of: of(), count: 1 });
  }

  most(n: number): { of: T; count: number }[] {
    return [...this.#all.values()].toSorted((a, b) => b.count - a.count).slice(0, n);
  }
}

/** Adds up query lines of all pods. */
export class Tally {
  readonly #stats: QueryCounter;
  readonly #clients = new Counts<string>();
  readonly #names = new Counts<{ name: string; type: string }>();
  readonly #errors = new Counts<string>();
  #slow: QuerySummary['slow'] = [];

  constructor(zones: readonly string[]) {
    this.#stats = new QueryCounter({ zones: [...zones] });
  }

  query(line: QueryLine): void {
    this.#stats.add(line);
    const { ip, name, qtype, rcode, seconds } = line;
    if (name.includes('dns-medic-')) return;
    this.#clients.add(ip, () => ip);
    this.#names.add(`${name} ${qtype}`, () => ({ name, type: qtype }));
    if (seconds * 1000 < SLOW_MS) return;
    this.#slow = [...this.#slow, { name, type: qtype, rcode, ms: Math.round(seconds * 1000) }]
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, LISTED);
  }

  error(message: string, count: number): void {
    for (let times = 0; times < Math.min(count, 1000); times += 1) this.#errors.add(message, () => message);
  }

  /** `whole`: all queries were logged, so that what the search list costs can be told. */
  result(seconds: number, { cut, whole }: { cut: boolean; whole: boolean }): QuerySummary {
    const { lines, rcodes, clients } = this.#stats.result();
    const wasted = clients.reduce((sum, client) => sum + client.wasted, 0);
    return {
      lines,
      unreadable: 0,
      cut,
      seconds,
      perSecond: seconds > 0 ? lines / seconds : 0,
      clients: this.#clients.most(LISTED).map(({ of, count }) => ({ address: of, pod: null, queries: count })),
      names: this.#names.most(LISTED).map(({ of, count }) => ({ ...of, queries: count })),
      rcodes,
      slow: this.#slow,
      searchShare: lines === 0 || !whole ? null : wasted / lines,
      errors: this.#errors.most(LISTED).map(({ of, count }) => ({ message: of.slice(0, 300), count })),
    };
  }
}

const isError = (name: string): boolean => name.startsWith('upstream-') || name === 'no-next-plugin' || name === 'max-concurrent';

/** The newest lines of all pods by time, as many as are kept. */
function newest(texts: readonly string[]): string[] {
  const lines = texts.flatMap((text) => text.split('\n').filter((line) => line.includes('[INFO]') && / "\S+ IN /.test(line)));
  let left = KEPT;
  const kept = lines.toSorted((a, b) => (a < b ? 1 : -1)).filter((line) => (left -= line.length + 1) >= 0);
  return kept.toReversed();
}

/** What a query log said since `since` (milliseconds since 1970), in sum, and its newest lines. Never rejects for a log that cannot be read. */
export async function summedUp(
  context: ActContext,
  where: Pods,
  since: number,
  { zones, classes }: { zones: readonly string[]; classes: Classes },
): Promise<{ queries: QuerySummary; lines: string[] }> {
  const seconds = Math.max(1, (context.now() - since) / 1000);
  const pods = await livePods(context.port, where, { signal: context.signal });
  const logs = await Promise.all(pods.slice(0, MOST_PODS).map((pod) => logOf(context, pod, seconds, { maxBytes: MOST_BYTES })));
  const tally = new Tally(zones);
  const texts: string[] = [];
  let [cut, unreadable] = [pods.length > MOST_PODS, 0];
  for (const log of logs) {
    if ('unreadable' in log) {
      unreadable += 1;
      continue;
    }
    const said = summariseCorednsLog(log.text, new Date(context.now()), (line) => tally.query(line));
    for (const { class: name, count, sample } of said.classes) if (isError(name)) tally.error(sample, count);
    texts.push(log.text);
    cut ||= log.truncated;
  }
  const queries = tally.result(seconds, { cut: cut || unreadable > 0, whole: classes === 'all' });
  return { queries: { ...queries, unreadable }, lines: newest(texts) };
}
