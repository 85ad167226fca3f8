import type { z } from 'zod';
import type { ContainerState, SystemPod, Termination } from '../domain/coredns.ts';
import { arr, bool, num, obj, str, strMap } from './pick.ts';

const longest = 500;
const kept = ['fargate.amazonaws.com/', 'vpc.amazonaws.com/'];

/**
 * A pod of CoreDNS or kube-proxy from the API server's JSON; its state is that of the container of the given name, else of the first. Texts are
 * cut to 500 characters; what is missing is empty or null, also the name.
 */
export function systemPod(json: unknown, container: 'coredns' | 'kube-proxy'): SystemPod {
  const scheduled = conditionOf(json, 'PodScheduled');
  return {
    namespace: str(json, 'metadata.namespace') ?? '',
    name: str(json, 'metadata.name') ?? '',
    node: str(json, 'spec.nodeName'),
    ip: str(json, 'status.podIP'),
    phase: str(json, 'status.phase') ?? 'Unknown',
    ready: str(conditionOf(json, 'Ready'), 'status') === 'True',
    terminating: str(json, 'metadata.deletionTimestamp') !== null,
    createdAt: str(json, 'metadata.creationTimestamp') ?? '',
    labels: strMap(json, 'metadata.labels'),
    annotations: annotationsOf(json),
    unschedulable: str(scheduled, 'status') === 'False' ? cut(str(scheduled, 'message') ?? str(scheduled, 'reason') ?? '') : null,
    container: containerStateOf(json, container),
    hostNetwork: bool(json, 'spec.hostNetwork') ?? false,
  };
}

/** The container of the given name in a pod's spec, else the first; empty when there is none. */
export function mainContainer(podSpec: unknown, name: string): Record<string, unknown> {
  const containers = arr(podSpec, 'containers');
  return obj(containers.find((container) => str(container, 'name') === name) ?? containers[0]);
}

function containerStateOf(json: unknown, name: string): z.infer<typeof ContainerState> {
  const container = mainContainer(obj(json, 'spec'), name);
  const status = obj(arr(json, 'status.containerStatuses').find((one) => str(one, 'name') === str(container, 'name')));
  const state = stateOf(status);
  const detail = obj(status, ['state', state]);
  const last = obj(status, 'lastState.terminated');
  return {
    state,
    reason: str(detail, 'reason'),
    message: cutOrNull(str(detail, 'message')),
    ready: bool(status, 'ready') ?? false,
    restarts: num(status, 'restartCount') ?? 0,
    startedAt: str(detail, 'startedAt'),
    image: str(container, 'image') ?? str(status, 'image') ?? '',
    last: Object.keys(last).length === 0 ? null : terminationOf(last),
  };
}

function stateOf(status: unknown): 'running' | 'waiting' | 'terminated' | 'unknown' {
  const state = obj(status, 'state');
  return (['running', 'waiting', 'terminated'] as const).find((name) => Object.hasOwn(state, name)) ?? 'unknown';
}

function terminationOf(json: unknown): z.infer<typeof Termination> {
  return {
    reason: str(json, 'reason') ?? '',
    exitCode: num(json, 'exitCode') ?? -1,
    startedAt: str(json, 'startedAt'),
    finishedAt: str(json, 'finishedAt'),
    message: cut(str(json, 'message') ?? ''),
  };
}

function conditionOf(json: unknown, type: string): unknown {
  return arr(json, 'status.conditions').find((condition) => str(condition, 'type') === type);
}

/** Only those that say in which security group a pod is; others may hold anything. */
function annotationsOf(json: unknown): Record<string, string> {
  const all = Object.entries(strMap(json, 'metadata.annotations'));
  return Object.fromEntries(all.filter(([key]) => kept.some((prefix) => key.startsWith(prefix))));
}

function cut(text: string): string {
  return text.slice(0, longest);
}

function cutOrNull(text: string | null): string | null {
  return text === null ? null : cut(text);
}
