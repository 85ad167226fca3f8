import type { Directive } from '../../../domain/coredns.ts';
import { argumentError, braceError, goDuration, goInt, type Problem, unknownProperty } from './go-values.ts';
import { always, type PluginRule } from './rule.ts';
import { before, type Version } from './version.ts';

/** plugin/reload/setup.go. Reads only the first of several, and no block. */
export const reload: PluginRule = { args: interval };

function interval(args: string[], _name: string, version: Version): Problem {
  if (args.length > 2) return argumentError(args.at(-1)!);
  const [every, jitter] = args.map((text) => goDuration(text));
  if (every !== undefined && (every.problem !== null || every.value < 2)) {
    return every.problem ?? 'interval value must be greater or equal to 2s';
  }
  if (jitter === undefined || (jitter.problem === null && (jitter.value >= 1 || (jitter.value === 0 && !before(version, '1.13.0')))))
    return null;
  return jitter.problem ?? 'jitter value must be greater or equal to 1s';
}

/** plugin/loop/setup.go. */
export const loop: PluginRule = {
  once: always,
  args: ([first]) => (first === undefined ? null : argumentError(first)),
  block: ({ options, line }) => (options.length > 0 ? { problem: braceError, line } : null),
};

/** plugin/loadbalance/setup.go. */
export const loadbalance: PluginRule = {
  args: ([policy]) => (policy === undefined || ['round_robin', 'weighted'].includes(policy) ? null : `unknown policy: ${policy}`),
};

/** plugin/hosts/setup.go: a line that is no option is an entry, until `fallthrough` was read. */
export const hosts: PluginRule = { once: always, block: hostsBlock };

function hostsBlock({ options }: Directive): { problem: string; line: number } | null {
  let fallsThrough = false;
  for (const { name, args, line } of options) {
    const problem = hostsOption(name, args) ?? (fallsThrough && !hostsOptions.includes(name) ? unknownProperty(name) : null);
    if (problem !== null) return { problem, line };
    fallsThrough ||= name === 'fallthrough';
  }
  return null;
}

/** `fallthrough_unsupported` is in 1.15.0; before, the error is left to CoreDNS. */
const hostsOptions = ['fallthrough', 'fallthrough_unsupported', 'no_reverse', 'ttl', 'reload'];

function hostsOption(name: string, args: string[]): Problem {
  if (name === 'ttl') {
    if (args[0] === undefined) return 'ttl needs a time in second';
    const { value, problem } = goInt(args[0]);
    if (problem !== null) return 'ttl needs a number of second';
    return value > 0 && value <= 65_535 ? null : 'ttl provided is invalid';
  }
  if (name !== 'reload') return null;
  if (args.length !== 1) return 'reload needs a duration (zero seconds to disable)';
  const { value, problem } = goDuration(args[0]!);
  if (problem !== null) return `invalid duration for reload '${args[0]}'`;
  return value < 0 ? `invalid negative duration for reload '${args[0]}'` : null;
}
