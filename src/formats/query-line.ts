import { timestampLength } from './clean-text.ts';
import { epoch } from './epoch.ts';

/** One query as the `log` plugin wrote it down, when it ended. */
export interface QueryLine {
  /** Milliseconds since 1970; null when the line has no time (CoreDNS >= 1.6.6 writes none, the kubelet does when asked). */
  at: number | null;
  /** The client, without brackets. */
  ip: string;
  qtype: string;
  /** Lower case, with the final dot. */
  name: string;
  proto: string;
  /** `-`: a plugin failed, up to 1.14.4; later it is SERVFAIL. */
  rcode: string;
  /** `qr,aa,rd`; `-` where the rcode is. */
  flags: string;
  seconds: number;
}

/**
 * The specification of a query line (facts: B.2), from the level on; `parseQueryLine` is a scanner for the same language, several times as fast.
 * A custom format (`log . "{...}"`) does not match.
 */
export const queryPattern =
  /^\[INFO\] (?<remote>\[[^\]\s]+\]|[^\s:[\]]+):(?<port>\d+) - (?<id>\d+) "(?<qtype>\S+) (?<qclass>\S+) (?<name>\S+) (?<proto>\S+) (?<size>\d+) (?<do>true|false) (?<bufsize>\d+)" (?<rcode>[A-Z0-9]+|-) (?<flags>[a-z,]*|-) (?<rsize>\d+|-) (?<dur>[0-9.]+)s(?: "(?<opcode>\d+)")?$/;

const remote = /^(?:\[[^\]\s]+\]|[^\s:[\]]+)$/;

/** Reads a query line, with or without times before it, and of CoreDNS up to 1.2.0 (no level, the time behind the client). Null for any other line. */
export function parseQueryLine(line: string): QueryLine | null {
  const first = timestampLength(line);
  let from = first === 0 ? 0 : first + 1;
  const second = first === 0 ? 0 : timestampLength(line, from);
  if (second > 0) from += second + 1;
  const levelled = line.startsWith('[INFO] ', from);
  if (levelled) from += 7;
  const dash = line.indexOf(' - ', from);
  if (dash === -1 || dash - from > 70) return null;
  const ip = address(line, from, dash);
  const question = ip === null ? -1 : questionAt(line, dash + 3, levelled);
  if (ip === null || question === -1) return null;
  return parsed(line, question, ip, first === 0 ? null : epoch(line, 0, first));
}

function address(line: string, from: number, dash: number): string | null {
  const colon = line.lastIndexOf(':', dash);
  if (colon <= from || !digits(line, colon + 1, dash)) return null;
  const ip = line.slice(from, colon);
  if (!remote.test(ip)) return null;
  return ip.charCodeAt(0) === 91 ? ip.slice(1, -1) : ip;
}

/** Where the question begins, behind its quotation mark; -1 when none does. The old format has `[time] ` before the id. */
function questionAt(line: string, from: number, levelled: boolean): number {
  const start = levelled ? from : line.charCodeAt(from) === 91 ? line.indexOf('] ', from) + 2 : 1;
  if (start === 1) return -1;
  const space = line.indexOf(' ', start);
  return digits(line, start, space) && line.charCodeAt(space + 1) === 34 ? space + 2 : -1;
}

function parsed(line: string, question: number, ip: string, at: number | null): QueryLine | null {
  const classAt = line.indexOf(' ', question) + 1;
  const nameAt = line.indexOf(' ', classAt) + 1;
  const protoAt = line.indexOf(' ', nameAt) + 1;
  const sizeAt = line.indexOf(' ', protoAt) + 1;
  if (!(classAt > question + 1 && nameAt > classAt + 1 && protoAt > nameAt + 1 && sizeAt > protoAt + 1)) return null;
  const rcodeAt = behindQuestion(line, sizeAt);
  const flagsAt = line.indexOf(' ', rcodeAt) + 1;
  const rsizeAt = line.indexOf(' ', flagsAt) + 1;
  const durationAt = line.indexOf(' ', rsizeAt) + 1;
  if (!(rcodeAt > 0 && flagsAt > rcodeAt + 1 && rsizeAt > flagsAt && durationAt > rsizeAt + 1)) return null;
  const seconds = duration(line, durationAt);
  const rcode = line.slice(rcodeAt, flagsAt - 1);
  const flags = line.slice(flagsAt, rsizeAt - 1);
  if (seconds === null || !isRcode(rcode) || !isFlags(flags) || !isSize(line, rsizeAt, durationAt - 1)) return null;
  return { at, ip, qtype: line.slice(question, classAt - 1), name: line.slice(nameAt, protoAt - 1), proto: line.slice(protoAt, sizeAt - 1), rcode, flags, seconds };
}

/** Passes `50 false 1232" `: where the rcode begins, or -1. */
function behindQuestion(line: string, sizeAt: number): number {
  const doAt = line.indexOf(' ', sizeAt) + 1;
  if (doAt === 0 || !digits(line, sizeAt, doAt - 1)) return -1;
  const flag = line.startsWith('true ', doAt) ? 5 : line.startsWith('false ', doAt) ? 6 : 0;
  if (flag === 0) return -1;
  const bufsizeAt = doAt + flag;
  const quote = line.indexOf('"', bufsizeAt);
  return digits(line, bufsizeAt, quote) && line.charCodeAt(quote + 1) === 32 ? quote + 2 : -1;
}

/** The seconds at the end of a line: `0.000164847s`, in the combined format with an opcode in quotation marks behind it. */
function duration(line: string, from: number): number | null {
  const space = line.indexOf(' ', from);
  const end = space === -1 ? line.length : space;
  if (line.charCodeAt(end - 1) !== 115 || end - 1 <= from) return null;
  for (let i = from; i < end - 1; i++) if (line.charCodeAt(i) !== 46 && !isDigit(line.charCodeAt(i))) return null;
  if (space !== -1 && !isOpcode(line, space + 1)) return null;
  const seconds = Number(line.slice(from, end - 1));
  return Number.isNaN(seconds) ? 0 : seconds;
}

function isOpcode(line: string, from: number): boolean {
  const last = line.length - 1;
  return line.charCodeAt(from) === 34 && line.charCodeAt(last) === 34 && digits(line, from + 1, last);
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function digits(line: string, from: number, to: number): boolean {
  if (to <= from) return false;
  for (let i = from; i < to; i++) if (!isDigit(line.charCodeAt(i))) return false;
  return true;
}

function isRcode(text: string): boolean {
  if (text === 'NOERROR' || text === 'NXDOMAIN' || text === '-') return true;
  return /^[A-Z0-9]+$/.test(text);
}

const isFlags = (text: string): boolean => text === 'qr,aa,rd' || text === 'qr,rd,ra' || text === '-' || /^[a-z,]*$/.test(text);
const isSize = (line: string, from: number, to: number): boolean => digits(line, from, to) || (to === from + 1 && line.charCodeAt(from) === 45);
