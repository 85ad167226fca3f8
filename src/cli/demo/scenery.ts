import { readdirSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../base/failure.ts';
import { forBot, forTerminal, forThreads, forWorker, shared } from '../../config/variables.ts';
import type { CheckRequest } from '../../domain/request.ts';
import { closest } from '../../rules/names.ts';
import { readBundle } from '../judge.ts';
import type { DemoOptions } from './options.ts';
import type { Clusters } from './stage.ts';

/** The clusters of a demo, and what is typed first. */
export interface Scenery {
  /** The text of `dns-medic.yaml`. */
  config: string;
  clusters: Clusters;
  /** What follows the slash command. */
  command: string;
  /** Each cluster with a word about it. */
  about: readonly string[];
}

/** Where runs are that were recorded on a real cluster. */
export const BUNDLES = fileURLToPath(new URL('../../../test/bundles/', import.meta.url));

const USUAL: readonly Recorded[] = [
  { cluster: 'cluster-a', bundle: 'corefile-forward-unreachable', about: 'no name of the world resolves' },
  { cluster: 'cluster-b', bundle: 'healthy', about: 'nothing is wrong' },
  { cluster: 'cluster-c', bundle: 'probe-pods-forbidden', about: 'the worker may not start probe pods' },
  { cluster: 'shop', bundle: 'netpol-egress-denies-dns', about: 'the pod shop/cart resolves nothing' },
  { cluster: 'batch', bundle: 'coredns-crashloop-corefile-error', about: 'CoreDNS does not start' },
  { cluster: 'edge', bundle: 'node-to-node-53-blocked', about: 'every other lookup times out' },
  { cluster: 'search', bundle: 'ndots-amplification', about: 'the pod shop/chatty asks too much' },
];

const policy = `policy:
  team: T0LAB
  rules:
    - {clusters: ["*"], groups: [S0SRE], channels: [any], may: [check, doctor, read, cancel]}
`;

const configOf = (clusters: Readonly<Record<string, object>>): string => `clusters: ${JSON.stringify(clusters)}\n${policy}`;

/** Names of all recorded runs. */
export const recordedNames = (): string[] =>
  readdirSync(BUNDLES)
    .flatMap((file) => (file.endsWith('.json') && file !== 'verdicts.json' ? [file.slice(0, -'.json'.length)] : []))
    .toSorted();

/** The command that asks what was asked when it was recorded. */
function checkOf(cluster: string, { pod, node, names, quick }: CheckRequest): string {
  const said = [pod === null ? [] : [`pod=${pod}`], node === null ? [] : [`node=${node}`], names.map((name) => `name=${name}`)].flat();
  return ['check', cluster, ...said, ...(quick ? ['quick'] : [])].join(' ');
}

interface Recorded {
  cluster: string;
  bundle: string;
  about: string;
}

/** The cluster that answers as it was recorded under this name; the usual ones have names of their own. Throws a UsageError. */
function clusterNamed(name: string): Recorded {
  const usual = USUAL.find(({ cluster, bundle }) => name === cluster || name === bundle);
  if (usual !== undefined) return usual;
  const known = recordedNames();
  if (known.includes(name)) return { cluster: name, bundle: name, about: 'as it was recorded' };
  const near = closest(name, known);
  const meant = near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
  throw new UsageError(`nothing was recorded of ${name}${meant}; there is:\n  ${known.join('\n  ')}`);
}

async function recorded(fault: string | null): Promise<Scenery> {
  const first = clusterNamed(fault ?? 'cluster-a');
  const all = [first, ...USUAL.filter((usual) => usual !== first)];
  const { run } = await readBundle(join(BUNDLES, `${first.bundle}.json`));
  return {
    config: configOf(Object.fromEntries(all.map(({ cluster }) => [cluster, {}]))),
    clusters: {
      kind: 'recorded',
      folder: BUNDLES,
      bundles: Object.fromEntries(all.map(({ cluster, bundle }) => [cluster, bundle])),
      times: 1,
    },
    command: checkOf(first.cluster, run.request),
    about: all.map(({ cluster, about }) => `${cluster}: ${about}`),
  };
}

/** The settings of bot and worker, which the demo makes itself. */
const ours = [shared, forBot, forThreads, forWorker]
  .flatMap((group): string[] => Object.values(group).flatMap(({ name }) => [name, `${name}_FILE`]))
  .concat(forTerminal.config.name);

type Environment = Readonly<Record<string, string | undefined>>;

/** What a kubeconfig may need of the environment: a home, a proxy, the login of a cloud. */
const environmentFor = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined || ours.includes(name) ? [] : [[name, value] as const])),
  );

async function real(kubeconfig: string, env: Environment): Promise<Scenery> {
  await access(kubeconfig, constants.R_OK).catch((cause: unknown) => {
    throw new UsageError(`--kubeconfig: ${kubeconfig} cannot be read`, { cause });
  });
  return {
    config: configOf({ 'cluster-a': { kubeconfig } }),
    clusters: { kind: 'real', environment: environmentFor(env) },
    command: 'check cluster-a',
    about: [`cluster-a: the real one of ${kubeconfig}`],
  };
}

/** The clusters that were asked for. Throws a UsageError when there are no such. */
export const sceneryFor = ({ fault, kubeconfig }: DemoOptions, env: Environment): Promise<Scenery> =>
  kubeconfig === null ? recorded(fault) : real(kubeconfig, env);
