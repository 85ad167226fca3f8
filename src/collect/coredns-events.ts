import type { z } from 'zod';
import type { CorednsWorkload, Event } from '../domain/coredns.ts';
import type { Collector } from './collector.ts';
import { given } from './given.ts';
import { num, str } from './pick.ts';

type Event = z.infer<typeof Event>;
type Owner = Pick<CorednsWorkload, 'kind' | 'name'>;
const hour = 3_600_000;

/** The alphabet of the names that Kubernetes makes up (apimachinery rand.String). */
const made = '[bcdfghjklmnpqrstvwxz2456789]';

/** What Kubernetes said in the last hour about CoreDNS' workload, its ReplicaSets and its pods, those that are gone too. */
export const corednsEvents: Collector<'coredns-events'> = {
  id: 'coredns-events',
  title: 'Reading the events about CoreDNS',
  after: ['coredns-workload'],
  needs: [{ group: '', resource: 'events', verb: 'list', scope: 'dns' }],
  timeoutMs: 8000,
  async collect({ port, settings, have, signal, now }) {
    const workload = given(have['coredns-workload']);
    const namespace = workload?.namespace ?? settings.dns.namespace;
    const { items } = await port.list(`/api/v1/namespaces/${namespace}/events`, { limit: 500, signal });
    const isOurs = about(workload ?? { kind: 'Deployment', name: 'coredns' });
    const events = items.map(eventOf).filter((event) => isOurs(event) && now() - Date.parse(event.lastSeen) <= hour);
    return { items: events.toSorted((a, b) => Date.parse(b.lastSeen) - Date.parse(a.lastSeen)).slice(0, 50) };
  },
};

function about({ kind, name }: Owner): (event: Event) => boolean {
  return (event) => {
    if (event.kind === kind) return event.name === name;
    if (!event.name.startsWith(`${name}-`)) return false;
    const rest = event.name.slice(name.length + 1);
    if (event.kind === 'ReplicaSet') return replicaSet.test(rest);
    return event.kind === 'Pod' && pods[kind].test(rest);
  };
}

/** What comes after the workload's name: so an event of coredns-autoscaler is none of coredns. */
const replicaSet = new RegExp(`^${made}{1,10}$`);
const pods: Readonly<Record<Owner['kind'], RegExp>> = {
  Deployment: new RegExp(`^${made}{1,10}-${made}{5}$`),
  DaemonSet: new RegExp(`^${made}{5}$`),
  StatefulSet: /^\d{1,5}$/,
};

/** Events of the newer events.k8s.io kind have `series` and `eventTime`, older ones `count` and `lastTimestamp`. */
function eventOf(json: unknown): Event {
  return {
    kind: str(json, 'involvedObject.kind') ?? '',
    name: str(json, 'involvedObject.name') ?? '',
    type: str(json, 'type') ?? '',
    reason: str(json, 'reason') ?? '',
    message: (str(json, 'message') ?? '').slice(0, 500),
    count: num(json, 'series.count') ?? num(json, 'count') ?? 1,
    lastSeen:
      str(json, 'series.lastObservedTime') ??
      str(json, 'lastTimestamp') ??
      str(json, 'eventTime') ??
      str(json, 'metadata.creationTimestamp') ??
      '',
  };
}
