import { argumentError, count, goDuration, goInt, type Problem, unknownProperty } from './go-values.ts';
import { always, type PluginRule } from './rule.ts';

const none = (args: string[], name: string): Problem => count(name, args, 0, 0);
const some = (args: string[], name: string): Problem => count(name, args, 1);

/**
 * plugin/kubernetes/setup.go of 1.4.0 to 1.15.0. `upstream` and `resyncperiod` went in 1.7.0, `transfer` in 1.8.0. Where
 * `since` is no release's first patch, the option is in the next release that was read.
 */
export const kubernetes: PluginRule = {
  once: always,
  unknown: unknownProperty,
  options: {
    endpoint_pod_names: { check: none },
    pods: { check: pods },
    namespaces: { check: some },
    endpoint: { check: some },
    tls: { check: (args, name) => count(name, args, 3, 3) },
    labels: { check: some },
    namespace_labels: { since: '1.4.1', check: some },
    fallthrough: {},
    ttl: { check: ttl },
    noendpoints: { check: none },
    ignore: { check: ignore },
    kubeconfig: { check: (args, name) => count(name, args, 1, 2) },
    multicluster: { since: '1.11.5' },
    startup_timeout: { since: '1.11.5', check: startupTimeout },
    apiserver_qps: { since: '1.13.3' },
    apiserver_burst: { since: '1.13.3' },
    apiserver_max_inflight: { since: '1.13.3' },
    zonal: { since: '1.14.6' },
    upstream: { until: '1.7.0' },
    resyncperiod: { until: '1.7.0' },
    transfer: { until: '1.8.0' },
  },
};

function pods(args: string[], name: string): Problem {
  const [mode] = args;
  if (args.length !== 1) return argumentError(args.at(-1) ?? name);
  const modes = ['disabled', 'insecure', 'verified'];
  return modes.includes(mode!) ? null : `wrong value for pods: ${mode},  must be one of: disabled, verified, insecure`;
}

function ttl(args: string[], name: string): Problem {
  const [text] = args;
  if (text === undefined) return argumentError(name);
  const { value, problem } = goInt(text);
  return problem ?? (value >= 0 && value <= 3600 ? null : `ttl must be in range [0, 3600]: ${value}`);
}

function ignore([what]: string[]): Problem {
  return what === undefined || what === 'empty_service' ? null : `unable to parse ignore value: '${what}'`;
}

function startupTimeout([text]: string[], name: string): Problem {
  if (text === undefined) return argumentError(name);
  const { problem } = goDuration(text);
  return problem && `failed to parse startup_timeout: ${text}, ${problem}`;
}
