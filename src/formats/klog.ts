/** One line in the format of klog, as Kubernetes' own programs write it. */
export interface KlogLine {
  severity: 'I' | 'W' | 'E' | 'F';
  /** Month, day and time without a year, as it stands there: `1123 07:35:02.488466`. */
  time: string;
  /** `reflector.go:205`: changes with each release, so nothing should be judged by it. */
  source: string;
  /** The message, unquoted when it was structured. */
  message: string;
  /** Values of a structured message (`err`, `controller`, ...), unquoted; empty for a plain one. */
  values: Record<string, string>;
}

const head = /^([IWEF])(\d{4} \d\d:\d\d:\d\d(?:\.\d{1,9})?) +\d{1,10} ([\w./-]{1,200}:\d{1,7})\] /;
const pair = /\s*([\w.-]{1,60})=("(?:[^"\\]|\\.)*"?|\[[^\]]*\]?|\{[^}]*\}?|[^\s]*)/y;
const quoted = /^"((?:[^"\\]|\\.)*)"/;
const escaped: Record<string, string> = { n: '\n', t: ' ', r: '' };

/** Reads a line of klog; null when it is none. */
export function parseKlog(line: string): KlogLine | null {
  const found = head.exec(line);
  if (!found) return null;
  const rest = line.slice(found[0].length);
  const message = quoted.exec(rest);
  return {
    severity: found[1] as KlogLine['severity'],
    time: found[2] ?? '',
    source: found[3] ?? '',
    message: message ? unquote(message[1] ?? '') : rest,
    values: message ? valuesOf(rest, message[0].length) : {},
  };
}

/** The `key=value` pairs from an offset on; at most 20. Some messages hold a bare word between them ("dual-stack mode" primary ipFamily=...). */
function valuesOf(text: string, from: number): Record<string, string> {
  const values: Record<string, string> = {};
  pair.lastIndex = from;
  for (let n = 0, last = from; n < 20; n++) {
    const found = pair.exec(text);
    if (found) {
      const value = found[2] ?? '';
      values[found[1] ?? ''] = value.startsWith('"')
        ? unquote(value.slice(1, value.endsWith('"') && value.length > 1 ? -1 : undefined))
        : value;
      last = pair.lastIndex;
    } else {
      const word = text.indexOf(' ', last + 1);
      if (word === -1) break;
      pair.lastIndex = last = word;
    }
  }
  return values;
}

const unquote = (text: string): string => text.replace(/\\(.)/g, (_, c: string) => escaped[c] ?? c);

/**
 * The time of a klog line as ISO 8601. klog has no year and no zone: the zone is taken as UTC, as in nearly all containers, and the year as the
 * one that puts the time nearest before `now` (a day of grace for clocks that differ). Null when it is no time.
 */
export function klogTime(time: string, now: Date): string | null {
  const [, month, day, clock] = /^(\d\d)(\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?)$/.exec(time) ?? [];
  const inYear = (year: number) => Date.parse(`${year}-${month}-${day}T${clock}Z`);
  const year = now.getUTCFullYear();
  const candidates = [inYear(year), inYear(year - 1)];
  const at = candidates.find((ms) => ms <= now.getTime() + 86_400_000);
  return at === undefined ? null : new Date(at).toISOString();
}
