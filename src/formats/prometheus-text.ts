import { lines } from './clean-text.ts';

/** One sample of a metric. */
export interface MetricSample {
  name: string;
  /** Without a prototype: a label may have any name. */
  labels: Record<string, string>;
  /** May be NaN or infinite. */
  value: number;
  /** As it stands there: milliseconds in Prometheus' format, seconds in OpenMetrics. */
  timestamp?: number;
}

const longest = 20_000;
const mostLabels = 64;
const wordEnd = /[{\s]/g;

/**
 * The samples of a text in Prometheus' exposition format or OpenMetrics, in order. Comments, exemplars and lines that are none of it are left out; it
 * never throws and takes linear time. Quoted names (`{"my.name", a="b"} 1`) are read, too.
 */
export function* parseMetrics(text: string): Generator<MetricSample> {
  for (const line of lines(text, longest)) {
    const sample = parseSample(line);
    if (sample) yield sample;
  }
}

function parseSample(line: string): MetricSample | null {
  const start = blanks(line, 0);
  if (start >= line.length || line[start] === '#') return null;
  wordEnd.lastIndex = start;
  const end = wordEnd.exec(line)?.index ?? -1;
  if (end === -1) return null;
  const brace = blanks(line, end);
  const labels = Object.create(null) as Record<string, string>;
  const set = line[brace] === '{' ? readLabels(line, brace + 1, labels) : { end: brace, name: null };
  const name = line.slice(start, end) || set?.name;
  return set && name ? withValue(name, labels, line.slice(set.end)) : null;
}

function withValue(name: string, labels: Record<string, string>, rest: string): MetricSample | null {
  const [word = '', time] = rest.split(' #', 1)[0]?.trim().split(/\s+/, 3) ?? [];
  const value = number(word);
  if (value === null) return null;
  const timestamp = time === undefined ? null : number(time);
  return timestamp === null ? { name, labels, value } : { name, labels, value, timestamp };
}

/** Fills `labels` from behind the opening brace; gives where the closing one ends and a quoted name, or null when the set is broken. */
function readLabels(line: string, from: number, labels: Record<string, string>): { end: number; name: string | null } | null {
  let name: string | null = null;
  let at = from;
  for (let n = 0; n <= mostLabels; n++) {
    at = separators(line, at);
    if (line[at] === '}') return { end: at + 1, name };
    const key = line[at] === '"' ? readQuoted(line, at) : readKey(line, at);
    if (!key) return null;
    at = blanks(line, key.end);
    if (line[at] !== '=') {
      name ??= key.text;
      continue;
    }
    const value = readQuoted(line, blanks(line, at + 1));
    if (!value) return null;
    labels[key.text] = value.text;
    at = value.end;
  }
  return null;
}

function readKey(line: string, from: number): { text: string; end: number } | null {
  const equals = line.indexOf('=', from);
  return equals <= from ? null : { text: line.slice(from, equals).trim(), end: equals };
}

/** A quoted string with the escapes of the format: `\\`, `\"` and `\n`. */
function readQuoted(line: string, from: number): { text: string; end: number } | null {
  if (line[from] !== '"') return null;
  let escaped = false;
  for (let at = from + 1; at < line.length; at++) {
    if (line[at] === '\\') {
      escaped = true;
      at += 1;
    } else if (line[at] === '"') {
      const raw = line.slice(from + 1, at);
      return { text: escaped ? raw.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c)) : raw, end: at + 1 };
    }
  }
  return null;
}

const special: Record<string, number> = {
  nan: Number.NaN,
  '+inf': Number.POSITIVE_INFINITY,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

function number(word: string): number | null {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(word)) return Number(word);
  return word.length > 9 ? null : (special[word.toLowerCase().replace('infinity', 'inf')] ?? null);
}

function blanks(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  return at;
}

function separators(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t' || line[at] === ',') at += 1;
  return at;
}
