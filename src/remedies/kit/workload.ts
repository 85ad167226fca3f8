import type { Json } from '../../cluster/port.ts';
import type { CorednsWorkload } from '../../domain/coredns.ts';
import type { ObjectRef, PlannedPod } from '../../domain/plan.ts';
import { selectorText } from '../../rules/selector-text.ts';
import { livePods, toServe } from '../pods/live-pod.ts';
import { corefileRefusal } from '../pods/plan-refusals.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';
import { objectName } from './edit.ts';
import { liveObject, seen, unread } from './read.ts';
import { rolled } from './rollout.ts';

/** A workload as it is now. */
export interface Target {
  object: ObjectRef;
  live: Json;
}

/** A template of pods whose change replaces them all; `spec.template.spec`, followed by what is in it. */
export const inPods = (...rest: string[]): string[] => ['spec', 'template', 'spec', ...rest];

/** A workload as it is now, or why there is none. Rejects with a Failure. */
export async function targetOf(context: PlanContext, object: ObjectRef): Promise<Target | NoDraft> {
  const live = await liveObject(context, object);
  return live === null ? { why: 'not-here', says: `there is no ${objectName(object)} any more` } : { object, live };
}

/** The Deployment of CoreDNS as it is now, or why there is none. Rejects with a Failure. */
export async function corednsTarget(context: PlanContext): Promise<(Target & { workload: CorednsWorkload }) | NoDraft> {
  const workload = seen(context.evidence, 'coredns-workload');
  if (workload === undefined) return unread(context.evidence, 'coredns-workload', 'the workload of CoreDNS');
  const { kind, namespace, name } = workload;
  if (kind !== 'Deployment')
    return { why: 'not-here', says: `CoreDNS is a ${kind} here (${namespace}/${name}): it is left to whoever made it so` };
  const target = await targetOf(context, { apiVersion: 'apps/v1', kind, namespace, name });
  return 'why' in target ? target : { ...target, workload };
}

/** Why new CoreDNS pods would not start; null: nothing speaks against it. */
export function newPodsRefusal(context: PlanContext): NoDraft | null {
  const corefile = seen(context.evidence, 'corefile');
  return corefile === undefined ? unread(context.evidence, 'corefile', 'the Corefile') : corefileRefusal(context, corefile);
}

/** Why a rollout should not be begun: another one is going on, or is held up. Null: nothing speaks against it. */
export function movingRefusal({ object, live }: Target): NoDraft | null {
  const now = rolled(live);
  const name = objectName(object);
  if (now?.isPaused === true) return { why: 'unsafe', says: `the rollout of ${name} is paused: nothing would come of the change` };
  if (now === null || now.isDone) return null;
  const says = `of ${now.wanted} pods of ${name} ${now.updated} are new and ${now.ready} ready: a rollout is going on, or cannot go on`;
  return { why: 'unsafe', says, next: ['Wait until it is over, or see why it does not end, then check again.'] };
}

/** What the way in which a workload replaces its pods costs; null: nothing that is worth a word. */
export function strategyWarning({ object, live }: Target): string | null {
  const type: unknown = live['spec']?.['strategy']?.['type'] ?? live['spec']?.['updateStrategy']?.['type'];
  if (type === 'Recreate')
    return `${objectName(object)} ends all its pods before it starts new ones (strategy Recreate): nobody answers in between.`;
  if (type === 'OnDelete') return `${objectName(object)} replaces its pods only when somebody deletes them (strategy OnDelete).`;
  return live['spec']?.['replicas'] === 1
    ? `${objectName(object)} has one pod; its successor is started before or after it ends, as its strategy says.`
    : null;
}

/** Pods named in a plan at most. */
const MOST_PODS = 20;

/** The pods of CoreDNS that a rollout replaces. Rejects with a Failure. */
export async function podsReplaced({ port, signal }: PlanContext, { namespace, selector }: CorednsWorkload): Promise<PlannedPod[]> {
  const pods = await livePods(port, { namespace, selector: selectorText(selector) }, { signal });
  return toServe(pods)
    .slice(0, MOST_PODS)
    .map(({ namespace: at, name, uid, node }) => ({ namespace: at, name, uid, node }));
}
