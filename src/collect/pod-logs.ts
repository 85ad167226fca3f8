import { Failure } from '../base/failure.ts';
import type { SystemPod } from '../domain/coredns.ts';
import type { TextResult } from '../cluster/port.ts';
import { bounded, outcome } from './bounded.ts';
import type { CollectContext } from './collector.ts';

/** The logs of one pod: of its container as it is now, and of the one before its last restart (null when there was none or it is gone). */
export interface PodLogs {
  pod: SystemPod;
  current: TextResult | { failure: Failure };
  previous: string | null;
}

export interface LogWish {
  /** The container's usual name, asked for when the pod has several. */
  container: string;
  tailLines: number;
  previousLines: number;
  maxBytes: number;
}

const atOnce = 6;
const timeoutMs = 10_000;
/** The API server's words when a pod has several containers and none was named. */
const mustName = /container name must be specified|choose one of/;

/** Reads the logs of these pods, several at a time. What cannot be read stands in `current.failure`; nothing rejects. */
export async function readPodLogs(context: CollectContext, pods: readonly SystemPod[], wish: LogWish): Promise<PodLogs[]> {
  const outcomes = await bounded(pods, atOnce, (pod) => readPod(context, pod, wish));
  return outcomes.flatMap((one) => ('value' in one ? [one.value] : []));
}

/** Throws the reason when not one log could be read and that is for want of a right. */
export function throwIfForbidden(logs: readonly PodLogs[]): void {
  const failures = logs.flatMap(({ current }) => ('failure' in current ? [current.failure] : []));
  const forbidden = failures.find((failure) => failure.reason === 'forbidden');
  if (forbidden !== undefined && failures.length === logs.length) throw forbidden;
}

/** Orders pods by how much their logs tell: restarted and unready ones first, each group as it came. */
export function troubledFirst(pods: readonly SystemPod[]): SystemPod[] {
  return pods.toSorted((a, b) => Number(isTroubled(b)) - Number(isTroubled(a)));
}

export function isTroubled(pod: SystemPod): boolean {
  return !pod.ready || pod.container.restarts > 0;
}

async function readPod(context: CollectContext, pod: SystemPod, wish: LogWish): Promise<PodLogs> {
  const started = pod.container.state !== 'waiting' || pod.container.last !== null || pod.container.restarts > 0;
  if (!started)
    return { pod, current: { failure: new Failure('missing', `not started: ${pod.container.reason ?? pod.phase}`) }, previous: null };
  const before = hasPrevious(pod) ? outcome(read(context, pod, wish, true)) : null;
  const now = await outcome(read(context, pod, wish, false));
  const previous = await before;
  return {
    pod,
    current: 'value' in now ? now.value : now,
    previous: previous !== null && 'value' in previous ? previous.value.text : null,
  };
}

function hasPrevious({ container }: SystemPod): boolean {
  return container.restarts > 0 || container.reason === 'CrashLoopBackOff';
}

async function read({ port, signal }: CollectContext, pod: SystemPod, wish: LogWish, previous: boolean): Promise<TextResult> {
  const tailLines = previous ? wish.previousLines : wish.tailLines;
  const options = {
    namespace: pod.namespace,
    pod: pod.name,
    tailLines,
    previous,
    timestamps: true,
    maxBytes: wish.maxBytes,
    timeoutMs,
    signal,
  };
  const first = await outcome(port.logs(options));
  if ('value' in first) return first.value;
  if (!mustName.test(first.failure.message)) throw first.failure;
  return port.logs({ ...options, container: wish.container });
}
