import { z } from 'zod';
import { budgetRefusal } from './pods/budget.ts';
import { type Condition, conditionOf, mended } from './pods/condition.ts';
import { asideDiff, planned, podEffect, podNeeds, warningsOf } from './pods/draft.ts';
import { PodGates } from './pods/gates.ts';
import type { LivePod } from './pods/live-pod.ts';
import { podFacts, type PodFacts } from './pods/plan-facts.ts';
import { replacePods } from './pods/replace-pods.ts';
import type { Draft, NoDraft, Remedy } from './remedy.ts';

const Params = z.strictObject({
  pod: z
    .string()
    .max(253)
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'is the name of a CoreDNS pod'),
});
type Params = z.infer<typeof Params>;

/** Why this pod should not go now; null when it may. A pod that is not ready serves nobody: only the others matter then. */
function refusal({ pods, budgets }: PodFacts, { answering }: Condition, pod: LivePod): NoDraft | null {
  const others = pods.filter(({ uid, ready }) => uid !== pod.uid && ready);
  if (others.length === 0) {
    const offers = pods.length === 1 ? [{ id: 'scale-coredns', params: {} }] : [];
    return { why: 'unsafe', says: 'no other CoreDNS pod is ready: while this one is replaced nobody would answer', offers };
  }
  if (!others.some(({ name }) => answering.includes(name)))
    return { why: 'unsafe', says: 'no other CoreDNS pod answers at its own address: there is none that could carry the lookups meanwhile' };
  const budget = budgetRefusal(budgets ?? [], pod.ready);
  return budget === null ? null : { why: 'unsafe', says: budget, next: ['Wait until the others are healthy, or change the budget.'] };
}

function draft(facts: PodFacts, condition: Condition, pod: LivePod): Draft<PodGates> {
  const { gates, pods } = facts;
  const own = (names: readonly string[]): string[] => names.filter((name) => name === pod.name);
  const { unready, silent, outdated, stale, answering } = condition;
  const reasons = mended({ unready: own(unready), silent: own(silent), outdated: own(outdated), stale: own(stale), answering }, facts);
  const object = { apiVersion: 'v1', kind: 'Pod', namespace: pod.namespace, name: pod.name };
  return {
    summary: `evict pod ${pod.namespace}/${pod.name}${pod.node === null ? '' : ` on ${pod.node}`}, and wait until a new one answers in its place`,
    risk: pod.ready ? 'disruptive' : 'safe',
    helps: reasons.length === 0 ? 'nothing was found to be wrong with this pod' : reasons.join('; '),
    warnings: pod.ready ? warningsOf(facts, { ...condition, stale: own(stale) }, pods.filter(({ ready }) => ready).length) : [],
    objects: [{ object, does: 'delete', diff: pod.ready ? asideDiff(gates) : [], owner: null }],
    pods: [planned(pod)],
    undo: null,
    endsAfterMs: null,
    data: gates,
  };
}

/** Replaces one CoreDNS pod that is sick. */
export const deleteCorednsPod: Remedy<Params, PodGates> = {
  id: 'delete-coredns-pod',
  title: 'Replace one sick CoreDNS pod',
  helps: 'Where one pod does not answer, is not ready or has lost the API server, while others serve.',
  risk: 'disruptive',
  needs: podNeeds,
  params: Params,
  paramHelp: { pod: 'the name of the CoreDNS pod' },
  data: PodGates,
  proves: ['coredns-endpoint-unanswering', 'coredns-stale-api-watch'],
  effect: podEffect,
  async plan(context, params) {
    const facts = await podFacts(context);
    if ('why' in facts) return facts;
    const pod = facts.pods.find(({ name }) => name === params.pod);
    if (pod === undefined) return { why: 'not-needed', says: `there is no CoreDNS pod ${params.pod}, or it is ending already` };
    const condition = conditionOf(facts, context.evidence, context.now());
    return refusal(facts, condition, pod) ?? draft(facts, condition, pod);
  },
  apply: (context, gates, { pods }) => replacePods(context, { pods, gates }),
  undo: null,
};
