import { z } from 'zod';
import type { Json } from '../cluster/port.ts';
import type { NamedPod } from '../domain/pod.ts';
import type { Permission } from '../domain/reading.ts';
import { recommendNdots } from '../rules/ndots.ts';
import { applyEdits, Edits, undoEdits } from './kit/act.ts';
import { plannedObject } from './kit/diff.ts';
import { dryRun } from './kit/dry-run.ts';
import { type EditField, objectName, patchOf, pluralOf } from './kit/edit.ts';
import { changeOf } from './kit/fields.ts';
import { isGitOps, ownerOf } from './kit/owners.ts';
import { seen, uidOf, unread } from './kit/read.ts';
import { inPods, movingRefusal, strategyWarning, type Target, targetOf } from './kit/workload.ts';
import type { Draft, NoDraft, PlanContext, Remedy } from './remedy.ts';

/** glibc takes no more (RES_MAXNDOTS), and more is of no use. */
const MOST = 15;

const Params = z.strictObject({
  value: z.coerce
    .number({ error: `expected a number from 1 to ${MOST}` })
    .int({ error: `expected a whole number from 1 to ${MOST}` })
    .min(1, { error: 'expected at least 1' })
    .max(MOST, { error: `expected at most ${MOST}` })
    .optional(),
});
type Params = z.infer<typeof Params>;

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

const needs: readonly Permission[] = KINDS.flatMap((kind) => [
  { group: 'apps', resource: `${kind.toLowerCase()}s`, verb: 'get', scope: 'pod' },
  { group: 'apps', resource: `${kind.toLowerCase()}s`, verb: 'patch', scope: 'pod' },
]);

/** Dots of the names that the pod finds only with its search path, as far as queries were seen; null where none were. */
function neededDots({ evidence }: PlanContext, pod: NamedPod): number[] | null {
  const clients = seen(evidence, 'coredns-logs')?.queries?.clients ?? [];
  const own = clients.find(({ ip }) => !pod.hostNetwork && pod.ips.includes(ip));
  return own === undefined ? null : own.neededDots;
}

/** The value to set; null where nothing says which. musl never searches a name with enough dots, so `svc.namespace` is kept searchable. */
function valueFor(context: PlanContext, pod: NamedPod): number | null {
  const needed = neededDots(context, pod);
  return needed === null ? null : Math.max(recommendNdots(needed), pod.libc === 'glibc' ? 1 : 2);
}

const patchText = (value: number): string =>
  JSON.stringify({ spec: { template: { spec: { dnsConfig: { options: [{ name: 'ndots', value: String(value) }] } } } } });

/** The workload of the named pod, or why there is none whose template could be changed. */
function workloadOf({ namespace, name, owner }: NamedPod, value: number): { kind: (typeof KINDS)[number]; name: string } | NoDraft {
  const [kind, of] = owner?.split('/') ?? [];
  const known = KINDS.find((one) => one === kind);
  if (known !== undefined && of !== undefined) return { kind: known, name: of };
  const options = `dnsConfig: {options: [{name: ndots, value: "${value}"}]}`;
  return owner === null
    ? {
        why: 'not-here',
        says: `pod ${namespace}/${name} belongs to no workload: the DNS settings of a pod cannot be changed once it is there`,
        next: [`Create it again with this in its spec: ${options}`],
      }
    : {
        why: 'not-here',
        says: `pod ${namespace}/${name} belongs to ${owner}, which is left to whoever made it`,
        next: [`Put this into the spec of its pod template: ${options}`],
      };
}

/** The option as it is in the template now; null: the kubelet's own holds. */
function standingValue({ live }: Target): string | null {
  const options: unknown = live['spec']?.['template']?.['spec']?.['dnsConfig']?.['options'];
  const own = Array.isArray(options) ? (options as Json[]).find((one) => one['name'] === 'ndots') : undefined;
  return typeof own?.['value'] === 'string' ? own['value'] : null;
}

