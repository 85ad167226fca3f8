import { Failure } from '../base/failure.ts';
import type { Json } from './port.ts';
import type { OurPods } from './probe-manifest.ts';
import { oneLine } from './redact.ts';

/** Where a container of a pod stands: running, on its way (and what it waits for), or never to run. */
export type ContainerProgress =
  { state: 'running' } | { state: 'waiting'; for: string; seenByKubelet: boolean } | { state: 'failed'; failure: Failure };

const PULL_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
]);
const START_REASONS = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'CrashLoopBackOff',
  'PostStartHookError',
]);

/** The progress of a pod of ours with one container. */
export function podProgress(pod: Json, kind: OurPods['kind'] = 'probe'): ContainerProgress {
  const status: Json = pod['status'] ?? {};
  if (pod['metadata']?.['deletionTimestamp'] !== undefined) return failed('error', `the ${kind} pod was deleted by someone else`);
  if (status['phase'] === 'Failed') return failed('error', `the ${kind} pod failed on its node: ${words(status)}`);
  if (status['phase'] === 'Succeeded') return failed('error', `the ${kind} pod ended at once: is there a shell in the probe image?`);
  const unschedulable = condition(pod, 'PodScheduled');
  if (unschedulable?.['status'] === 'False') return failed('error', `the ${kind} pod cannot be scheduled: ${words(unschedulable)}`);
  return containerProgress(first(status['containerStatuses']), imageOf(pod));
}

/** The progress of an ephemeral container that was added to a pod. */
export function ephemeralProgress(pod: Json, name: string, image: string): ContainerProgress {
  const statuses: unknown = pod['status']?.['ephemeralContainerStatuses'];
  return containerProgress(Array.isArray(statuses) ? (statuses as Json[]).find((one) => one?.['name'] === name) : undefined, image);
}

function containerProgress(container: Json | undefined, image: string): ContainerProgress {
  const state: Json = container?.['state'] ?? {};
  if (state['running']) return { state: 'running' };
  if (state['terminated']) return failed('error', `the probe container ended at once: ${words(state['terminated'])}`);
  const waiting: Json = state['waiting'] ?? {};
  const reason = String(waiting['reason'] ?? '');
  if (PULL_REASONS.has(reason)) return failed('error', `the probe image ${image} cannot be pulled (${words(waiting)})`);
  if (START_REASONS.has(reason)) return failed('error', `the probe container cannot be started (${words(waiting)})`);
  return { state: 'waiting', for: reason === '' ? 'the kubelet' : words(waiting), seenByKubelet: container !== undefined };
}

/** Why a node will not start a pod: it is not there (null), or its kubelet does not report. null: the node is fine. */
export function nodeTrouble(name: string, node: Json | null): Failure | null {
  if (node === null) return new Failure('missing', `there is no node ${name}`);
  const ready = condition(node, 'Ready');
  if (ready?.['status'] === 'True') return null;
  const since = typeof ready?.['lastTransitionTime'] === 'string' ? ` since ${oneLine(ready['lastTransitionTime'], 40)}` : '';
  return new Failure('error', `node ${name} is NotReady${since}, so no probe pod starts there: ${words(ready ?? {})}`);
}

/** The newest warning among a pod's events: what the kubelet says of the network plugin, the image or its mounts. */
export function lastWarning(events: readonly Json[]): string | null {
  const warnings = events.filter((event) => event['type'] === 'Warning');
  const time = (event: Json) => String(event['lastTimestamp'] ?? event['eventTime'] ?? '');
  const newest = warnings.toSorted((a, b) => (time(a) < time(b) ? 1 : -1))[0];
  return newest === undefined ? null : words(newest);
}

function condition(object: Json, type: string): Json | undefined {
  const all: unknown = object['status']?.['conditions'];
  return Array.isArray(all) ? (all as Json[]).find((one) => one?.['type'] === type) : undefined;
}

function words(said: Json): string {
  const parts = [said['reason'], said['message']].filter((part): part is string => typeof part === 'string' && part !== '');
  return parts.length === 0 ? 'no reason given' : oneLine(parts.join(': '));
}

function imageOf(pod: Json): string {
  return oneLine(String(first(pod['spec']?.['containers'])?.['image'] ?? ''), 200);
}

function first(list: unknown): Json | undefined {
  return Array.isArray(list) ? ((list as Json[])[0] ?? undefined) : undefined;
}

function failed(reason: Failure['reason'], message: string): ContainerProgress {
  return { state: 'failed', failure: new Failure(reason, message) };
}
