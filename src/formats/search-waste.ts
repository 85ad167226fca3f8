import type { QueryStats } from '../domain/coredns.ts';
import { baseNames } from './search-suffix.ts';
import type { NameRecord, Suffixes } from './search-suffix.ts';

type ClientStats = Omit<QueryStats['clients'][number], 'ip' | 'queries'>;

/** How far a query for a name with a search suffix and the one for the name itself may be apart to be one lookup, in milliseconds. */
const togetherMs = 2000;
const listedNames = 10;

/**
 * What one client's queries were wasted on search domains: a name with a suffix got NXDOMAIN, and the same client found the name
 * without it, within 2 s where the log has times. `queries` of a name are all of it, with and without suffixes.
 */
export function clientStats(names: Map<string, NameRecord>, suffixes: Suffixes): ClientStats {
  const found = new Map<string, { queries: number; wasted: number }>();
  const failedFirst = new Set<string>();
  for (const [name, record] of names) {
    const bases = baseNames(name, suffixes);
    for (const { base, by } of bases) if (by === 'namespace' && record.nxdomain > 0) failedFirst.add(base);
    const base = bases.find((candidate) => names.get(`${candidate.base}.`)?.found)?.base;
    add(found, base ?? name.slice(0, -1), record.queries, base === undefined ? 0 : wasted(record, names.get(`${base}.`)));
  }
  const listed = [...found].map(([name, counts]) => ({ name, ...counts, dots: dotsOf(name) }));
  return {
    wasted: listed.reduce((sum, entry) => sum + entry.wasted, 0),
    names: listed.toSorted((a, b) => b.wasted - a.wasted || b.queries - a.queries).slice(0, listedNames),
    neededDots: neededDots(names, suffixes, failedFirst),
  };
}

function add(counts: Map<string, { queries: number; wasted: number }>, name: string, queries: number, lost: number): void {
  const entry = counts.get(name) ?? { queries: 0, wasted: 0 };
  counts.set(name, { queries: entry.queries + queries, wasted: entry.wasted + lost });
}

/** The NXDOMAIN answers that have an answer to the bare name near. Where only a sample has times, it stands for all; without times, all count. */
function wasted(failed: NameRecord, bare: NameRecord | undefined): number {
  if (!bare || failed.nxdomain === 0) return 0;
  if (failed.nxdomainAt.length === 0 || bare.foundAt.length === 0) return failed.nxdomain;
  const answers = bare.foundAt.toSorted((a, b) => a - b);
  let near = 0;
  let next = 0;
  for (const at of failed.nxdomainAt.toSorted((a, b) => a - b)) {
    while (next < answers.length && (answers[next] ?? 0) < at - togetherMs) next += 1;
    if ((answers[next] ?? Number.POSITIVE_INFINITY) <= at + togetherMs) near += 1;
  }
  return Math.round((near / failed.nxdomainAt.length) * failed.nxdomain);
}

/**
 * Dots of names that were found only through the search list. A name that the first search entry completes looks like an absolute one in the log;
 * it counts with the fewest dots that it can have, unless it must have been asked with more: the entries before it gave NXDOMAIN.
 */
function neededDots(names: Map<string, NameRecord>, suffixes: Suffixes, failedFirst: Set<string>): number[] {
  const dots = new Set<number>();
  for (const [name, record] of names) {
    if (record.found === 0) continue;
    const candidates = baseNames(name, suffixes).filter(({ base }) => !names.get(`${base}.`)?.found);
    const needed =
      candidates.find(({ base, by }) => by !== 'namespace' && failedFirst.has(base)) ?? candidates.find(({ by }) => by === 'namespace');
    if (needed) dots.add(dotsOf(needed.base));
  }
  return [...dots].toSorted((a, b) => a - b);
}

const dotsOf = (name: string): number => name.split('.').length - 1;
