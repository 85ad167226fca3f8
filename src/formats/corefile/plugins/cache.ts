import { argumentError, count, goDuration, goInt, type Problem } from './go-values.ts';
import { always, type PluginRule } from './rule.ts';

/** plugin/cache/setup.go; versions of the options as its releases have them. */
export const cache: PluginRule = {
  once: always,
  args: ([ttl]) => (ttl === undefined || goInt(ttl).problem !== null ? null : aboveZero(goInt(ttl).value)),
  unknown: argumentError,
  options: {
    success: { check: capacity },
    denial: { check: capacity },
    prefetch: { check: prefetch },
    serve_stale: { since: '1.6.1', check: serveStale },
    servfail: { since: '1.9.4', check: servfail },
    disable: { since: '1.9.4', check: disable },
    keepttl: { since: '1.10.1', check: (args, name) => count(name, args, 0, 0) },
    serve_stale_policy: { since: '1.14.6' },
  },
};

const aboveZero = (ttl: number): Problem => (ttl > 0 ? null : `cache TTL can not be zero or negative: ${ttl}`);

/** CAPACITY [TTL [MINTTL]] */
function capacity(args: string[], name: string): Problem {
  if (args.length === 0) return argumentError(name);
  const [size, ttl, least] = args.slice(0, 3).map((text) => goInt(text));
  const ttlProblem = ttl === undefined ? null : (ttl.problem ?? aboveZero(ttl.value));
  const leastProblem =
    least === undefined || least.value >= 0 ? null : (least.problem ?? `cache min TTL can not be negative: ${least.value}`);
  return size!.problem ?? ttlProblem ?? leastProblem;
}

/** AMOUNT [DURATION [PERCENTAGE%]] */
function prefetch(args: string[], name: string): Problem {
  const [amount = '', duration, percentage] = args;
  const counted = count(name, args, 1, 3);
  if (counted !== null) return counted;
  const { value, problem } = goInt(amount);
  if (problem !== null || value < 0) return problem ?? `prefetch amount should be positive: ${value}`;
  return (duration === undefined ? null : goDuration(duration).problem) ?? (percentage === undefined ? null : percent(percentage));
}

function percent(text: string): Problem {
  if (!text.endsWith('%')) return `last character of percentage should be \`%\`, but is: '${text.slice(-1)}'`;
  const { value, problem } = goInt(text.slice(0, -1));
  return problem ?? (value >= 10 && value <= 90 ? null : `percentage should fall in range [10, 90]: ${value}`);
}

function serveStale([duration, mode]: string[]): Problem {
  const { value, problem } = duration === undefined ? { value: 0, problem: null } : goDuration(duration);
  if (problem !== null || value < 0) return problem ?? 'invalid negative duration for serve_stale';
  const known = mode === undefined || ['immediate', 'verify'].includes(mode.toLowerCase());
  return known ? null : `invalid value for serve_stale refresh mode: ${mode.toLowerCase()}`;
}

function servfail(args: string[], name: string): Problem {
  if (args.length !== 1) return argumentError(args.at(-1) ?? name);
  const { value, problem } = goDuration(args[0]!);
  if (problem !== null || value < 0) return problem ?? 'invalid negative ttl for servfail';
  return value > 300 ? 'caching SERVFAIL responses over 5 minutes is not permitted' : null;
}

function disable([type]: string[], name: string): Problem {
  if (type === undefined) return argumentError(name);
  return ['success', 'denial'].includes(type) ? null : 'cache type for disable must be "success" or "denial"';
}
