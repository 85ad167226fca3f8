import { UsageError } from '../../base/failure.ts';
import type { Config, Target } from '../../config/load.ts';
import type { Policy } from '../../domain/access.ts';

/** The clusters that a process serves: those that are wanted, or all. Throws a UsageError for a name that the configuration does not have, and where there is none. */
export function servedClusters({ clusters, file }: Config, wanted: readonly string[] | null): readonly Target[] {
  if (clusters.length === 0)
    throw new UsageError(`there are no clusters: name them in ${file ?? 'dns-medic.yaml'} (docs/configuration.md)`);
  const unknown = (wanted ?? []).filter((name) => !clusters.some((cluster) => cluster.name === name));
  const known = clusters.map(({ name }) => name).join(', ');
  if (unknown.length > 0) throw new UsageError(`WORKER_CLUSTERS: ${unknown.join(', ')}: no such cluster in ${file} (known: ${known})`);
  return wanted === null ? clusters : clusters.filter(({ name }) => wanted.includes(name));
}

/** The policy, which bot and worker both judge by. Throws a UsageError where there is none. */
export function policyOf({ policy, file }: Config): Policy {
  if (policy !== null) return policy;
  throw new UsageError(`${file ?? 'dns-medic.yaml'}: policy: not set: without it nobody may do anything (docs/configuration.md)`);
}
