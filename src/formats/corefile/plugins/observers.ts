import { argumentError, count, goDuration, hostPort, once, type Problem, unknownProperty } from './go-values.ts';
import { always, type PluginRule } from './rule.ts';
import { before, type Version } from './version.ts';

/** From 1.15.0 on, `log` and `health` name the option that they do not know. */
const unknownByVersion = (name: string, version: Version): Problem =>
  before(version, '1.15.0') ? argumentError(name) : unknownProperty(name);

/** plugin/log/setup.go. Several are allowed. */
export const log: PluginRule = {
  unknown: unknownByVersion,
  options: { class: { check: logClass } },
};

function logClass(args: string[], name: string): Problem {
  if (args.length === 0) return argumentError(name);
  const wrong = args.find((text) => !['all', 'success', 'denial', 'error'].includes(text));
  return wrong === undefined ? null : `invalid Class: ${wrong}`;
}

/** plugin/errors/setup.go. A level behind `consolidate` came with 1.8.5, `show_first` after 1.13.2. */
export const errors: PluginRule = {
  once: always,
  args: (args) => (args.length > 1 ? argumentError(args.at(-1)!) : stdoutOnly(args[0])),
  unknown: (name) => `Syntax error: Unexpected token '${name}', expecting 'Unknown field ${name}'`,
  options: { stacktrace: { since: '1.8.8' }, consolidate: { check: consolidate } },
};

const stdoutOnly = (file: string | undefined): Problem => (file === undefined || file === 'stdout' ? null : `invalid log file: ${file}`);

function consolidate(args: string[], name: string, version: Version): Problem {
  const counted = count(name, args, 2, before(version, '1.8.5') ? 2 : before(version, '1.13.3') ? 3 : 4);
  if (counted !== null) return counted;
  const { problem } = goDuration(args[0]!);
  const unknown = args.slice(2).find((level) => !['warning', 'error', 'info', 'debug', 'show_first'].includes(level));
  return problem ?? (unknown === undefined ? null : `unknown log level argument in consolidate: ${unknown}`);
}

const address = (args: string[]): Problem => {
  if (args.length > 1) return argumentError(args.at(-1)!);
  return args[0] === undefined ? null : hostPort(args[0]);
};

/** plugin/health/setup.go. */
export const health: PluginRule = {
  args: address,
  unknown: unknownByVersion,
  options: { lameduck: { check: lameduck } },
};

function lameduck(args: string[], name: string): Problem {
  if (args.length !== 1) return argumentError(args.at(-1) ?? name);
  const { problem } = goDuration(args[0]!);
  return problem && `unable to parse lameduck duration value: '${args[0]}' : ${problem}`;
}

/** plugin/ready/setup.go. Before it had a block, a `{` counted as a second `ready`; then unknown options were ignored until 1.15.0. */
export const ready: PluginRule = {
  once: always,
  args: address,
  unknown: (name, version) =>
    before(version, '1.11.5') ? once : version === null || before(version, '1.15.0') ? null : unknownProperty(name),
  options: { monitor: { since: '1.11.5', check: monitor } },
};

function monitor([type]: string[], name: string): Problem {
  if (type === undefined) return argumentError(name);
  return ['until-ready', 'continuously'].includes(type) ? null : `monitor type '${type}' not supported`;
}

/** plugin/metrics/setup.go. Before it had a block, a `{` counted as a second `prometheus`. */
export const prometheus: PluginRule = {
  once: always,
  args: address,
  unknown: (name, version) => (before(version, '1.14.1') ? once : `unknown option: ${name}`),
  options: { runtime_metrics: { since: '1.14.1' }, tls: { since: '1.14.1' } },
};
