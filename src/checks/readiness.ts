import type { Corefile, CorednsLogs, CorednsPods, CorednsWorkload, Events, SystemPod } from '../domain/coredns.ts';
import type { Lookups } from '../domain/lookups.ts';
import type { Nodes } from '../domain/nodes.ts';
import { livePods, type Placed, servingPods } from './coredns-view.ts';
import { directivesNamed } from './corefile-view.ts';
import { isCrashing } from './crash.ts';
import { logOf } from './log-view.ts';
import { rowsOf } from './lookup-view.ts';
import { happenedWithin } from '../rules/recent.ts';

/** What the reason is read from; only the pods are always there. */
export interface ReadinessFacts {
  'coredns-pods': CorednsPods;
  'coredns-workload'?: CorednsWorkload;
  'coredns-events'?: Events;
  'coredns-logs'?: CorednsLogs;
  corefile?: Corefile;
  lookups?: Lookups;
  nodes?: Nodes;
}

/** Why a running pod is not ready; the first that fits. */
export type UnreadyKind = 'ready-plugin' | 'unsynced' | 'other';

/** So long a pod may take to become ready while others serve. */
const startMinutes = 1;

/**
 * The pods that run and are not ready, of that kind. Left out: pods that crash or do not start, pods of a node that is not ready, and those that
 * have just started while others serve.
 */
export function unreadyPods(kind: UnreadyKind, facts: ReadinessFacts, now: number): Placed[] {
  const calm = servingPods(facts['coredns-pods'], now).length > 0;
  const isDown = (name: string | null) => facts.nodes?.items.some((node) => node.name === name && !node.ready) ?? false;
  return livePods(facts['coredns-pods'])
    .filter(({ pod }) => !pod.ready && pod.container.state === 'running' && !isCrashing(pod, now) && !isDown(pod.node))
    .filter(({ pod }) => !(calm && happenedWithin(startMinutes, pod.container.startedAt, now)))
    .filter(({ pod }) => unreadyKind(pod, facts, now) === kind);
}

function unreadyKind(pod: SystemPod, facts: ReadinessFacts, now: number): UnreadyKind {
  if (readyPluginFault(facts) !== null) return 'ready-plugin';
  return isUnsynced(pod, facts, now) ? 'unsynced' : 'other';
}

/** What is wrong between the readiness probe and the ready plugin: the plugin is not there, or listens on another port; null when nothing is. */
export function readyPluginFault({
  'coredns-workload': workload,
  'coredns-events': events,
  corefile,
}: ReadinessFacts): { variant: 'absent' | 'port'; served: number } | null {
  const probe = workload?.readiness ?? null;
  if (probe === null || probe.path !== '/ready' || corefile === undefined || corefile.error !== null) return null;
  const plugins = directivesNamed(corefile, 'ready');
  if (plugins.length === 0) {
    // an import may hold it: then the kubelet must have been refused there
    const refused = (events?.items ?? []).some(
      ({ message }) => message.includes(`:${probe.port}`) && message.includes('connection refused'),
    );
    return corefile.opaque.length === 0 || refused ? { variant: 'absent', served: probe.port } : null;
  }
  const ports = plugins.map(({ directive }) => Number(/:(\d{1,5})$/.exec(directive.args[0] ?? ':8181')?.[1] ?? Number.NaN));
  const [served] = ports;
  if (served === undefined || ports.some(Number.isNaN) || ports.includes(probe.port) || corefile.opaque.length > 0) return null;
  return { variant: 'port', served };
}

/**
 * Whether the kubernetes plugin waits for the API: the pod says so, or answers its own names with SERVFAIL. What it answers counts more than
 * what it said at its start.
 */
export function isUnsynced(pod: SystemPod, { lookups, 'coredns-logs': logs }: ReadinessFacts, now: number): boolean {
  const rows =
    lookups === undefined
      ? []
      : rowsOf(lookups, { kind: 'endpoint', how: 'probe', role: 'internal' }).filter(({ row }) => row.serverPod === pod.name);
  if (rows.some(({ row }) => (row.rcodes['NOERROR'] ?? 0) > 0)) return false;
  if (rows.some(({ row }) => (row.rcodes['SERVFAIL'] ?? 0) > 0)) return true;
  return logOf(logs, pod.name).some(
    (entry) =>
      !entry.previous &&
      (entry.class === 'api-unsynced' ||
        ((entry.class === 'not-ready-plugins' || entry.class === 'api-waiting') &&
          (entry.class === 'api-waiting' || (entry.fields['plugins'] ?? '').includes('kubernetes')) &&
          (entry.lastAt === null || happenedWithin(2, entry.lastAt, now)))),
  );
}
