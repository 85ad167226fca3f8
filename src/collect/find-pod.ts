import { Failure } from '../base/failure.ts';
import type { ClusterPort, Json } from '../cluster/port.ts';
import { closest } from '../rules/names.ts';
import { arr, obj, str, strMap } from './pick.ts';

/** A pod as it was found, and the workload it was found through, when the name was a workload's. */
export interface FoundPod {
  pod: Json;
  workload: string | null;
}

const kinds = [
  { kind: 'Deployment', path: 'apps/v1', plural: 'deployments' },
  { kind: 'StatefulSet', path: 'apps/v1', plural: 'statefulsets' },
  { kind: 'DaemonSet', path: 'apps/v1', plural: 'daemonsets' },
  { kind: 'ReplicaSet', path: 'apps/v1', plural: 'replicasets' },
  { kind: 'Job', path: 'batch/v1', plural: 'jobs' },
] as const;

const orNull = (error: unknown): null => {
  if (error instanceof Failure && (error.reason === 'missing' || error.reason === 'forbidden')) return null;
  throw error;
};

/** `a=b,c in (d,e)` of a LabelSelector, as list calls want it. */
function selectorText(selector: unknown): string {
  const labels = Object.entries(strMap(selector, 'matchLabels')).map(([key, value]) => `${key}=${value}`);
  const expressions = arr(selector, 'matchExpressions').map((expression) => {
    const [key, operator] = [str(expression, 'key') ?? '', str(expression, 'operator')];
    const values = arr(expression, 'values').join(',');
    return operator === 'Exists'
      ? key
      : operator === 'DoesNotExist'
        ? `!${key}`
        : `${key} ${operator === 'In' ? 'in' : 'notin'} (${values})`;
  });
  return [...labels, ...expressions].join(',');
}

const isRunning = (pod: Json): boolean => str(pod, 'status.phase') === 'Running' && str(pod, 'metadata.deletionTimestamp') === null;

/** The pod to look at among a workload's: one that runs, on the wished node when there is one, the first by name. */
function choose(pods: readonly Json[], node: string | null): Json | undefined {
  const byName = [...pods].toSorted((a, b) => (str(a, 'metadata.name') ?? '').localeCompare(str(b, 'metadata.name') ?? ''));
  const rank = (pod: Json) => Number(isRunning(pod)) * 2 + Number(node !== null && str(pod, 'spec.nodeName') === node);
  return byName.toSorted((a, b) => rank(b) - rank(a))[0];
}

async function throughWorkload(
  port: ClusterPort,
  namespace: string,
  name: string,
  node: string | null,
  signal: AbortSignal,
): Promise<FoundPod | null> {
  const tries = kinds.map(async ({ kind, path, plural }) => {
    const object = await port.get(`/apis/${path}/namespaces/${namespace}/${plural}/${name}`, {}, { signal }).catch(orNull);
    return object === null ? null : { kind, selector: selectorText(obj(object, 'spec.selector')) };
  });
  const workload = (await Promise.all(tries)).find((found) => found !== null);
  if (workload === undefined) return null;
  const label = `${workload.kind} ${namespace}/${name}`;
  if (workload.selector === '') throw new Failure('missing', `${label} has no selector to find its pods by`);
  const { items } = await port.list(`/api/v1/namespaces/${namespace}/pods`, { labelSelector: workload.selector, limit: 50, signal });
  const pod = choose(items, node);
  if (pod === undefined) throw new Failure('missing', `${label} has no pods`);
  return { pod, workload: `${workload.kind}/${name}` };
}

async function notFound(port: ClusterPort, namespace: string, name: string, signal: AbortSignal): Promise<Failure> {
  const listed = await port.list(`/api/v1/namespaces/${namespace}/pods`, { limit: 250, signal }).catch(orNull);
  const names = (listed?.items ?? []).map((pod) => str(pod, 'metadata.name') ?? '');
  const near = closest(name, names);
  const hint =
    near.length > 0 ? `did you mean ${near.join(', ')}?` : names.length === 0 ? `namespace ${namespace} has no pods, or is not there` : '';
  return new Failure('missing', `no pod or workload ${namespace}/${name}${hint === '' ? '' : `: ${hint}`}`);
}

/** Finds a pod by its own name, or by the name of its Deployment, StatefulSet, DaemonSet, ReplicaSet or Job. Rejects `missing` with a hint. */
export async function findPod(port: ClusterPort, target: string, node: string | null, signal: AbortSignal): Promise<FoundPod> {
  const [namespace = '', name = ''] = target.split('/');
  const pod = await port.get(`/api/v1/namespaces/${namespace}/pods/${name}`, {}, { signal }).catch((error: unknown) => {
    if (error instanceof Failure && error.reason === 'missing') return null;
    throw error;
  });
  if (pod !== null) return { pod, workload: null };
  const found = await throughWorkload(port, namespace, name, node, signal);
  if (found === null) throw await notFound(port, namespace, name, signal);
  return found;
}
