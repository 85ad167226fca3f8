import type { Corefile, CorednsLogs, CorednsPods } from '../domain/coredns.ts';
import { servingPods } from './coredns-view.ts';
import { logEntries, type LogEntry } from './log-view.ts';
import { isReloadComplaint } from '../rules/coredns-complaints.ts';

const later = (a: string | null, b: string | null): boolean => a !== null && b !== null && Date.parse(a) > Date.parse(b);

/** The pod runs the text that the ConfigMap has now, by its hash. */
export const runsPresentText = (corefile: Corefile | undefined, logs: CorednsLogs | undefined, pod: string): boolean =>
  corefile !== undefined &&
  corefile.sha512 !== null &&
  logs?.pods.some((log) => log.pod === pod && log.runningSha512 === corefile.sha512) === true;

/** Failed reloads that no good one followed. Only the containers that run now count. */
export function openReloadFailures(logs: CorednsLogs | undefined, corefile: Corefile | undefined, now: number): LogEntry[] {
  const entries = logEntries(logs).filter((entry) => !entry.previous);
  const success = (pod: string) => entries.find((entry) => entry.pod === pod && entry.class === 'running-hash')?.lastAt ?? null;
  return entries.filter((entry) => {
    const mended = entry.fields['afterReload'] === 'false' || later(success(entry.pod), entry.lastAt);
    return !mended && !runsPresentText(corefile, logs, entry.pod) && isReloadComplaint(entry, corefile, now);
  });
}

/** Whether the Corefile was edited after a serving pod had started, so that what it says need not be what runs. */
export function isNewerThanAPod(corefile: Corefile, pods: CorednsPods, now: number): boolean {
  const edited = corefile.changedAt;
  return edited !== null && servingPods(pods, now).some(({ pod }) => later(edited, pod.container.startedAt));
}
