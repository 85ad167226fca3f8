import { ipBytes } from '../ip-network.ts';
import { transportOf } from '../zone-key.ts';
import { argumentError, count, goDuration, goInt, type Problem, unknownProperty } from './go-values.ts';
import type { OptionRule, PluginRule } from './rule.ts';
import { before, type Version } from './version.ts';

const flag: OptionRule = { check: (args, name) => count(name, args, 0, 0) };
const some: OptionRule = { check: (args, name) => count(name, args, 1) };
const duration: OptionRule = { check: durationProblem };

/** plugin/forward/setup.go; versions of the options as its releases have them. A second `forward` in a block is an error up to 1.8.7. */
export const forward: PluginRule = {
  once: (version) => before(version, '1.8.8'),
  args: upstreams,
  unknown: unknownProperty,
  options: {
    except: some,
    max_fails: { check: (args, name) => (args.length === 0 ? argumentError(name) : goInt(args[0]!, 'ParseUint').problem) },
    health_check: { check: healthCheck },
    force_tcp: flag,
    prefer_udp: flag,
    tls: { check: (args, name) => count(name, args, 0, 3) },
    tls_servername: some,
    expire: duration,
    policy: { check: policy },
    max_concurrent: { since: '1.6.7', check: maxConcurrent },
    next: { since: '1.11.4', ...some },
    failfast_all_unhealthy_upstreams: { since: '1.12.1', ...flag },
    failover: { since: '1.13.0', ...some },
    max_connect_attempts: { since: '1.13.2', ...some },
    max_idle_conns: { since: '1.14.1', ...some },
    max_age: { since: '1.14.1', ...duration },
    doh_method: { since: '1.14.1', ...some },
    next_on_nodata: { since: '1.14.1' },
    resolver: { since: '1.14.1', ...some },
    read_timeout: { since: '1.14.5', ...duration },
    source_address: { since: '1.14.6', ...some },
  },
};

const mostUpstreams = 15;

function upstreams(args: string[], name: string, version: Version): Problem {
  const to = args.slice(1);
  if (to.length === 0) return argumentError(args.at(-1) ?? name);
  // Host names as upstreams came with the option `resolver`; before, each has to be an address or a file.
  const wrong = before(version, '1.14.1') && version !== null ? to.map(notAnUpstream).find((problem) => problem !== null) : null;
  return wrong ?? (to.length > mostUpstreams ? `more than ${mostUpstreams} TOs configured: ${to.length}` : null);
}

/** A text with a slash may be a file of the pod, one with a bracket is judged differently by version: both pass. */
function notAnUpstream(target: string): Problem {
  const { transport, rest } = transportOf(target);
  if (rest === '') return `invalid address: ${JSON.stringify(target)}`;
  if (transport === 'unix' || /[/[]/.test(rest)) return null;
  const isIp = [rest, rest.replace(/:[^:]*$/, '')].some((text) => ipBytes(text.replace(/%[^%]*$/, '')) !== null);
  return isIp ? null : `not an IP address or file: ${JSON.stringify(rest)}`;
}

function durationProblem([text]: string[], name: string): Problem {
  if (text === undefined) return argumentError(name);
  const { value, problem } = goDuration(text);
  return problem ?? (value < 0 ? `${name} can't be negative: ${text}` : null);
}

/** Options behind the duration exist since 1.7.0; before, they were ignored. */
function healthCheck(args: string[], name: string, version: Version): Problem {
  const problem = durationProblem(args, name);
  if (problem !== null || before(version, '1.7.0')) return problem;
  const unknown = args.slice(1).find((option, at, all) => option !== 'no_rec' && option !== 'domain' && all[at - 1] !== 'domain');
  return unknown === undefined ? null : `health_check: unknown option ${unknown}`;
}

function policy([text]: string[], name: string): Problem {
  if (text === undefined) return argumentError(name);
  return ['random', 'round_robin', 'sequential'].includes(text) ? null : `unknown policy '${text}'`;
}

function maxConcurrent([text]: string[], name: string): Problem {
  if (text === undefined) return argumentError(name);
  const { value, problem } = goInt(text);
  return problem ?? (value < 0 ? `max_concurrent can't be negative: ${value}` : null);
}
