import { z } from 'zod';
import type { Permission } from '../domain/reading.ts';
import { compareVersions } from '../rules/image.ts';
import { applyEdits, Edits, undoEdits } from './kit/act.ts';
import { plannedObject } from './kit/diff.ts';
import { dryRun } from './kit/dry-run.ts';
import { objectName, patchOf } from './kit/edit.ts';
import { changeOf } from './kit/fields.ts';
import { ownerOf } from './kit/owners.ts';
import { schedulable, seen, uidOf, unread } from './kit/read.ts';
import { corednsTarget, inPods, movingRefusal, newPodsRefusal, podsReplaced, strategyWarning, type Target } from './kit/workload.ts';
import type { Draft, NoDraft, PlanContext, Remedy } from './remedy.ts';

const Params = z.strictObject({});
const HOSTNAME = 'kubernetes.io/hostname';

const needs: readonly Permission[] = [
  { group: 'apps', resource: 'deployments', verb: 'get', scope: 'dns' },
  { group: 'apps', resource: 'deployments', verb: 'patch', scope: 'dns', names: ['coredns'] },
  { group: '', resource: 'pods', verb: 'list', scope: 'dns' },
];

const isHard = ({ topologyKey, whenUnsatisfiable }: Record<string, unknown>): boolean =>
  topologyKey === HOSTNAME && whenUnsatisfiable === 'DoNotSchedule';

type Constraints = Record<string, unknown>[];

function constraintsOf({ live }: Target): Constraints {
  const constraints: unknown = live['spec']?.['template']?.['spec']?.['topologySpreadConstraints'];
  return Array.isArray(constraints) ? (constraints as Constraints) : [];
}

/** Since then a constraint can count the pods of one rollout alone (matchLabelKeys) and leave nodes out that take no pods (nodeTaintsPolicy). */
const SINCE = '1.27.0';

/**
 * The constraint. As a preference it loses against the anti-affinity that EKS' CoreDNS prefers, which counts old pods that are about to go: both new
 * pods then meet on the other node (seen on Kubernetes 1.34). Cordoned nodes and those that are not ready do not count, so pods may meet when there
 * is only one node left.
 */
const constraint = (labels: Readonly<Record<string, string>>): Record<string, unknown> => ({
  maxSkew: 1,
  topologyKey: HOSTNAME,
  whenUnsatisfiable: 'DoNotSchedule',
  nodeTaintsPolicy: 'Honor',
  labelSelector: { matchLabels: { ...labels } },
  matchLabelKeys: ['pod-template-hash'],
});

/** One of the pods that share a node, to be replaced. */
function oneMoves(context: PlanContext): NoDraft['offers'] {
  const placed = hosts(context);
  const twice = placed.find(({ node }, index) => placed.findIndex((one) => one.node === node) < index);
  return twice === undefined ? [] : [{ id: 'delete-coredns-pod', params: { pod: twice.name } }];
}

function versionRefusal(context: PlanContext): NoDraft | null {
  const cluster = seen(context.evidence, 'cluster-class');
  if (cluster === undefined) return unread(context.evidence, 'cluster-class', 'the version of Kubernetes');
  const version = cluster.version.replace(/^v/, '');
  if (compareVersions(version, SINCE) >= 0) return null;
  const says = `Kubernetes ${version} is too old: new pods could not be told from old ones, and would meet again`;
  return { why: 'not-here', says, offers: oneMoves(context) ?? [] };
}

/** Nodes of the CoreDNS pods, each as often as it has one. */
const hosts = ({ evidence }: PlanContext): { name: string; node: string }[] =>
  (seen(evidence, 'coredns-pods')?.items ?? []).flatMap(({ name, node, terminating, phase }) =>
    node === null || terminating || phase === 'Failed' || phase === 'Succeeded' ? [] : [{ name, node }],
  );

/** Why the pods cannot be spread, or need not be; null: they can. */
function spreadRefusal(context: PlanContext, desired: number): NoDraft | null {
  const nodes = seen(context.evidence, 'nodes');
  if (nodes === undefined) return unread(context.evidence, 'nodes', 'the nodes');
  if (desired < 2)
    return {
      why: 'not-needed',
      says: 'there is only one CoreDNS pod to be placed',
      offers: [{ id: 'scale-coredns', params: { replicas: 2 } }],
    };
  const room = schedulable(nodes.items).length;
  if (nodes.complete && room < desired)
    return {
      why: 'unsafe',
      says: `${desired} pods cannot each have a node of their own: ${room} nodes could take one`,
      next: ['Add nodes, or run fewer pods.'],
    };
  const placed = hosts(context);
  return placed.length > 1 && new Set(placed.map(({ node }) => node)).size === placed.length
    ? { why: 'not-needed', says: 'every CoreDNS pod has a node of its own' }
    : null;
}

/** The rule is there already: what is together now came together when there was no room, and one pod is enough to be moved. */
const ruledAlready = (context: PlanContext): NoDraft => ({
  why: 'not-needed',
  says: 'the pods are to be spread over nodes already; they came together when there was no room elsewhere',
  next: ['Replace one of the pods that share a node: the scheduler takes another node for it.'],
  offers: oneMoves(context) ?? [],
});

async function plan(context: PlanContext): Promise<Draft<Edits> | NoDraft> {
  const target = await corednsTarget(context);
  if ('why' in target) return target;
  const { object, live, workload } = target;
  const refusal = spreadRefusal(context, workload.desired) ?? versionRefusal(context) ?? newPodsRefusal(context) ?? movingRefusal(target);
  if (refusal !== null) return refusal;
  const before = constraintsOf(target);
  if (before.some(isHard)) return ruledAlready(context);
  const all = [...before, constraint(workload.selector.matchLabels ?? workload.podLabels)];
  const edit = patchOf(object, [changeOf(live, inPods('topologySpreadConstraints'), all)], { uid: uidOf(live) });
  const refused = await dryRun(context, edit, { live, needs });
  if (refused !== null) return refused;
  const owner = ownerOf(live, { cluster: context.request.cluster, addonValues: { topologySpreadConstraints: all } });
  const warning = strategyWarning(target);
  return {
    summary: `spread the ${workload.desired} pods of ${objectName(object)} over nodes; they are replaced`,
    helps: null,
    warnings: [
      ...(warning === null ? [] : [warning]),
      'While pods are replaced, some lookups may be lost; the rollout goes on by itself once it is begun.',
      'From then on a pod waits rather than join another one on its node while a second node takes pods, even where that one is full.',
    ],
    objects: [plannedObject(edit, owner)],
    pods: await podsReplaced(context, workload),
    undo: 'The constraint is taken out again; the pods are replaced once more.',
    endsAfterMs: null,
    data: { edits: [edit], rollout: { object, withinMs: 120_000 } },
  };
}

/** Spreads the CoreDNS pods over nodes. */
export const spreadCoredns: Remedy<z.infer<typeof Params>, Edits> = {
  id: 'spread-coredns',
  title: 'Spread the CoreDNS pods over nodes',
  helps: 'Where all CoreDNS pods are on one node: DNS ends with it, and they share its network interface.',
  risk: 'disruptive',
  needs,
  params: Params,
  paramHelp: {},
  data: Edits,
  proves: ['coredns-colocated'],
  effect: { withinMs: 30_000, why: 'old pods take some seconds to end' },
  plan,
  apply: applyEdits,
  undo: undoEdits,
};
