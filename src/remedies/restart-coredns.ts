import { z } from 'zod';
import { budgetRefusal } from './pods/budget.ts';
import { type Condition, conditionOf, inOrder, mended } from './pods/condition.ts';
import { planned, podEffect, podNeeds, restartOf, warningsOf } from './pods/draft.ts';
import { PodGates } from './pods/gates.ts';
import type { LivePod } from './pods/live-pod.ts';
import { podFacts, type PodFacts } from './pods/plan-facts.ts';
import { replacePods } from './pods/replace-pods.ts';
import type { Draft, NoDraft, Remedy } from './remedy.ts';

const Params = z.strictObject({});

/** Why the pods should not be replaced one by one now; null when they may be. */
function refusal({ pods, budgets }: PodFacts, { unready, answering }: Condition, first: LivePod): NoDraft | null {
  const ready = pods.filter((pod) => pod.ready);
  if (ready.length < 2) {
    const says =
      ready.length === 0
        ? 'no CoreDNS pod is ready: there is none that could carry the lookups meanwhile'
        : 'only one CoreDNS pod is ready: while it is replaced nobody would answer';
    const sick = unready.slice(0, 1).map((pod) => ({ id: 'delete-coredns-pod', params: { pod } }));
    return { why: 'unsafe', says, offers: pods.length < 2 ? [{ id: 'scale-coredns', params: {} }] : ready.length === 0 ? [] : sick };
  }
  if (!ready.some(({ name, uid }) => uid !== first.uid && answering.includes(name)))
    return { why: 'unsafe', says: 'no other CoreDNS pod answers at its own address: there is none that could carry the lookups meanwhile' };
  const budget = budgetRefusal(budgets ?? [], first.ready);
  return budget === null ? null : { why: 'unsafe', says: budget, next: ['Wait until all pods are healthy, or change the budget.'] };
}

function helps(condition: Condition, facts: PodFacts): string {
  const reasons = mended(condition, facts);
  if (reasons.length === 0) return 'nothing that was found here is mended by a restart';
  const alone = [...condition.silent, ...condition.unready, ...condition.stale];
  const isOne = condition.outdated.length === 0 && alone.length === 1 && facts.pods.length > 1;
  return `${reasons.join('; ')}${isOne ? `; to replace ${alone[0]} alone would be enough (delete-coredns-pod)` : ''}`;
}

function draft(facts: PodFacts, condition: Condition, order: readonly LivePod[]): Draft<PodGates> {
  const { workload, pods, gates } = facts;
  const ready = pods.filter((pod) => pod.ready).length;
  return {
    summary: `replace the ${order.length} pods of ${workload.kind} ${workload.namespace}/${workload.name}, one after the other`,
    helps: helps(condition, facts),
    warnings: warningsOf(facts, condition, ready),
    objects: [restartOf(facts)],
    pods: order.map(planned),
    undo: null,
    endsAfterMs: null,
    data: gates,
  };
}

/** Restarts CoreDNS so that no lookup need be lost: pod by pod, each only when another one answers. */
export const restartCoredns: Remedy<z.infer<typeof Params>, PodGates> = {
  id: 'restart-coredns',
  title: 'Restart CoreDNS, one pod at a time',
  helps: 'Where pods run an older Corefile and do not reload it, or have lost the API server.',
  risk: 'disruptive',
  needs: podNeeds,
  params: Params,
  paramHelp: {},
  data: PodGates,
  proves: ['corefile-reload-plugin-absent', 'coredns-stale-api-watch', 'coredns-endpoint-unanswering'],
  effect: podEffect,
  async plan(context) {
    const facts = await podFacts(context);
    if ('why' in facts) return facts;
    const condition = conditionOf(facts, context.evidence, context.now());
    const order = inOrder(facts.pods, condition);
    return refusal(facts, condition, order[0] as LivePod) ?? draft(facts, condition, order);
  },
  apply: (context, gates, { pods }) => replacePods(context, { pods, gates }),
  undo: null,
};
