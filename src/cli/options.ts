import { Command, InvalidArgumentError } from 'commander';
import type { CheckRequest } from '../domain/request.ts';
import { type Config, loadConfig, type Target } from '../config/load.ts';
import { resolveCluster } from '../config/resolve.ts';
import { EXPECTED, hostNamed, nodeNamed, podNamed } from '../rules/complaint-names.ts';

/** Options of every command that talks to a cluster. */
export interface ClusterOptions {
  config?: string;
  kubeconfig?: string;
  context?: string;
}

export interface CheckOptions extends ClusterOptions {
  pod?: string;
  node?: string;
  name: string[];
  quick?: boolean;
  json?: boolean;
  save?: string;
  timeout: number;
  probePods: boolean;
  ephemeral?: boolean;
}

function typed(text: string | null, expected: string): string {
  if (text !== null) return text;
  throw new InvalidArgumentError(expected);
}

const podName = (value: string): string => typed(podNamed(value), EXPECTED.pod);
const nodeName = (value: string): string => typed(nodeNamed(value), EXPECTED.node);
const hostName = (value: string, before: string[] = []): string[] => [...before, typed(hostNamed(value), EXPECTED.name)];

function seconds(value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number >= 5 && number <= 600) return number;
  throw new InvalidArgumentError('expected seconds from 5 to 600');
}

/** Adds the options that say which cluster. */
export const withCluster = (command: Command): Command =>
  command
    .option('--config <file>', 'configuration (default: $DNS_MEDIC_CONFIG, ./dns-medic.yaml)')
    .option('--kubeconfig <file>', 'kubeconfig (default: $KUBECONFIG, ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig (default: its current one)');

/** Adds the options that say what has the trouble, and how to look. */
export const withSubject = (command: Command): Command =>
  withCluster(command)
    .option('--pod <namespace/name>', 'the pod or workload that has the trouble', podName)
    .option('--node <name>', 'the node that has the trouble', nodeName)
    .option('--name <host>', 'a name that does not resolve (may be repeated)', hostName, [])
    .option('--quick', 'fewer lookups, from one node only')
    .option('--timeout <seconds>', 'end the run after so long', seconds, 90)
    .option('--no-probe-pods', 'start no pods: only read, and ask from inside --pod');

/** Adds the options of a check. */
export const withCheck = (command: Command): Command =>
  withSubject(command)
    .option('--json', 'print the report as one JSON document')
    .option('--save <file>', 'keep what was read, for `dns-medic judge`')
    .option('--ephemeral', 'let a container be added to --pod when it has no shell (it stays until the pod is deleted)');

/** The configuration, from the file that was named or found. */
export const configFor = ({ config }: ClusterOptions): Config => loadConfig({ file: config, env: process.env, cwd: process.cwd() });

/** The cluster that is meant. Throws a UsageError. */
export const targetFor = (cluster: string | undefined, options: ClusterOptions): Target =>
  resolveCluster(configFor(options), { cluster, kubeconfig: options.kubeconfig, context: options.context });

/** The request that the options make. */
export function requestFor(target: Target, options: CheckOptions): CheckRequest {
  return {
    cluster: target.name,
    pod: options.pod ?? null,
    node: options.node ?? null,
    names: options.name,
    quick: options.quick ?? false,
    probePods: options.probePods,
    ephemeral: options.ephemeral ?? false,
    timeoutMs: options.timeout * 1000,
  };
}
