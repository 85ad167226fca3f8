import type { Corefile, CorednsLogs, CorednsPods, CorednsWorkload, Events, SystemPod } from '../domain/coredns.ts';
import { logOf } from './log-view.ts';
import { happenedWithin } from '../rules/recent.ts';

/** Why a CoreDNS pod crashes; the first that fits, so that one crash has one reason. */
export type CrashKind = 'oom' | 'loop' | 'corefile' | 'liveness' | 'other';

/** What the reason is read from; only the pods are always there. */
export interface CrashFacts {
  'coredns-pods': CorednsPods;
  'coredns-logs'?: CorednsLogs;
  'coredns-events'?: Events;
  'coredns-workload'?: CorednsWorkload;
  corefile?: Corefile;
}

const failedStarts = ['CrashLoopBackOff', 'RunContainerError', 'StartError'];
const mebibyte = 1_048_576;

/**
 * Whether a pod's container ends again and again. Between two crashes it runs and may even be ready for seconds; one that has held for a
 * minute has got over it.
 */
export function isCrashing({ container, ready }: SystemPod, now: number): boolean {
  if (container.state === 'waiting') return failedStarts.includes(container.reason ?? '');
  if (container.state === 'terminated') return true;
  const justStarted = happenedWithin(0.75, container.startedAt, now);
  return container.restarts >= 2 && happenedWithin(10, container.last?.finishedAt, now) && (!ready || justStarted);
}

/** The crashing pods with the given reason. */
export function crashedBy(kind: CrashKind, facts: CrashFacts, now: number): { pod: SystemPod; index: number }[] {
  return facts['coredns-pods'].items
    .map((pod, index) => ({ pod, index }))
    .filter(({ pod }) => !pod.terminating && pod.phase !== 'Failed' && pod.phase !== 'Succeeded')
    .filter(({ pod }) => isCrashing(pod, now) && crashKind(pod, facts) === kind);
}

/** Why this pod crashes. A memory limit too small for a start shows as a kill (137) or as a container that could not be set up at all. */
export function crashKind(pod: SystemPod, facts: CrashFacts): CrashKind {
  if (wasOutOfMemory(pod) || isStarved(pod, facts)) return 'oom';
  if (isSaid(pod, facts, 'loop') || (pod.container.last?.message ?? '').includes('plugin/loop: Loop')) return 'loop';
  if (corefileFailure(pod, facts) !== null) return 'corefile';
  return wasFailedByLiveness(pod, facts['coredns-events']) ? 'liveness' : 'other';
}

/** runc says "container init was OOM-killed (memory limit too low?)" when not even the start fits the limit; the kubelet's reason is then StartError. */
export function wasOutOfMemory({ container }: SystemPod): boolean {
  const said = [container.reason, container.message, container.last?.reason, container.last?.message];
  return said.some((text) => /oom-?killed/i.test(text ?? ''));
}

/** CoreDNS alone takes some 30 MiB: killed without a word under such a limit, it was killed for it. */
function isStarved({ container }: SystemPod, facts: CrashFacts): boolean {
  const limit = facts['coredns-workload']?.memoryLimitBytes ?? null;
  return container.last?.exitCode === 137 && limit !== null && limit < 32 * mebibyte;
}

/** Whether the kubelet ended the pod because /health did not answer. */
export const wasFailedByLiveness = ({ name }: SystemPod, events: Events | undefined): boolean =>
  (events?.items ?? []).some((event) => event.kind === 'Pod' && event.name === name && /liveness probe/i.test(event.message));

const isSaid = (pod: SystemPod, facts: CrashFacts, name: string): boolean =>
  logOf(facts['coredns-logs'], pod.name).some((entry) => entry.class === name);

/**
 * What CoreDNS does not accept about its Corefile: from its own last words, else, where its log is silent, from the Corefile itself. Lines of
 * plugins without a place in the file (`plugin/kubernetes: unable to load in-cluster configuration`) are no fault of the Corefile.
 */
export function corefileFailure(
  pod: SystemPod,
  facts: CrashFacts,
): { message: string; line: number | null; pointer: string; reading: 'coredns-logs' | 'corefile' } | null {
  const entries = logOf(facts['coredns-logs'], pod.name);
  const said = entries.find(
    (entry) =>
      entry.class === 'corefile-error' &&
      (entry.fields['line'] !== undefined || (entry.fields['message'] ?? '').startsWith('cannot serve ')),
  );
  if (said !== undefined) {
    const line = Number(said.fields['line'] ?? Number.NaN);
    return {
      message: said.fields['message'] ?? said.sample,
      line: Number.isNaN(line) ? null : line,
      pointer: said.pointer,
      reading: 'coredns-logs',
    };
  }
  const error = facts.corefile?.error ?? null;
  const silent = entries.every((entry) => entry.class === 'query' || entry.class === 'version');
  return error !== null && silent ? { message: error.message, line: error.line, pointer: '/error', reading: 'corefile' } : null;
}
