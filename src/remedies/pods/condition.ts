import type { Evidence } from '../../domain/evidence.ts';
import { answeringPods, silentPods } from './from-lookups.ts';
import { hasReload, outdatedPods, stalePods } from './from-logs.ts';
import type { LivePod } from './live-pod.ts';
import type { PodFacts } from './plan-facts.ts';

/** What is the matter with the CoreDNS pods: names. */
export interface Condition {
  unready: string[];
  /** Ready, and answer nothing over UDP or over TCP at their own address. */
  silent: string[];
  /** Run another Corefile than the ConfigMap has, and will not take it over. */
  outdated: string[];
  /** Ready, and cannot read the API server. */
  stale: string[];
  /** Answered all lookups of their own zone. */
  answering: string[];
}

/** What is the matter with the pods, as the check's readings show it. `now`: milliseconds since 1970. */
export function conditionOf({ pods, corefile }: Pick<PodFacts, 'pods' | 'corefile'>, evidence: Evidence, now: number): Condition {
  const read = <K extends 'coredns-pods' | 'coredns-logs' | 'lookups'>(id: K) => {
    const reading = evidence[id];
    return reading?.status === 'ok' ? reading.data : undefined;
  };
  const names = pods.map(({ name }) => name);
  const seen = (read('coredns-pods')?.items ?? []).filter(({ name }) => names.includes(name));
  const lookups = read('lookups');
  const silent = lookups === undefined ? new Set<string>() : silentPods(lookups);
  const answering = lookups === undefined ? new Set<string>() : answeringPods(lookups);
  return {
    unready: pods.filter(({ ready }) => !ready).map(({ name }) => name),
    silent: pods.filter(({ name, ready }) => ready && silent.has(name)).map(({ name }) => name),
    outdated: outdatedPods(seen, corefile, read('coredns-logs'), now),
    stale: stalePods(seen, read('coredns-logs'), now),
    answering: names.filter((name) => answering.has(name)),
  };
}

const are = (names: readonly string[]): string => `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'}`;

/** What a new pod in their place would mend, a sentence each. */
export function mended({ unready, silent, outdated, stale }: Condition, { corefile }: Pick<PodFacts, 'corefile'>): string[] {
  const because = hasReload(corefile) ? 'the reload plugin has not taken the edit over' : 'there is no reload plugin';
  return [
    ...(outdated.length === 0
      ? []
      : [`${outdated.join(', ')} ${outdated.length === 1 ? 'runs' : 'run'} another Corefile than the ConfigMap has, and ${because}`]),
    ...(stale.length === 0
      ? []
      : [`${are(stale)} ready but cannot read the API server: a new pod connects anew, which helps once the way there is free`]),
    ...(silent.length === 0
      ? []
      : [`${are(silent)} ready but does not answer as the others do`.replace(/ are ready but does/, ' are ready but do')]),
    ...(unready.length === 0
      ? []
      : [`${are(unready)} not ready: a new pod helps where the fault is in the pod, not in what it is made from`]),
  ];
}

/**
 * The order to replace pods in: those that do not serve, then those that serve badly, then the rest; neighbours on different nodes, so that what is
 * on one node is never all new at once.
 */
export function inOrder(pods: readonly LivePod[], { silent, outdated, stale }: Condition): LivePod[] {
  const weight = ({ name, ready }: LivePod): number => {
    if (!ready) return 0;
    if (silent.includes(name)) return 1;
    return stale.includes(name) ? 2 : outdated.includes(name) ? 3 : 4;
  };
  const turn = new Map<string, number>();
  const turnOf = new Map(
    [...pods]
      .toSorted((a, b) => weight(a) - weight(b) || a.name.localeCompare(b.name))
      .map((pod) => {
        const own = turn.get(pod.node ?? '') ?? 0;
        turn.set(pod.node ?? '', own + 1);
        return [pod.uid, own];
      }),
  );
  const rank = ({ uid }: LivePod): number => turnOf.get(uid) ?? 0;
  return pods.toSorted((a, b) => weight(a) - weight(b) || rank(a) - rank(b) || a.name.localeCompare(b.name));
}
