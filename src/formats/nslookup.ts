import { cleanLine, lines } from './clean-text.ts';
import { emptyAnswer, longestAnswer, mostAnswers, queryFailure } from './dns-answer.ts';
import type { DigAnswer } from './dns-answer.ts';

const most = 1000;
const notFound = /^\*\* server can't find (\S{1,1100}): (\w{1,30})$/;
const noAnswer = /^\*\*\* Can't find (\S{1,1100}): No answer$/;
const unresolved = /^nslookup: can't resolve '([^']{1,1100})'/;
const broken = /^nslookup: (?:write to|read|can't connect|bad address|clone) ?(.*)$|^nslookup: (.*)$/;
const silence = /^;; connection timed out; no servers could be reached/;
const replied = /^(?:Name:\s+)(\S{1,1100})$/;
const address = /^Address(?: \d{1,4})?:\s+([0-9A-Fa-f.:]{2,60})(?:\s|$)/;
const named = /^(\S{1,1100})\s+(canonical name|name|mail exchanger|text|service) = (.{1,1000})$/;

/**
 * Reads BusyBox' `nslookup NAME. [SERVER]` (1.30 to 1.36, and the small form of the older ones): one answer for each reply that it printed. Only for
 * absolute names: BusyBox does other things with short ones, and its exit status is never to be judged. A reply
 * without data says neither its name nor its type: `asked` is taken. It prints no flags and no times.
 */
export function parseBusyboxNslookup(text: string, asked: { name: string; type?: string } = { name: '' }): DigAnswer[] {
  const reader = new NslookupReader(asked.name || null, asked.type ?? null);
  for (const line of lines(text, 4000)) {
    reader.line(cleanLine(line));
    if (reader.answers.length >= most) break;
  }
  return reader.result();
}

class NslookupReader {
  readonly answers: DigAnswer[] = [];
  readonly #asked: Pick<DigAnswer, 'name' | 'type'>;
  #open: DigAnswer | null = null;
  #server: string | null = null;
  /** Above the first empty line stands the server, whose address looks like an answer. */
  #head = true;
  #refusal: string | null = null;

  constructor(name: string | null, type: string | null) {
    this.#asked = { name, type };
  }

  line(line: string): void {
    if (line === '') return this.#pause();
    const server = /^Server:\s+(\S{1,100})$/.exec(line)?.[1];
    if (server !== undefined) this.#server = server;
    else if (!this.#failure(line) && !this.#head) this.#data(line);
  }

  result(): DigAnswer[] {
    this.#close();
    if (this.answers.length > 0) return this.answers;
    if (this.#refusal !== null) return [{ ...emptyAnswer(), ...this.#asked, failure: queryFailure(this.#refusal), server: this.#server }];
    return this.#server === null ? [] : [this.#reply('NOERROR')];
  }

  #pause(): void {
    if (this.#server !== null) this.#head = false;
    this.#close();
  }

  #close(): void {
    if (this.#open) this.answers.push(this.#open);
    this.#open = null;
  }

  #reply(rcode: string): DigAnswer {
    return { ...emptyAnswer(), ...this.#asked, rcode, server: this.#server };
  }

  /** The first word of the kernel wins over the summary that follows it ("Connection refused", then "connection timed out"). */
  #failure(line: string): boolean {
    const [, name, rcode] = notFound.exec(line) ?? [];
    const empty = noAnswer.exec(line)?.[1];
    if (name !== undefined) this.#push({ ...this.#reply(rcode ?? ''), name });
    else if (empty !== undefined) this.#push({ ...this.#reply('NOERROR'), name: empty });
    else if (silence.test(line) || broken.test(line) || unresolved.test(line)) this.#refusal ??= line;
    else return false;
    return true;
  }

  #push(answer: DigAnswer): void {
    this.#close();
    this.answers.push(answer);
  }

  #data(line: string): void {
    const name = replied.exec(line)?.[1];
    const ip = address.exec(line)?.[1];
    const [, owner, , data] = named.exec(line) ?? [];
    if (name === undefined && ip === undefined && data === undefined) return;
    const open = (this.#open ??= this.#reply('NOERROR'));
    open.name ??= name ?? owner ?? null;
    if (ip !== undefined) open.type ??= ip.includes(':') ? 'AAAA' : 'A';
    const value = ip ?? data;
    if (value !== undefined && open.answers.length < mostAnswers) open.answers.push(value.slice(0, longestAnswer));
  }
}

/** What a lookup through a pod's own resolver gave. */
export interface GetentAnswer {
  found: boolean;
  /** Distinct addresses, in the resolver's order, at most 64. */
  addresses: string[];
  /** Null when found. `missing`: no such name, or a resolver that gave up at once; getent does not tell these apart. */
  failure: 'missing' | 'timeout' | 'other' | null;
}

/**
 * Reads `getent hosts|ahosts|ahostsv4|ahostsv6 NAME`. Exit status 2: nothing found, be it for NXDOMAIN or for silence: with `elapsedMs` one that took
 * 2.5 s and more (the shortest retry timer of any libc) counts as a timeout; 124, 137 and 143 are those of a command that `timeout` ended.
 */
export function parseGetent(text: string, exitCode: number, elapsedMs = 0): GetentAnswer {
  const addresses = new Set<string>();
  for (const line of lines(text, 2000)) {
    const ip = /^([0-9A-Fa-f.:]{2,60}(?:%\w{1,20})?)\s/.exec(cleanLine(`${line} x`))?.[1];
    if (ip !== undefined && addresses.size < mostAnswers) addresses.add(ip);
  }
  const found = exitCode === 0 && addresses.size > 0;
  return { found, addresses: [...addresses], failure: found ? null : getentFailure(exitCode, elapsedMs) };
}

function getentFailure(exitCode: number, elapsedMs: number): 'missing' | 'timeout' | 'other' {
  if ([124, 137, 143].includes(exitCode)) return 'timeout';
  if (exitCode !== 2) return 'other';
  return elapsedMs >= 2500 ? 'timeout' : 'missing';
}
