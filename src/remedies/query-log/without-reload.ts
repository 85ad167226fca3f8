import { sha512Hex } from '../../base/sha512.ts';
import type { Corefile } from '../../domain/coredns.ts';
import type { PlannedPod } from '../../domain/plan.ts';
import { corefileSha512 } from '../../formats/corefile/hash.ts';
import { newlyWatched, readOn } from '../corefile/watch.ts';
import { budgetRefusal } from '../pods/budget.ts';
import { conditionOf, inOrder } from '../pods/condition.ts';
import { planned } from '../pods/draft.ts';
import { hasReload } from '../pods/from-logs.ts';
import type { PodGates } from '../pods/gates.ts';
import { livePods, toServe } from '../pods/live-pod.ts';
import { podFacts } from '../pods/plan-facts.ts';
import { replacePods, type Replacement } from '../pods/replace-pods.ts';
import { workloadPath } from '../pods/unchanged.ts';
import type { Acted, ActContext, NoDraft, PlanContext } from '../remedy.ts';
import type { QueryLogData } from './data.ts';
import { no } from './why-not.ts';

const add = { next: ['Add the line reload to the Corefile and restart CoreDNS once: then queries can be logged without any restart.'] };

/** How pods are replaced that do not reload by themselves; null: they reload; else why they must not be replaced now. Rejects with a Failure. */
export async function replacementFor(context: PlanContext, corefile: Corefile, after: string): Promise<QueryLogData['replace'] | NoDraft> {
  if (hasReload(corefile)) return null;
  const facts = await podFacts(context);
  if ('why' in facts) return facts;
  const { pods, gates, budgets } = facts;
  const why = 'the Corefile has no reload plugin, so every pod would have to be replaced to begin, and again to end';
  if (pods.filter(({ ready }) => ready).length < 2) return no('unsafe', `${why}, and there are not two that are ready`, add);
  const refused = budgetRefusal(budgets ?? [], true);
  if (refused !== null) return no('unsafe', `${why}, and ${refused}`, add);
  const order = inOrder(pods, conditionOf(facts, context.evidence, context.now()));
  return { pods: order.map(planned), gates: { ...gates, corefile: { ...gates.corefile, sha512: sha512Hex(after) } } };
}

/** The gates as they are now: pods were replaced since they were planned, by us. Rejects with a Failure. */
async function gatesNow({ port, signal }: ActContext, gates: PodGates, text: string): Promise<PodGates> {
  const where = { namespace: gates.workload.namespace, selector: gates.selector };
  const [workload, live] = await Promise.all([port.get(workloadPath(gates.workload), {}, { signal }), livePods(port, where, { signal })]);
  const pods = toServe(live);
  const generation = Number(workload['metadata']?.['generation'] ?? gates.workload.generation);
  return {
    ...gates,
    workload: { ...gates.workload, generation },
    corefile: { ...gates.corefile, sha512: sha512Hex(text) },
    known: live.map(({ uid }) => uid),
    ready: pods.filter(({ ready }) => ready).map(({ uid }) => uid),
    count: Math.max(1, pods.length),
  };
}

/** The pods that do not run this text, as far as their logs say. Rejects with a Failure. */
async function behind(context: ActContext, { selector, workload }: PodGates, text: string): Promise<PlannedPod[]> {
  const wanted = corefileSha512(text);
  const pods = toServe(await livePods(context.port, { namespace: workload.namespace, selector }, { signal: context.signal }));
  const found: PlannedPod[] = [];
  for (const pod of pods) {
    const seen = newlyWatched();
    await readOn(context, pod, seen, context.now());
    if (seen.running === null || seen.running !== wanted) found.push(planned(pod));
  }
  return found;
}

/** Replaces pods by ones that run what stands there; may be called again. */
export type Replaces = (context: ActContext, replacement: Replacement) => Promise<Acted>;

/** Replaces the pods that do not run this text, one after the other. Null: all run it. Rejects with a Failure. */
export async function renew(context: ActContext, gates: PodGates, text: string, replaces: Replaces = replacePods): Promise<Acted | null> {
  const pods = await behind(context, gates, text);
  return pods.length === 0 ? null : replaces(context, { pods, gates: await gatesNow(context, gates, text) });
}
