import type { Corefile, CorednsLogs, SystemPod } from '../../domain/coredns.ts';
import { isReloadComplaint, watchFailures, watchMinutes, watchStillFails } from '../../rules/coredns-complaints.ts';
import { happenedWithin } from '../../rules/recent.ts';

/** A pod takes an edit over within so many minutes where it has `reload`: the kubelet's sync and the plugin's tick. */
const reloadMinutes = 3;

const logOf = (logs: CorednsLogs | undefined, pod: string) => logs?.pods.find((log) => log.pod === pod);

/** All directives of a name. */
const directives = ({ servers }: Corefile, name: string) =>
  servers.flatMap((server) => server.directives.filter((directive) => directive.name === name));

export const hasReload = (corefile: Corefile): boolean => directives(corefile, 'reload').length > 0;

/** The argument of `lameduck`; null where it is not there. */
export const lameduckOf = (corefile: Corefile): string | null =>
  directives(corefile, 'health')
    .flatMap(({ options }) => options)
    .find(({ name }) => name === 'lameduck')?.args[0] ?? null;

/** The words of a failed reload that no good one has followed: CoreDNS did not take this Corefile, so a new pod would not start with it. */
export function failedReload(logs: CorednsLogs | undefined, corefile: Corefile, now: number): string | null {
  const behind = (logs?.pods ?? []).filter((log) => corefile.sha512 === null || log.runningSha512 !== corefile.sha512);
  const entry = behind
    .flatMap(({ classes }) => classes)
    .find((one) => one.fields['afterReload'] !== 'false' && isReloadComplaint(one, corefile, now));
  return entry === undefined ? null : (entry.fields['message'] ?? entry.sample).slice(0, 200);
}

/** Pods that run another text than the ConfigMap has, and will not take it over by themselves. */
export function outdatedPods(pods: readonly SystemPod[], corefile: Corefile, logs: CorednsLogs | undefined, now: number): string[] {
  const { sha512, changedAt } = corefile;
  // an edit that is on its way is taken over by itself
  if (hasReload(corefile) && happenedWithin(reloadMinutes, changedAt, now)) return [];
  const isBehind = ({ name, container }: SystemPod): boolean => {
    const running = logOf(logs, name)?.runningSha512 ?? null;
    if (running !== null && sha512 !== null) return running !== sha512;
    const isOlder = changedAt !== null && container.startedAt !== null && Date.parse(changedAt) > Date.parse(container.startedAt);
    return isOlder && !hasReload(corefile);
  };
  return pods.filter(isBehind).map(({ name }) => name);
}

/** Ready pods whose watches of the API server have failed for minutes: what they answer is old. */
export function stalePods(pods: readonly SystemPod[], logs: CorednsLogs | undefined, now: number): string[] {
  const count = (pod: string): number =>
    (logOf(logs, pod)?.classes ?? [])
      .filter(
        (entry) =>
          watchFailures.includes(entry.class) && entry.fields['afterReload'] !== 'false' && happenedWithin(watchMinutes, entry.lastAt, now),
      )
      .reduce((sum, entry) => sum + entry.count, 0);
  return pods.filter(({ name, ready }) => ready && count(name) >= watchStillFails).map(({ name }) => name);
}
