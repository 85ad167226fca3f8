import { z } from 'zod';
import { applyEdits, Edits, undoEdits } from './kit/act.ts';
import { corednsNow, type CorednsNow } from './kit/coredns.ts';
import { plannedObject } from './kit/diff.ts';
import type { ObjectEdit } from './kit/edit.ts';
import { isGitOps } from './kit/owners.ts';
import { schedulable, seen } from './kit/read.ts';
import type { Draft, NoDraft, PlanContext, Remedy } from './remedy.ts';

const FEWEST = 2;
const MOST = 100;
const READY_MS = 120_000;

const Params = z.strictObject({ replicas: z.coerce.number().int().min(FEWEST).max(MOST).optional() });
type Params = z.infer<typeof Params>;

/** At most one for each node that can run it, and two always: more on the same nodes carry no more. Null: nodes could not be counted. */
function mostReplicas({ evidence }: PlanContext): number | null {
  const nodes = seen(evidence, 'nodes');
  if (nodes === undefined) return null;
  return Math.max(FEWEST, nodes.complete ? schedulable(nodes.items).length : nodes.total);
}

function refusal(context: PlanContext, { workload, owner, live }: CorednsNow, wanted: number, now: number): NoDraft | null {
  const { autoscaler, name } = workload;
  if (autoscaler !== null) {
    const next = [`Change its bounds instead: the least number of pods of ${autoscaler}.`];
    return { why: 'owned', says: `${autoscaler} decides how many pods ${name} has, and would set it back`, next };
  }
  if (owner !== null && isGitOps(owner)) return { why: 'owned', says: owner.takesBack, next: [...owner.durable, `replicas: ${wanted}`] };
  if (wanted === now) return { why: 'not-needed', says: `${name} has ${now} replicas already` };
  if (wanted < now) return { why: 'unsafe', says: `${name} has ${now} replicas: it is not scaled down` };
  const most = mostReplicas(context);
  if (most === null) return { why: 'unknown', says: 'the nodes could not be read, so nobody knows how many pods they can run' };
  if (wanted > most) return { why: 'unsafe', says: `at most ${most}: so many nodes can run a CoreDNS pod (two may share one)` };
  return live['spec']?.['paused'] === true ? { why: 'unsafe', says: `the rollout of Deployment ${name} is paused` } : null;
}

function draft(context: PlanContext, { object, uid, owner }: CorednsNow, wanted: number, now: number): Draft<Edits> {
  const edit: ObjectEdit = {
    object,
    how: 'patch',
    fields: [{ path: ['spec', 'replicas'], before: now, after: wanted }],
    body: null,
    uid,
  };
  const nodes = schedulable(seen(context.evidence, 'nodes')?.items ?? []).length;
  return {
    summary: `scale Deployment ${object.namespace}/${object.name} from ${now} to ${wanted} pods`,
    helps: null,
    warnings: nodes < wanted ? [`Only ${nodes} ${nodes === 1 ? 'node' : 'nodes'} can run them: some share one, and end with it.`] : [],
    objects: [plannedObject(edit, owner)],
    pods: [],
    undo: `It is scaled back to ${now}.`,
    endsAfterMs: null,
    data: { edits: [edit], rollout: { object, withinMs: READY_MS } },
  };
}

/** Gives CoreDNS more pods. */
export const scaleCoredns: Remedy<Params, Edits> = {
  id: 'scale-coredns',
  title: 'Run more CoreDNS pods',
  helps: 'Where there is no CoreDNS pod, or a single one, or too few for what they are asked.',
  risk: 'safe',
  needs: [
    { group: 'apps', resource: 'deployments', verb: 'get', scope: 'dns' },
    { group: 'apps', resource: 'deployments', verb: 'patch', scope: 'dns', names: ['coredns'] },
  ],
  params: Params,
  paramHelp: { replicas: 'how many pods; left out: two, or one more than there are' },
  data: Edits,
  proves: [],
  effect: { withinMs: 60_000, why: 'new pods are ready within seconds where their image is on the node' },
  async plan(context, params) {
    const coredns = await corednsNow(context, { replicaCount: params.replicas ?? FEWEST });
    if ('why' in coredns) return coredns;
    const count: unknown = coredns.live['spec']?.['replicas'];
    const now = typeof count === 'number' ? count : 1;
    const wanted = params.replicas ?? Math.max(FEWEST, now + 1);
    return refusal(context, coredns, wanted, now) ?? draft(context, coredns, wanted, now);
  },
  apply: (context, data) => applyEdits(context, data),
  undo: (context, data) => undoEdits(context, data),
};
