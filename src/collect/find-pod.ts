import { Failure } from '../base/failure.ts';
import type { ClusterPort, Json } from '../cluster/port.ts';
import { closest } from '../rules/names.ts';
import { outcome } from './bounded.ts';
import { arr, obj, str, strMap } from './pick.ts';
import { workloadsOf } from './pod-workloads.ts';

/** A pod as it was found, and the workload it was found through, when the name was a workload's. */
export interface FoundPod {
  pod: Json;
  workload: string | null;
}

/** Where a pod is looked for. */
interface Search {
  port: ClusterPort;
  namespace: string;
  name: string;
  /** The wished node, when there is one. */
  node: string | null;
  signal: AbortSignal;
}

const kinds = [
  { kind: 'Deployment', path: 'apps/v1', plural: 'deployments' },
  { kind: 'StatefulSet', path: 'apps/v1', plural: 'statefulsets' },
  { kind: 'DaemonSet', path: 'apps/v1', plural: 'daemonsets' },
  { kind: 'ReplicaSet', path: 'apps/v1', plural: 'replicasets' },
  { kind: 'Job', path: 'batch/v1', plural: 'jobs' },
] as const;

/** `a=b,c in (d,e)` of a LabelSelector, as list calls want it. */
function selectorText(selector: unknown): string {
  const labels = Object.entries(strMap(selector, 'matchLabels')).map(([key, value]) => `${key}=${value}`);
  const expressions = arr(selector, 'matchExpressions').map((expression) => {
    const [key, operator] = [str(expression, 'key') ?? '', str(expression, 'operator')];
    const values = arr(expression, 'values').join(',');
    if (operator === 'Exists' || operator === 'DoesNotExist') return operator === 'Exists' ? key : `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values})`;
  });
  return [...labels, ...expressions].join(',');
}

const isRunning = (pod: Json): boolean => str(pod, 'status.phase') === 'Running' && str(pod, 'metadata.deletionTimestamp') === null;

/** The pod to look at among a workload's: one that runs, on the wished node when there is one, the first by name. */
function choose(pods: readonly Json[], node: string | null): Json | undefined {
  const byName = pods.toSorted((a, b) => (str(a, 'metadata.name') ?? '').localeCompare(str(b, 'metadata.name') ?? ''));
  const rank = (pod: Json) => Number(isRunning(pod)) * 2 + Number(node !== null && str(pod, 'spec.nodeName') === node);
  return byName.toSorted((a, b) => rank(b) - rank(a))[0];
}

const podsPath = ({ namespace }: Search): string => `/api/v1/namespaces/${namespace}/pods`;

/** Answers of which one may be missing or forbidden; anything else rejects. `refused`: the first that was forbidden. */
async function orRefused(request: Promise<Json>, refused: Failure[]): Promise<Json | null> {
  const found = await outcome(request);
  if ('value' in found) return found.value;
  if (found.failure.reason === 'forbidden') refused.push(found.failure);
  else if (found.failure.reason !== 'missing') throw found.failure;
  return null;
}

/** By the workload of that name, which says how its pods are labelled. */
async function throughWorkload(search: Search, refused: Failure[]): Promise<FoundPod | null> {
  const { port, namespace, name, node, signal } = search;
  const tries = kinds.map(async ({ kind, path, plural }) => {
    const object = await orRefused(port.get(`/apis/${path}/namespaces/${namespace}/${plural}/${name}`, {}, { signal }), refused);
    return object === null ? null : { kind, selector: selectorText(obj(object, 'spec.selector')) };
  });
  const workload = (await Promise.all(tries)).find((found) => found !== null);
  if (workload === undefined) return null;
  const label = `${workload.kind} ${namespace}/${name}`;
  if (workload.selector === '') throw new Failure('missing', `${label} has no selector to find its pods by`);
  const { items } = await port.list(podsPath(search), { labelSelector: workload.selector, limit: 50, signal });
  const pod = choose(items, node);
  if (pod === undefined) throw new Failure('missing', `${label} has no pods`);
  return { pod, workload: `${workload.kind}/${name}` };
}

/** By what pods say of their owners: for kinds of workloads that are not known here, or may not be read. */
function throughOwners({ name, node }: Search, pods: readonly Json[]): FoundPod | null {
  const own = pods.filter((pod) => str(pod, 'metadata.name') === name);
  if (own[0] !== undefined) return { pod: own[0], workload: null };
  const owned = pods.flatMap((pod) => workloadsOf(pod).flatMap((workload) => (workload.name === name ? [{ pod, workload }] : [])));
  const pod = choose(
    owned.map((one) => one.pod),
    node,
  );
  const workload = owned.find((one) => one.pod === pod)?.workload;
  return pod === undefined || workload === undefined ? null : { pod, workload: `${workload.kind}/${workload.name}` };
}

function notFound({ namespace, name }: Search, pods: readonly Json[] | null): Failure {
  const names = (pods ?? []).flatMap((pod) => [...workloadsOf(pod).map((workload) => workload.name), str(pod, 'metadata.name') ?? '']);
  const near = closest(name, names);
  const nothing = pods !== null && pods.length === 0 ? `namespace ${namespace} has no pods, or is not there` : '';
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : nothing;
  return new Failure('missing', `no pod or workload ${namespace}/${name}${hint === '' ? '' : `: ${hint}`}`);
}

/**
 * Finds a pod by its own name, or by the name of its workload. Rejects `missing` with a hint; `forbidden` where what may not be read could have
 * been it.
 */
export async function findPod(port: ClusterPort, target: string, node: string | null, signal: AbortSignal): Promise<FoundPod> {
  const [namespace = '', name = ''] = target.split('/');
  const search = { port, namespace, name, node, signal };
  const refused: Failure[] = [];
  const pod = await orRefused(port.get(`${podsPath(search)}/${name}`, {}, { signal }), refused);
  if (pod !== null) return { pod, workload: null };
  const found = await throughWorkload(search, refused);
  if (found !== null) return found;
  const listed = await outcome(port.list(podsPath(search), { limit: 250, signal }));
  const pods = 'value' in listed ? listed.value.items : null;
  const owned = throughOwners(search, pods ?? []);
  if (owned !== null) return owned;
  throw refused[0] ?? notFound(search, pods);
}
