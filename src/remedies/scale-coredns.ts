import { z } from 'zod';
import type { CorednsWorkload } from '../domain/coredns.ts';
import type { Permission } from '../domain/reading.ts';
import { applyEdits, Edits, undoEdits } from './kit/act.ts';
import { plannedObject } from './kit/diff.ts';
import { dryRun } from './kit/dry-run.ts';
import { objectName, patchOf } from './kit/edit.ts';
import { changeOf } from './kit/fields.ts';
import { isGitOps, ownerOf } from './kit/owners.ts';
import { schedulable, seen, uidOf, unread } from './kit/read.ts';
import { corednsTarget, type Target } from './kit/workload.ts';
import type { Draft, NoDraft, PlanContext, Remedy } from './remedy.ts';

const FEWEST = 2;

const Params = z.strictObject({
  replicas: z.coerce
    .number({ error: 'expected a number of pods' })
    .int({ error: 'expected a whole number of pods' })
    .min(FEWEST, { error: `expected at least ${FEWEST} pods: with fewer, DNS ends with one` })
    .max(100, { error: 'expected at most 100 pods' })
    .optional(),
});
type Params = z.infer<typeof Params>;

const needs: readonly Permission[] = [
  { group: 'apps', resource: 'deployments', verb: 'get', scope: 'dns' },
  { group: 'apps', resource: 'deployments/scale', verb: 'get', scope: 'dns', names: ['coredns'] },
  { group: 'apps', resource: 'deployments/scale', verb: 'patch', scope: 'dns', names: ['coredns'] },
];

/** Whoever sets the count by itself would set it back. */
function autoscaled({ autoscaler, namespace, desired }: CorednsWorkload, wanted: number): NoDraft | null {
  if (autoscaler === null) return null;
  const [kind = '', name = ''] = autoscaler.split('/');
  const lower =
    kind === 'HorizontalPodAutoscaler'
      ? `Raise its lower bound: kubectl -n ${namespace} patch hpa ${name} -p '{"spec":{"minReplicas":${wanted}}}'`
      : `Raise its lower bound, "min" in the ConfigMap that its --configmap names: kubectl -n ${namespace} describe deployment ${name}`;
  return {
    why: 'owned',
    says: `${autoscaler} decides how many CoreDNS pods there are (${desired} now), and would set it back`,
    next: [lower],
  };
}

/** How many pods there are to be, or why none more. */
function wantedCount(context: PlanContext, { desired }: CorednsWorkload, asked: number | undefined): number | NoDraft {
  const nodes = seen(context.evidence, 'nodes');
  if (nodes === undefined) return unread(context.evidence, 'nodes', 'the nodes');
  const room = nodes.complete ? schedulable(nodes.items).length : nodes.total;
  const most = Math.max(FEWEST, room);
  const wanted = asked ?? (desired < FEWEST ? FEWEST : desired + 1);
  if (wanted === desired) return { why: 'not-needed', says: `${desired} pods are wanted already` };
  if (wanted < desired) return { why: 'unsafe', says: `${desired} pods are wanted now: fewer would help nobody` };
  if (wanted > most)
    return { why: 'unsafe', says: `more than ${most} pods would share nodes: ${room} nodes could take one`, next: ['Add nodes first.'] };
  return wanted;
}

const warningsOf = (context: PlanContext, desired: number, isAddon: boolean): string[] => {
  const room = schedulable(seen(context.evidence, 'nodes')?.items ?? []).length;
  return [
    ...(room < FEWEST ? ['There is only one node for them: they share it.'] : []),
    ...(isAddon ? ['Where autoscaling is switched on in the add-on, EKS decides the number, and sets it back.'] : []),
    ...(desired === 0 ? ['Somebody, or something, has scaled it to 0: see who, or it happens again.'] : []),
  ];
};

async function draft(context: PlanContext, { object, live }: Target, now: number, wanted: number): Promise<Draft<Edits> | NoDraft> {
  const edit = patchOf(object, [changeOf(live, ['spec', 'replicas'], wanted)], { uid: uidOf(live), subresource: 'scale' });
  const refused = await dryRun(context, edit, { live, needs });
  if (refused !== null) return refused;
  const owner = ownerOf(live, { cluster: context.request.cluster, addonValues: { replicaCount: wanted } });
  const back = isGitOps(owner) && now === 0 ? ['The repository may say 0 too: look there first.'] : [];
  return {
    summary: `run ${wanted} pods of ${objectName(object)} instead of ${now}`,
    helps: null,
    warnings: [...warningsOf(context, now, owner?.manager === 'eks-addon'), ...back],
    objects: [plannedObject(edit, owner)],
    pods: [],
    // without any pod nobody is answered: nobody wants that back
    undo: now === 0 ? null : `${now} ${now === 1 ? 'pod is' : 'pods are'} wanted again.`,
    endsAfterMs: null,
    data: { edits: [edit], rollout: { object, withinMs: 90_000 } },
  };
}

async function plan(context: PlanContext, { replicas }: Params): Promise<Draft<Edits> | NoDraft> {
  const target = await corednsTarget(context);
  if ('why' in target) return target;
  // what stands there now counts, not what stood there when the check began
  const standing: unknown = target.live['spec']?.['replicas'];
  const workload = { ...target.workload, desired: typeof standing === 'number' ? standing : 1 };
  const wanted = wantedCount(context, workload, replicas);
  const refusal = autoscaled(workload, typeof wanted === 'number' ? wanted : FEWEST);
  if (refusal !== null) return refusal;
  return typeof wanted === 'number' ? draft(context, target, workload.desired, wanted) : wanted;
}

/** Runs more CoreDNS pods. */
export const scaleCoredns: Remedy<Params, Edits> = {
  id: 'scale-coredns',
  title: 'Run more CoreDNS pods',
  helps: 'Where no CoreDNS pod is wanted, only one is, or they have too much to do.',
  risk: 'safe',
  needs,
  params: Params,
  paramHelp: { replicas: 'how many pods, from 2 to the number of nodes; 2, or one more than now, unless said' },
  data: Edits,
  proves: ['coredns-no-pods', 'coredns-single-point'],
  effect: { withinMs: 30_000, why: 'nodes learn of new pods within seconds' },
  plan,
  apply: applyEdits,
  undo: undoEdits,
};
