import type { LogClass } from '../domain/coredns.ts';
import type { Proof } from '../domain/finding.ts';
import type { KubeProxyLogs } from '../domain/kube-proxy.ts';
import type { Rbac } from '../domain/network.ts';
import { stillFails } from '../formats/kube-proxy-log.ts';

type ProxyLog = KubeProxyLogs['pods'][number];

/** A class of lines that holds now, and where it stands in the reading. */
export interface ProxyTrouble {
  log: ProxyLog;
  entry: LogClass;
  pointer: string;
}

/** Classes that say that the API server is not reached, or not trusted. */
export const unreachableClasses = ['api-timeout', 'api-refused', 'api-name', 'api-cert'] as const;
/** Classes that say that the API server refuses. */
const refusalClasses = ['api-forbidden', 'api-unauthorized'];

/** What the rules are made from. From 1.33 on it also watches ServiceCIDRs, which old ClusterRoles do not grant: it works without. */
const vital = ['services', 'endpointslices', 'endpoints'];

const seconds = (from: string | undefined, to: string | null): number => (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000;

/**
 * Whether the lines say more than that the API server was away for a moment, as it is when it is replaced: at least three, over a minute. A
 * kube-proxy that has not synced once since it started has nothing but what it waits for.
 */
function isLasting(entry: LogClass, log: ProxyLog): boolean {
  if (!log.truncated && !log.classes.some((one) => one.class === 'synced')) return true;
  const span = seconds(entry.fields['firstAt'], entry.lastAt);
  return Number(entry.fields['countSince'] ?? entry.count) >= 3 && (Number.isNaN(span) || span >= 60);
}

const endedWith = (entry: LogClass): boolean => entry.fields['afterSync'] === 'true';

function troublesOf(log: ProxyLog, place: number, classes: readonly string[], isCrashing: boolean): ProxyTrouble[] {
  const pick = (part: 'classes' | 'previous', holds: (entry: LogClass) => boolean) =>
    log[part].flatMap((entry, i) =>
      classes.includes(entry.class) && holds(entry) ? [{ log, entry, pointer: `/pods/${place}/${part}/${i}` }] : [],
    );
  if (!isCrashing) return pick('classes', (entry) => stillFails(entry) && isLasting(entry, log));
  return [...pick('classes', endedWith), ...pick('previous', endedWith)];
}

/** What kube-proxy pods say of these classes that still holds; of a pod that crashes, what it said at its end. */
export const proxyTroubles = (
  logs: KubeProxyLogs | undefined,
  classes: readonly string[],
  crashing: readonly string[] = [],
): ProxyTrouble[] => (logs?.pods ?? []).flatMap((log, place) => troublesOf(log, place, classes, crashing.includes(log.pod)));

/** Whether the user of a refusal is known to be allowed to read what the rules are made from; null when that was not found out. */
function mayRead(rbac: Rbac | undefined, user: string | undefined): boolean | null {
  const own = rbac?.subjects.find((one) => one.component === 'kube-proxy');
  if (own === undefined || (user !== undefined && user !== `system:serviceaccount:${own.namespace}:${own.serviceAccount}`)) return null;
  return !own.missing.some(({ resource }) => vital.includes(resource));
}

function isVital({ log, entry }: ProxyTrouble, allowed: boolean | null, crashing: readonly string[]): boolean {
  const resource = entry.fields['resource'];
  if (entry.class === 'api-unauthorized' || resource === undefined || allowed === false) return true;
  // its own Node is asked for once, at the start; from 1.34 on it does not start without
  if (resource === 'nodes') return allowed === null || crashing.includes(log.pod);
  // allowed again: the lines are older than the right
  return vital.includes(resource) && allowed === null;
}

/** The refusals that matter: not those of something that kube-proxy can do without. */
export const proxyRefusals = (logs: KubeProxyLogs | undefined, rbac: Rbac | undefined, crashing: readonly string[] = []): ProxyTrouble[] =>
  proxyTroubles(logs, refusalClasses, crashing).filter((one) => isVital(one, mayRead(rbac, one.entry.fields['user']), crashing));

export const troubledNodes = (troubles: readonly ProxyTrouble[]): string[] => [...new Set(troubles.flatMap(({ log }) => log.node ?? []))];

export const troubledPods = (troubles: readonly ProxyTrouble[]): string[] => [...new Set(troubles.map(({ log }) => log.pod))];

export const troubleProof = (troubles: readonly ProxyTrouble[]): Proof[] =>
  troubles.slice(0, 3).map(({ pointer }) => ({ reading: 'kube-proxy-logs', pointer }));

/** What the newest line says, as short as it says it. */
export const reasonOf = ({ entry }: ProxyTrouble): string => (entry.fields['reason'] ?? entry.sample).slice(0, 200);
