/** The minute that was read last and its milliseconds: the lines of a log share it, and Date.parse costs more than all else in a line. */
let minute = '';
let minuteMs = Number.NaN;

/** Milliseconds since 1970 of the RFC 3339 time of `length` characters at `start` of a text; null when it is none. Fractions below a millisecond are cut off. */
export function epoch(text: string, start: number, length: number): number | null {
  if (text.charCodeAt(start + length - 1) !== 90) return valid(Date.parse(text.slice(start, start + length)));
  const head = text.slice(start, start + 16);
  if (head !== minute) {
    minuteMs = Date.parse(`${head}:00Z`);
    minute = Buffer.from(head).toString();
  }
  const seconds = two(text, start + 17);
  return seconds > 60 ? null : valid(minuteMs + seconds * 1000 + millis(text, start, length));
}

/** NaN unless both characters are digits: then every sum with it is NaN, too. */
function two(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function millis(text: string, start: number, length: number): number {
  if (text.charCodeAt(start + 19) !== 46) return 0;
  const digits = Math.min(3, length - 21);
  let value = 0;
  for (let i = 0; i < digits; i++) value = value * 10 + digit(text, start + 20 + i);
  return digits === 3 ? value : value * 10 ** (3 - digits);
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

const valid = (ms: number): number | null => (Number.isNaN(ms) ? null : ms);
