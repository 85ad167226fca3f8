import type { LogClass } from '../domain/coredns.ts';

/** What one line of a log says. */
export interface Classified {
  class: string;
  fields: Record<string, string>;
}

const sampleLength = 500;

interface Tally {
  first: string | null;
  lastAt: string | null;
  count: number;
  countSinceMark: number;
  newest: number;
  fields: Record<string, string>;
  sample: string;
  upstreams: Set<string>;
}

/**
 * Gathers the classes of a log line by line, in a bounded space. `mark` names the moment of the last success (a reload, a sync): what came before
 * it is told apart from what came after by the order of the lines, which is right where times are missing.
 */
export class LogClasses {
  #tallies = new Map<string, Tally>();
  #order = 0;
  #marked = -1;

  /** Counts a line; `weight` is how many events it stands for. */
  add(line: Classified, at: string | null, sample: string, weight = 1): void {
    const tally = this.#tally(line.class, at);
    this.#order += 1;
    tally.count += weight;
    tally.countSinceMark += weight;
    tally.newest = this.#order;
    tally.lastAt = at ?? tally.lastAt;
    tally.fields = line.fields;
    tally.sample = sample.slice(0, sampleLength).toWellFormed();
    const upstream = line.fields['upstream'];
    if (upstream && tally.upstreams.size < 8) tally.upstreams.add(upstream);
  }

  /** From here on the program runs well, as far as its log says. */
  mark(): void {
    this.#order += 1;
    this.#marked = this.#order;
    for (const tally of this.#tallies.values()) tally.countSinceMark = 0;
  }

  /**
   * The classes, most frequent first. To the fields of the newest line come: `flag` ('true' when it came after the last mark, or there was none),
   * `countSince` (events since the mark), `firstAt`, `ageSeconds` (of the newest at `now`), and `upstreams` when several were named.
   */
  result(flag: string, now: Date): LogClass[] {
    const classes = [...this.#tallies].map(([name, tally]) => ({
      class: name,
      count: tally.count,
      lastAt: tally.lastAt,
      fields: { ...tally.fields, ...this.#about(tally, flag, now) },
      sample: tally.sample,
    }));
    return classes.toSorted((a, b) => b.count - a.count);
  }

  #about(tally: Tally, flag: string, now: Date): Record<string, string> {
    const at = tally.lastAt === null ? Number.NaN : Date.parse(tally.lastAt);
    return {
      [flag]: String(tally.newest > this.#marked),
      countSince: String(tally.countSinceMark),
      ...(tally.first === null ? {} : { firstAt: tally.first }),
      ...(Number.isNaN(at) ? {} : { ageSeconds: String(Math.max(0, Math.round((now.getTime() - at) / 1000))) }),
      ...(tally.upstreams.size > 1 ? { upstreams: [...tally.upstreams].join(',') } : {}),
    };
  }

  #tally(name: string, at: string | null): Tally {
    const known = this.#tallies.get(name);
    if (known) return known;
    const tally = { first: at, lastAt: null, count: 0, countSinceMark: 0, newest: 0, fields: {}, sample: '', upstreams: new Set<string>() };
    this.#tallies.set(name, tally);
    return tally;
  }
}
