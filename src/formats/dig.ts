import { cleanLine, lines } from './clean-text.ts';
import { emptyAnswer, longestAnswer, mostAnswers, queryFailure } from './dns-answer.ts';
import type { DigAnswer, QueryFailure } from './dns-answer.ts';

export type { DigAnswer, QueryFailure } from './dns-answer.ts';

const mostQueries = 10_000;
const header = /^;; ->>HEADER<<- opcode: \w{1,20}, status: (\w{1,20}), id: \d{1,5}/;
const trouble =
  /^;; (?:communications error to|Connection to|UDP setup with|connection setup with) ?(\S{0,100}?)(?:\([^)\s]{0,100}\) for (\S{1,1100}) failed)?: (.+)$/;
const silence = /^;; (?:connection timed out; )?no servers could be reached/;
const question = /^;(\S{1,1100})\s+(?:IN|CH|HS|CLASS\d+|ANY)\s+([A-Z0-9]{1,20})$/;
const record = /^\S{1,1100}\s+\d{1,10}\s+\w{1,10}\s+([A-Z0-9]{1,20})\s+(.+)$/;
const aside = /^dig: (.+)$|^;; (?:Got bad packet|Query time out|Couldn't) ?:?(.*)$/;

/**
 * Reads the output of `dig +tries=1 +noall +comments +question +answer +stats` (BIND 9.11 to 9.20), with any number of queries in one run, in the order
 * in which they were made. Where dig leaves out what was asked, `asked` fills it in: the queries of the run, in order. A run that was killed has
 * fewer answers than queries: nothing is made up for the rest. Never throws.
 */
export function parseDig(text: string, asked: { name: string; type: string }[] = []): DigAnswer[] {
  const reader = new DigReader();
  for (const line of lines(text, 4000)) {
    reader.line(cleanLine(line));
    if (reader.answers.length >= mostQueries) break;
  }
  reader.finish();
  return reader.answers.map((answer, i) => ({
    ...answer,
    name: answer.name ?? asked[i]?.name ?? null,
    type: answer.type ?? asked[i]?.type ?? null,
  }));
}

class DigReader {
  readonly answers: DigAnswer[] = [];
  #open: DigAnswer | null = null;
  #section: 'question' | 'answer' | null = null;
  /** The last trouble: it counts when nothing better comes (another try, another server, TCP after a refused UDP). */
  #trouble: { failure: QueryFailure; server: string | null; name: string | null } | null = null;
  #truncated = false;

  line(line: string): void {
    if (line === '') this.#section = null;
    else if (line.startsWith(';;')) this.#comment(line);
    else if (this.#open && this.#section === 'question') this.#question(this.#open, line);
    else if (this.#open && this.#section === 'answer') this.#record(this.#open, line);
    else this.#aside(line);
  }

  finish(): void {
    if (this.#open) this.answers.push(this.#open);
    this.#open = null;
  }

  #comment(line: string): void {
    const found = header.exec(line);
    if (found) return this.#begin(found[1] ?? '');
    if (silence.test(line)) return this.#fail(line);
    const [, server, name, said] = trouble.exec(line) ?? [];
    if (said !== undefined) return this.#remember(queryFailure(said), server ?? null, name ?? null);
    if (line.startsWith(';; Truncated, retrying in TCP')) this.#truncated = true;
    else if (line === ';; QUESTION SECTION:') this.#section = 'question';
    else if (line === ';; ANSWER SECTION:') this.#section = 'answer';
    else if (this.#open) this.#detail(this.#open, line);
    else this.#aside(line);
  }

  #begin(rcode: string): void {
    this.finish();
    this.#open = { ...emptyAnswer(), rcode, truncated: this.#truncated };
    this.#trouble = null;
    this.#truncated = false;
    this.#section = null;
  }

  #remember(failure: QueryFailure, server: string | null, name: string | null): void {
    this.finish();
    this.#trouble = { failure, server, name };
  }

  #fail(line: string): void {
    this.finish();
    const { failure, server, name } = this.#trouble ?? { failure: queryFailure(`${line} timed out`), server: null, name: null };
    this.answers.push({ ...emptyAnswer(), failure, server, name, truncated: this.#truncated });
    this.#trouble = null;
    this.#truncated = false;
  }

  #detail(open: DigAnswer, line: string): void {
    const flags = /^;; flags: ([a-z ]{0,60});/.exec(line)?.[1];
    if (flags !== undefined) open.flags = flags.split(' ').filter(Boolean).toSorted();
    const [, time, unit] = /^;; Query time: (\d{1,12}) (msec|usec)/.exec(line) ?? [];
    if (time !== undefined) open.timeMs = unit === 'usec' ? Number(time) / 1000 : Number(time);
    const server = /^;; SERVER: ([^\s(]{1,100})/.exec(line)?.[1];
    if (server !== undefined) open.server = server;
    if (line.startsWith(';; MSG SIZE')) this.finish();
  }

  #question(open: DigAnswer, line: string): void {
    const [, name, type] = question.exec(line) ?? [];
    if (name === undefined) return;
    open.name = name;
    open.type = type ?? null;
  }

  #record(open: DigAnswer, line: string): void {
    const data = record.exec(line)?.[2];
    if (data !== undefined && open.answers.length < mostAnswers) open.answers.push(data.slice(0, longestAnswer));
  }

  /** What dig says when it gives up before or outside a query: an unknown server name, an answer that is none. */
  #aside(line: string): void {
    const found = aside.exec(line);
    if (!found) return;
    this.finish();
    this.answers.push({ ...emptyAnswer(), failure: queryFailure(found[1] ?? found[2] ?? '') });
  }
}
