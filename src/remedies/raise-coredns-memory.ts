import { z } from 'zod';
import type { Json } from '../cluster/port.ts';
import { memoryBytes } from '../rules/quantity.ts';
import { applyEdits, Edits, undoEdits } from './kit/act.ts';
import { plannedObject } from './kit/diff.ts';
import { dryRun } from './kit/dry-run.ts';
import { objectName, patchOf } from './kit/edit.ts';
import { changeOf } from './kit/fields.ts';
import { ownerOf } from './kit/owners.ts';
import { uidOf } from './kit/read.ts';
import { corednsTarget, inPods, newPodsRefusal, podsReplaced, strategyWarning, type Target } from './kit/workload.ts';
import type { Permission } from '../domain/reading.ts';
import type { Draft, NoDraft, PlanContext, Remedy } from './remedy.ts';

const MEBIBYTE = 1_048_576;
/** The limit of the EKS add-on, which is enough for some 100,000 pods and Services (coredns/deployment, Scaling_CoreDNS.md). */
const USUAL = 170 * MEBIBYTE;
/** CoreDNS that needs more has another trouble. */
const MOST = 1_024 * MEBIBYTE;

const Params = z.strictObject({
  limit: z
    .string()
    .max(20)
    .refine((text) => memoryBytes(text) !== null, { error: 'expected an amount of memory, as in 340Mi' })
    .optional(),
});
type Params = z.infer<typeof Params>;

const needs: readonly Permission[] = [
  { group: 'apps', resource: 'deployments', verb: 'get', scope: 'dns' },
  { group: 'apps', resource: 'deployments', verb: 'patch', scope: 'dns', names: ['coredns'] },
  { group: '', resource: 'pods', verb: 'list', scope: 'dns' },
];

const inMebibytes = (bytes: number): string => `${Math.ceil(bytes / MEBIBYTE)}Mi`;

/** The container of CoreDNS, by its usual name, or the only one. */
function containerOf({ live }: Target): Json | null {
  const containers: unknown = live['spec']?.['template']?.['spec']?.['containers'];
  const all = Array.isArray(containers) ? (containers as Json[]) : [];
  return all.find((one) => one['name'] === 'coredns') ?? (all.length === 1 ? (all[0] ?? null) : null);
}

/** The limit in bytes that it is to have, or why it stays as it is. */
function wantedLimit(now: number | null, asked: string | undefined): number | NoDraft {
  if (now === null)
    return {
      why: 'not-here',
      says: 'CoreDNS has no memory limit: it was killed because its node had no memory left',
      next: ['See what uses the memory of the node: kubectl top pods -A --sort-by=memory'],
    };
  const given = asked === undefined ? null : memoryBytes(asked);
  const wanted = given ?? Math.min(MOST, Math.max(USUAL, 2 * now));
  if (wanted > MOST) return { why: 'unsafe', says: `more than ${inMebibytes(MOST)} is not given to CoreDNS from here` };
  if (wanted > now) return wanted;
  const next = [
    'Bound what a failing upstream makes it keep: max_concurrent in the Corefile.',
    'See whether one client asks for too much: enable-query-log.',
  ];
  return given === null
    ? { why: 'unsafe', says: `the limit is ${inMebibytes(now)} already: more memory is not what helps`, next }
    : { why: 'not-needed', says: `the limit is ${inMebibytes(now)} already` };
}

async function plan(context: PlanContext, { limit }: Params): Promise<Draft<Edits> | NoDraft> {
  const target = await corednsTarget(context);
  if ('why' in target) return target;
  const container = containerOf(target);
  if (container === null) return { why: 'not-here', says: `${objectName(target.object)} has no container coredns` };
  const now: unknown = container['resources']?.['limits']?.['memory'];
  const wanted = wantedLimit(typeof now === 'string' ? memoryBytes(now) : null, limit);
  const refusal = typeof wanted === 'number' ? newPodsRefusal(context) : wanted;
  if (refusal !== null) return refusal;
  const after = inMebibytes(wanted as number);
  const path = inPods('containers', `[name=${String(container['name'])}]`, 'resources', 'limits', 'memory');
  const edit = patchOf(target.object, [changeOf(target.live, path, after)], { uid: uidOf(target.live) });
  const refused = await dryRun(context, edit, { live: target.live, needs });
  if (refused !== null) return refused;
  const resources = { ...container['resources'], limits: { ...container['resources']?.['limits'], memory: after } };
  const owner = ownerOf(target.live, { cluster: context.request.cluster, addonValues: { resources } });
  const warning = strategyWarning(target);
  return {
    summary: `raise the memory limit of ${objectName(target.object)} from ${String(now)} to ${after}; its pods are replaced`,
    helps: null,
    warnings: [...(warning === null ? [] : [warning]), 'Where memory grows without an end, it only takes longer until it is killed again.'],
    objects: [plannedObject(edit, owner)],
    pods: await podsReplaced(context, target.workload),
    undo: `The limit is set back to ${String(now)}; the pods are replaced again.`,
    endsAfterMs: null,
    data: { edits: [edit], rollout: { object: target.object, withinMs: 120_000 } },
  };
}

/** Gives CoreDNS more memory. */
export const raiseCorednsMemory: Remedy<Params, Edits> = {
  id: 'raise-coredns-memory',
  title: 'Raise the memory limit of CoreDNS',
  helps: 'Where CoreDNS is killed because it goes over its memory limit.',
  risk: 'disruptive',
  needs,
  params: Params,
  paramHelp: { limit: 'the new limit, as in 340Mi, at most 1024Mi; twice the old one, and at least 170Mi, unless said' },
  data: Edits,
  proves: ['coredns-oomkilled'],
  effect: { withinMs: 30_000, why: 'the new pods are ready by then; nodes learn of them within seconds' },
  plan,
  apply: applyEdits,
  undo: undoEdits,
};
