import { UsageError } from '../base/failure.ts';
import type { Access, Config, Target } from './load.ts';
import { didYouMean } from './strict.ts';

/** What was said on the command line. `kubeconfig` is a path as the process sees it. */
export interface Wanted {
  cluster?: string | undefined;
  kubeconfig?: string | undefined;
  context?: string | undefined;
}

/** The name of a cluster that is only known as "the current context". */
export const CURRENT = 'current-context';

const listed = (config: Config): string => config.clusters.map(({ name }) => name).join(', ');

function unknownCluster(name: string, config: Config): UsageError {
  const known = config.clusters.map((cluster) => cluster.name);
  const hint = didYouMean(name, known);
  return new UsageError(`${name}: no such cluster in ${config.file}${hint && `: ${hint}`} (known: ${listed(config)})`);
}

/** `--kubeconfig` and `--context` go before what the file says of a cluster. */
function accessOf(named: Target | undefined, { cluster, kubeconfig, context }: Wanted): Access {
  if (named?.access.kind === 'inCluster' && (kubeconfig ?? context) === undefined) return named.access;
  const before = named?.access.kind === 'kubeconfig' ? named.access : null;
  const fallback = named === undefined ? cluster : before?.context;
  return { kind: 'kubeconfig', file: kubeconfig ?? before?.file ?? null, context: context ?? fallback ?? null };
}

/**
 * The cluster that is meant. A named one comes from the file; without a file, or with `--kubeconfig`, a name that is not in the file is a context.
 * Nothing said: the one cluster of the file, or the current context when the file has none. Throws a UsageError that lists the clusters.
 */
export function resolveCluster(config: Config, wanted: Wanted): Target {
  const { cluster, kubeconfig, context } = wanted;
  const direct = (kubeconfig ?? context) !== undefined;
  if (cluster === undefined && !direct && config.clusters.length > 1) {
    throw new UsageError(`which cluster? ${config.file} has ${listed(config)}`);
  }
  const alone = cluster === undefined && !direct ? config.clusters[0] : undefined;
  const named = alone ?? config.clusters.find(({ name }) => name === cluster);
  if (named === undefined && cluster !== undefined && config.clusters.length > 0 && kubeconfig === undefined) {
    throw unknownCluster(cluster, config);
  }
  const name = named?.name ?? cluster ?? context ?? CURRENT;
  return { settings: config.defaults, ...named, name, access: accessOf(named, wanted) };
}
