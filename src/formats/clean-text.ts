/** Text from a cluster made safe to read and to show: bounded, without terminal escapes and control characters. All of it is linear. */

/* eslint-disable no-control-regex -- control characters are what is looked for */
const escapes = /\x1b(?:\[[0-?]*[ -/]*[@-~]?|\][^\x07\x1b]*\x07?|[@-Z\\^_])?/g;
const control = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]+/g;
const suspicious = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/;
/* eslint-enable no-control-regex */

/** Whether a text has anything that `cleanLine` would take out, tabs and its length apart. One fast pass over a whole log spares a million small ones. */
export const isDirty = (text: string): boolean => suspicious.test(text);

/** One line without ANSI escapes, control and text-direction characters and undecodable bytes; tabs become spaces; cut at `max` characters. */
export function cleanLine(raw: string, max = 2000): string {
  const bounded = raw.length > max * 4 ? raw.slice(0, max * 4) : raw;
  const plain = suspicious.test(bounded) ? bounded.replace(escapes, '').replace(control, '') : bounded;
  const cut = plain.length > max ? plain.slice(0, max) : plain;
  return cut.replaceAll('\t', ' ').trimEnd().toWellFormed();
}

/** The lines of a text, in order, without their line ends; an overlong line is cut at `max` characters, an empty last line is left out. */
export function* lines(text: string, max = 8000): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const next = found === -1 ? text.length : found;
    const end = next > start && text.charCodeAt(next - 1) === 13 ? next - 1 : next;
    yield text.slice(start, Math.min(end, start + max));
    start = next + 1;
  }
}

/**
 * Length of the RFC 3339 time that stands at `start` before a space, or 0. The kubelet writes one before each line of a log that is asked for
 * with `timestamps=true` (nanoseconds, `Z` or an offset); CoreDNS 1.2.6 to 1.6.5 writes its own.
 */
export function timestampLength(text: string, start = 0, end = text.length): number {
  if (end - start < 21 || text.charCodeAt(start + 4) !== 45 || text.charCodeAt(start + 10) !== 84 || text.charCodeAt(start + 13) !== 58)
    return 0;
  const space = text.indexOf(' ', start + 19);
  if (space === -1 || space >= end || space - start > 35) return 0;
  const last = text.charCodeAt(space - 1);
  return last === 90 || text.charCodeAt(space - 3) === 58 ? space - start : 0;
}

/** A line parted from the time before it; `at` is null when there is none, or none that is a time. */
export function splitTimestamp(line: string): { at: string | null; rest: string } {
  const length = timestampLength(line);
  if (length === 0 || Number.isNaN(Date.parse(line.slice(0, length)))) return { at: null, rest: line };
  return { at: line.slice(0, length), rest: line.slice(length + 1) };
}
