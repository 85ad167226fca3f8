/** What is wrong with a value; null when nothing is. */
export type Problem = string | null;

export const once = 'this plugin can only be used once per Server Block';

/** caddy's ArgErr: `last` is the last word that the plugin had read. */
export const argumentError = (last: string): string => `Wrong argument count or unexpected line ending after '${last}'`;
export const braceError = "Unexpected token '{', expecting argument";
export const unknownProperty = (name: string): string => `unknown property '${name}'`;

/** Checks the number of arguments of `name`. */
export function count(name: string, args: readonly string[], least: number, most = Infinity): Problem {
  return args.length >= least && args.length <= most ? null : argumentError(args.at(-1) ?? name);
}

/** A number as Go's strconv.Atoi reads it; the problem in Go's words. */
export function goInt(text: string, parser = 'Atoi'): { value: number; problem: Problem } {
  const valid = /^[+-]?\d+$/.test(text) && !(parser === 'ParseUint' && /^[+-]/.test(text));
  return { value: Number(text), problem: valid ? null : `strconv.${parser}: parsing ${JSON.stringify(text)}: invalid syntax` };
}

const seconds: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Seconds of a duration as Go's time.ParseDuration reads it ("30s", "1m30s", "0"; "30" lacks its unit). */
export function goDuration(text: string): { value: number; problem: Problem } {
  const [, sign, rest = ''] = /^([+-]?)([^]*)$/.exec(text) ?? [];
  if (rest === '0') return { value: 0, problem: null };
  let value = 0;
  const part = /(\d+\.?\d*|\.\d+)([^\d.]*)/y;
  for (let at = 0; at < rest.length || at === 0; at = part.lastIndex) {
    const [, number, unit] = part.exec(rest) ?? [];
    const problem = unitProblem(number, unit, text);
    if (problem !== null) return { value: 0, problem };
    value += Number(number) * seconds[unit!]!;
  }
  return { value: sign === '-' ? -value : value, problem: null };
}

function unitProblem(number: string | undefined, unit: string | undefined, text: string): Problem {
  if (number === undefined) return `time: invalid duration ${JSON.stringify(text)}`;
  if (unit === '' || unit === undefined) return `time: missing unit in duration ${JSON.stringify(text)}`;
  return Object.hasOwn(seconds, unit) ? null : `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`;
}

/** An address to listen on, as Go's net.SplitHostPort takes it (":8080"). */
export function hostPort(text: string): Problem {
  const colon = text.lastIndexOf(':');
  if (colon === -1 || text.endsWith(']')) return `address ${text}: missing port in address`;
  const host = text.slice(0, colon);
  return host.includes(':') && !host.startsWith('[') ? `address ${text}: too many colons in address` : null;
}
