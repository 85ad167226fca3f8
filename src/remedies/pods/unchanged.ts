import { z } from 'zod';
import { sha512Hex } from '../../base/sha512.ts';
import { parseCorefile } from '../../formats/corefile/parser.ts';
import type { CallOptions, ClusterPort } from '../../cluster/port.ts';
import type { PodGates } from './gates.ts';

const Generation = z.object({ metadata: z.object({ generation: z.number() }) });
const ConfigMap = z.object({ data: z.record(z.string(), z.string()) });

/** The path of a workload of the group `apps`. */
export const workloadPath = ({ kind, namespace, name }: Pick<PodGates['workload'], 'kind' | 'namespace' | 'name'>): string =>
  `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${kind.toLowerCase()}s/${encodeURIComponent(name)}`;

const configMapPath = ({ namespace, configMap }: PodGates['corefile']): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${encodeURIComponent(configMap)}`;

/**
 * Whether the workload and the Corefile are still those that were planned on; null when they are, else what is not. A new pod reads both, so it
 * must not start from others than those that people saw. Rejects with a Failure.
 */
export async function changedSince(port: ClusterPort, { workload, corefile }: PodGates, options: CallOptions): Promise<string | null> {
  const [object, map] = await Promise.all([port.get(workloadPath(workload), {}, options), port.get(configMapPath(corefile), {}, options)]);
  const generation = Generation.safeParse(object).data?.metadata.generation;
  if (generation !== workload.generation) return `somebody has changed ${workload.kind} ${workload.name} since this was planned`;
  const text = ConfigMap.safeParse(map).data?.data[corefile.key];
  if (text === undefined) return `ConfigMap ${corefile.configMap} has no ${corefile.key} any more`;
  if (sha512Hex(text) !== corefile.sha512) return 'somebody has changed the Corefile since this was planned';
  const { error } = parseCorefile(text);
  return error === null ? null : `the Corefile does not parse (line ${error.line}: ${error.message}): a new pod would not start`;
}
