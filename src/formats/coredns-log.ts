import type { LogClass } from '../domain/coredns.ts';
import { cleanLine, isDirty, lines, splitTimestamp } from './clean-text.ts';
import { classifyClean } from './coredns-line.ts';
import { LogClasses } from './log-classes.ts';
import type { Classified } from './log-classes.ts';
import { parseQueryLine } from './query-line.ts';
import type { QueryLine } from './query-line.ts';

export { classifyCorednsLine } from './coredns-line.ts';

export interface CorednsLogSummary {
  /** Fields as `LogClasses.result` gives them; `afterReload` is 'false' when a start or reload succeeded after the newest line of the class. */
  classes: LogClass[];
  /** The last that a successful start or reload named; null for none, and for the MD5 of CoreDNS up to 1.9.0. */
  runningSha512: string | null;
  version: string | null;
  lines: number;
  /** At most 200,000; empty when they were handed to `onQuery`. */
  queries: QueryLine[];
}

const mostQueries = 200_000;

/**
 * What the log of one CoreDNS container says, in one pass. A fault that a later reload mended stays in `classes`, marked: ask `stillHolds`.
 * `onQuery` takes the query lines as they come, for logs too big to keep.
 */
export function summariseCorednsLog(text: string, now: Date, onQuery?: (query: QueryLine) => void): CorednsLogSummary {
  const queries: QueryLine[] = [];
  const take = onQuery ?? ((query: QueryLine) => void (queries.length < mostQueries && queries.push(query)));
  const dirty = isDirty(text);
  const reader = new CorednsLogReader();
  let count = 0;
  for (const raw of lines(text)) {
    count += 1;
    const line = dirty ? cleanLine(raw) : raw;
    const query = parseQueryLine(line);
    if (query) take(query);
    if (query) reader.query(query, line);
    else reader.other(line);
  }
  return { ...reader.result(now), lines: count, queries };
}

/**
 * What is said again as long as it is so, within a minute (the reload interval is 30 s and up to 15 s more, client-go tries again after 60 s at the
 * latest, probes come every few seconds), while its end leaves no line: a healthy pod may have `Failed to watch` from its start as its last line.
 */
const repeated = /^(?:api-|reload-parse-failed$|not-ready-plugins$|health-)/;

/** Whether a class says something about the present: no start or reload has succeeded since, and what is said again and again is at most three minutes old. */
export function stillHolds(found: LogClass): boolean {
  if (found.fields['afterReload'] !== 'true') return false;
  return !repeated.test(found.class) || Number(found.fields['ageSeconds'] ?? 0) <= 180;
}

class CorednsLogReader {
  readonly #classes = new LogClasses();
  #sha512: string | null = null;
  #version: string | null = null;
  #restartFailure: string | undefined;
  #queries = 0;
  #newest: { query: QueryLine; line: string } | null = null;

  query(query: QueryLine, line: string): void {
    this.#queries += 1;
    this.#newest = { query, line };
  }

  other(line: string): void {
    const { at, rest } = splitTimestamp(line);
    const text = cleanLine(rest);
    const found = classifyClean(text);
    if (!found) return;
    const twice = this.#saidTwice(found);
    this.#classes.add(found, at, text, twice ? 0 : Number(found.fields['count'] ?? 1));
    if (found.class === 'version') this.#version = found.fields['version'] ?? null;
    if (found.fields['algorithm'] === 'SHA512') this.#sha512 = found.fields['hash'] ?? null;
    if (started(found)) this.#mark();
  }

  result(now: Date): Pick<CorednsLogSummary, 'classes' | 'runningSha512' | 'version'> {
    this.#flushQueries();
    return { classes: this.#classes.result('afterReload', now), runningSha512: this.#sha512, version: this.#version };
  }

  #mark(): void {
    this.#flushQueries();
    this.#classes.mark();
  }

  /** `Restart failed: X` is followed by the reload plugin's own line about the same X. */
  #saidTwice({ fields }: Classified): boolean {
    const again = fields['via'] === 'reload' && this.#restartFailure !== undefined && fields['message'] === this.#restartFailure;
    this.#restartFailure = fields['via'] === 'restart' ? fields['message'] : undefined;
    return again;
  }

  #flushQueries(): void {
    if (!this.#newest) return;
    const { query, line } = this.#newest;
    const { ip, name, qtype, rcode, flags, at } = query;
    const text = splitTimestamp(line).rest;
    const when = at === null ? null : new Date(at).toISOString();
    this.#classes.add({ class: 'query', fields: { client: ip, name, qtype, rcode, flags } }, when, text, this.#queries);
    this.#newest = null;
    this.#queries = 0;
  }
}

/** The lines that only a successful start or reload prints. */
const started = ({ class: name, fields }: Classified): boolean =>
  name === 'running-hash' || name === 'version' || (name === 'reloading' && fields['state'] === 'complete');
