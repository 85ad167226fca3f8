import type { CorednsLogs, LogClass } from '../domain/coredns.ts';
import { happenedWithin } from '../rules/recent.ts';

/** A class of log lines of one pod, and where it stands in the reading. */
export interface LogEntry extends LogClass {
  pod: string;
  pointer: string;
  /** It is from the container before the last restart. */
  previous: boolean;
}

/** All classes of all pods' logs, those of the containers before included. */
export function logEntries(logs: CorednsLogs | undefined): LogEntry[] {
  return (logs?.pods ?? []).flatMap(({ pod, classes, previous }, index) => [
    ...previous.map((entry, i) => ({ ...entry, pod, previous: true, pointer: `/pods/${index}/previous/${i}` })),
    ...classes.map((entry, i) => ({ ...entry, pod, previous: false, pointer: `/pods/${index}/classes/${i}` })),
  ]);
}

/** The classes of one pod's log; what it said before its last restart comes first. */
export const logOf = (logs: CorednsLogs | undefined, pod: string): LogEntry[] => logEntries(logs).filter((entry) => entry.pod === pod);

/** What running containers have logged of these classes within so many minutes before the run, and no good reload has followed. */
export const lately = (logs: CorednsLogs | undefined, classes: readonly string[], minutes: number, now: number): LogEntry[] =>
  logEntries(logs).filter(
    (entry) =>
      !entry.previous &&
      classes.includes(entry.class) &&
      entry.fields['afterReload'] !== 'false' &&
      happenedWithin(minutes, entry.lastAt, now),
  );

/** Classes that say that an upstream was not reached. */
export const upstreamTrouble = [
  'upstream-timeout',
  'upstream-refused',
  'upstream-unreachable',
  'no-healthy-proxies',
  'write-denied',
] as const;

export const countOf = (entries: readonly LogEntry[]): number => entries.reduce((sum, entry) => sum + entry.count, 0);

/** A field's values over entries, each once. */
export const fieldsOf = (entries: readonly LogEntry[], field: string): string[] => [
  ...new Set(entries.flatMap((entry) => entry.fields[field] ?? [])),
];

export const logProof = (entries: readonly LogEntry[], max = 3): { reading: string; pointer: string }[] =>
  entries.slice(0, max).map(({ pointer }) => ({ reading: 'coredns-logs', pointer }));
