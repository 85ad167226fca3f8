import { z } from 'zod';
import type { Corefile, CorednsWorkload } from '../../domain/coredns.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';
import { failedReload } from './from-logs.ts';
import { type LivePod, mostPods, toServe } from './live-pod.ts';

/** A Deployment or DaemonSet as the API server gives it, as far as a plan needs it. */
export const Workload = z.object({
  metadata: z.object({ generation: z.number() }),
  spec: z.object({ replicas: z.number().nullish(), paused: z.boolean().nullish() }),
  status: z
    .object({
      observedGeneration: z.number().catch(0),
      replicas: z.number().catch(0),
      updatedReplicas: z.number().catch(0),
      desiredNumberScheduled: z.number().catch(0),
      updatedNumberScheduled: z.number().catch(0),
    })
    .catch({ observedGeneration: 0, replicas: 0, updatedReplicas: 0, desiredNumberScheduled: 0, updatedNumberScheduled: 0 }),
});

const restoreFirst = (says: string): NoDraft => ({ why: 'unsafe', says, offers: [{ id: 'restore-corefile', params: {} }] });

/** Why a new pod would not start with the Corefile as it is; null where it would. */
export function corefileRefusal({ evidence, now }: PlanContext, corefile: Corefile): NoDraft | null {
  const { error } = corefile;
  if (error !== null)
    return restoreFirst(`the Corefile is not valid (line ${error.line}: ${error.message}): a new CoreDNS pod would not start`);
  const logs = evidence['coredns-logs']?.status === 'ok' ? evidence['coredns-logs'].data : undefined;
  const failed = failedReload(logs, corefile, now());
  return failed === null
    ? null
    : restoreFirst(`CoreDNS has refused the Corefile when it was reloaded (${failed}): a new pod would not start with it`);
}

/** Why pods should not be replaced while the workload replaces them itself; null where it does not. */
export function rolloutRefusal({ kind, name }: CorednsWorkload, json: z.infer<typeof Workload>): NoDraft | null {
  const { metadata, spec, status } = json;
  const isMoving =
    status.observedGeneration < metadata.generation ||
    (kind === 'Deployment'
      ? status.updatedReplicas < (spec.replicas ?? 1) || status.replicas > status.updatedReplicas
      : status.updatedNumberScheduled < status.desiredNumberScheduled);
  if (!isMoving && spec.paused !== true) return null;
  const says = spec.paused === true ? `the rollout of ${kind} ${name} is paused` : `a rollout of ${kind} ${name} is going on`;
  return { why: 'unsafe', says: `${says}: pods are being replaced already`, next: ['Wait until it has ended, then check again.'] };
}

function ownerRefusal(pods: readonly LivePod[]): NoDraft | null {
  const bare = pods.find(({ owner }) => owner === null || !['ReplicaSet', 'DaemonSet'].includes(owner.kind));
  if (bare === undefined) return null;
  const says = `pod ${bare.name} belongs to no Deployment and no DaemonSet: nobody would make another in its place`;
  return { why: 'not-here', says };
}

/** Why pods should not be replaced as they are; null where they may be. */
export function podsRefusal(all: readonly LivePod[], selector: string): NoDraft | null {
  const pods = toServe(all);
  if (pods.length === 0 || selector === '') return { why: 'not-here', says: 'there is no CoreDNS pod' };
  if (all.length > mostPods) return { why: 'unsafe', says: `there are more than ${mostPods} CoreDNS pods: that is for a rollout` };
  return ownerRefusal(pods);
}