function fieldFor({ live }: Target, value: string): EditField {
  const path = inPods('dnsConfig', 'options');
  const options: unknown = live['spec']?.['template']?.['spec']?.['dnsConfig']?.['options'];
  const all = Array.isArray(options) ? (options as { name?: unknown }[]) : [];
  if (all.some(({ name }) => name === 'ndots')) return changeOf(live, [...path, '[name=ndots]', 'value'], value);
  return changeOf(live, path, [...all, { name: 'ndots', value }] as never);
}

/** A change in the cluster of what a repository holds lasts minutes, and restarts the application twice. */
function gitOpsRefusal(target: Target, owner: ReturnType<typeof ownerOf>, value: number): NoDraft {
  const name = objectName(target.object);
  return {
    why: 'owned',
    says: `${name} is kept by ${owner?.manager === 'flux' ? 'Flux' : 'Argo CD'}, which would take the change back within minutes`,
    next: ['Make the change in the repository that it reads, as this patch says:', patchText(value)],
  };
}

function draft(context: PlanContext, target: Target, field: EditField, value: number): Draft<Edits> {
  const name = objectName(target.object);
  const edit = patchOf(target.object, [field], { uid: uidOf(target.live) });
  const before = standingValue(target);
  const warning = strategyWarning(target);
  return {
    summary: `set ndots ${value} in the pod template of ${name}; its pods are replaced`,
    helps: null,
    warnings: [
      `A rollout: all pods of ${name} are replaced, as its own strategy says.`,
      ...(warning === null ? [] : [warning]),
      `Names with fewer than ${value} dots are still searched first; musl (Alpine) no longer searches names with ${value} or more.`,
    ],
    objects: [plannedObject(edit, ownerOf(target.live, { cluster: context.request.cluster, addonValues: null }))],
    pods: [],
    undo: `ndots ${before === null ? 'is taken out' : `${before} is set`} again; the pods are replaced once more.`,
    endsAfterMs: null,
    data: { edits: [edit], rollout: { object: target.object, withinMs: 180_000 } },
  };
}

async function plan(context: PlanContext, params: Params): Promise<Draft<Edits> | NoDraft> {
  const pod = seen(context.evidence, 'pod');
  if (pod === undefined) return { ...unread(context.evidence, 'pod', 'the pod'), next: ['Name a pod or a workload: pod=shop/cart.'] };
  const value = params.value ?? valueFor(context, pod);
  if (value === null)
    return {
      why: 'unknown',
      says: 'no query of this pod was seen, so nobody can say which names need the search path',
      next: ['Log queries for a while, or give the value: value=2.'],
      offers: [{ id: 'enable-query-log', params: { classes: 'all' } }],
    };
  const workload = workloadOf(pod, value);
  if ('why' in workload) return workload;
  const target = await targetOf(context, { apiVersion: 'apps/v1', kind: workload.kind, namespace: pod.namespace, name: workload.name });
  if ('why' in target) return target;
  if (standingValue(target) === String(value))
    return { why: 'not-needed', says: `${objectName(target.object)} has ndots ${value} already` };
  const owner = ownerOf(target.live, { cluster: context.request.cluster, addonValues: null });
  if (isGitOps(owner)) return gitOpsRefusal(target, owner, value);
  const moving = movingRefusal(target);
  if (moving !== null) return moving;
  const field = fieldFor(target, String(value));
  const edit = patchOf(target.object, [field], { uid: uidOf(target.live) });
  return (await dryRun(context, edit, { live: target.live, needs })) ?? draft(context, target, field, value);
}

/** Sets ndots in the pod template of the named pod's workload. */
export const setNdots: Remedy<Params, Edits> = {
  id: 'set-ndots',
  title: 'Set ndots for the pods of one workload',
  helps: 'Where names of the world are first asked with every search domain, or ndots is too low for the names that need it.',
  risk: 'disruptive',
  needs,
  uses: ({ objects }) => needs.filter(({ resource }) => objects.some(({ object }) => resource === pluralOf(object.kind))),
  params: Params,
  paramHelp: { value: `ndots, 1 to ${MOST}; computed from the queries that were seen, unless said` },
  data: Edits,
  proves: ['ndots-amplification', 'ndots-too-low'],
  effect: { withinMs: 60_000, why: 'the new pods must have asked for a while before their queries can be judged' },
  plan,
  apply: applyEdits,
  undo: undoEdits,
};
