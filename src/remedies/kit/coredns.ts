import type { Json } from '../../cluster/port.ts';
import type { CorednsWorkload } from '../../domain/coredns.ts';
import type { ObjectRef, Owner } from '../../domain/plan.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';
import { ownerOf } from './owners.ts';
import { liveObject, seen, uidOf, unread } from './read.ts';
import { rolled } from './rollout.ts';

/** The Deployment of CoreDNS as it is now. */
export interface CorednsNow {
  workload: CorednsWorkload;
  object: ObjectRef;
  live: Json;
  uid: string | null;
  owner: Owner | null;
}

/**
 * The Deployment of CoreDNS as it is now, or why it is not to be edited. `addonValues`: what the EKS add-on calls the same change. Rejects with a
 * Failure.
 */
export async function corednsNow(context: PlanContext, addonValues: object): Promise<CorednsNow | NoDraft> {
  const workload = seen(context.evidence, 'coredns-workload');
  if (workload === undefined) return unread(context.evidence, 'coredns-workload', 'the workload of CoreDNS');
  const { kind, namespace, name } = workload;
  if (kind !== 'Deployment') return { why: 'not-here', says: `CoreDNS is a ${kind} here (${name}), not a Deployment` };
  const object = { apiVersion: 'apps/v1', kind, namespace, name };
  const live = await liveObject(context, object);
  if (live === null) return { why: 'not-here', says: `Deployment ${namespace}/${name} is not there any more` };
  const owner = ownerOf(live, { cluster: context.request.cluster, addonValues });
  return { workload, object, live, uid: uidOf(live), owner };
}

/** Whether its pods are not to be replaced now: a rollout is paused, or a new Corefile would not let a new pod start. */
export function rolloutRefusal({ evidence }: PlanContext, { live, object }: CorednsNow): NoDraft | null {
  if (rolled(live)?.isPaused === true) return { why: 'unsafe', says: `the rollout of Deployment ${object.name} is paused` };
  const error = seen(evidence, 'corefile')?.error ?? null;
  if (error === null) return null;
  const says = `the Corefile is not valid (line ${error.line}: ${error.message}): a new CoreDNS pod would not start`;
  return { why: 'unsafe', says, offers: [{ id: 'restore-corefile', params: {} }] };
}

/** The name of its container that runs CoreDNS: `coredns`, or the only one; null where that is not clear. */
export function containerName(live: Json): string | null {
  const containers: unknown = live['spec']?.['template']?.['spec']?.['containers'];
  if (!Array.isArray(containers)) return null;
  const names = containers.map((one: Json | null) => String(one?.['name']));
  return names.includes('coredns') ? 'coredns' : names.length === 1 ? (names[0] ?? null) : null;
}
