import { Failure } from '../../base/failure.ts';
import type { PlannedPod } from '../../domain/plan.ts';
import type { ActContext } from '../remedy.ts';
import { podPath } from './pod-path.ts';

/** A budget that allows no disruption now may allow one in a moment: it is asked again for so long, so often. Milliseconds. */
const [budgetWaitMs, budgetEveryMs] = [45_000, 5_000];

/**
 * How an eviction ended. `evicted`: the pod is on its way out; `gone`: it was before; `refused`: it stays as it is, and why.
 */
export type Evicted = { is: 'evicted' } | { is: 'gone' } | { is: 'refused'; says: string };

/** With the uid as precondition a pod of the same name that came later is not touched. */
const eviction = ({ namespace, name, uid }: PlannedPod, isTrial: boolean) => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { namespace, name },
  deleteOptions: { preconditions: { uid }, ...(isTrial ? { dryRun: ['All'] } : {}) },
});

/** Whether the pod with this uid is on its way out or gone: what an answer that got lost would have said. Rejects with a Failure. */
async function isLeaving({ port, signal }: ActContext, pod: PlannedPod): Promise<boolean> {
  try {
    const { metadata } = await port.get(podPath(pod), {}, { signal });
    return metadata?.uid !== pod.uid || typeof metadata?.deletionTimestamp === 'string';
  } catch (error) {
    if (error instanceof Failure && error.reason === 'missing') return true;
    throw error;
  }
}

/** What the API server said, without the request that it said it to. */
const words = ({ message }: Failure): string => message.replace(/^the API server answered \d{3} to POST \S+: /, '');

/** One try: `busy` holds the words of the budget. */
async function tryOnce(context: ActContext, pod: PlannedPod, isTrial: boolean): Promise<Evicted | { is: 'busy'; says: string }> {
  const { port, signal } = context;
  try {
    context.mayWrite();
    await port.create(`${podPath(pod)}/eviction`, eviction(pod, isTrial), { signal });
    return { is: 'evicted' };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.status === 429) return { is: 'busy', says: words(error) };
    if (error.status === 404 || error.status === 409) return (await isLeaving(context, pod)) ? { is: 'gone' } : refusal(error);
    // no answer came, or one from the way there: it may have happened all the same
    if (error.status === undefined || error.status >= 500) return (await isLeaving(context, pod)) ? { is: 'evicted' } : refusal(error);
    throw error;
  }
}

const refusal = (error: Failure): Evicted => ({ is: 'refused', says: words(error) });

/** Asks until the budget allows it, or its time is over. */
async function untilAllowed(context: ActContext, pod: PlannedPod, isTrial: boolean, onWait: (says: string) => void): Promise<Evicted> {
  const end = context.now() + budgetWaitMs;
  for (;;) {
    const tried = await tryOnce(context, pod, isTrial);
    if (tried.is !== 'busy') return tried;
    if (context.now() >= end || context.stopping.aborted) return { is: 'refused', says: tried.says };
    onWait(tried.says);
    await context.pause(budgetEveryMs);
  }
}

/**
 * Evicts a pod through the API that asks PodDisruptionBudgets; it is never deleted past them. Where a budget allows none now it waits a little,
 * then refuses with the words of the API server. May be called again: a pod that is on its way out already is `gone` or `evicted`. Rejects with
 * a Failure when we may not.
 */
export async function evict(context: ActContext, pod: PlannedPod, onWait: (says: string) => void): Promise<Evicted> {
  const evicted = await untilAllowed(context, pod, false, onWait);
  if (evicted.is === 'evicted') {
    const object = { apiVersion: 'v1', kind: 'Pod', namespace: pod.namespace, name: pod.name };
    await context.wrote({ object, how: 'evicted', resourceVersion: null });
  }
  return evicted;
}

/** Whether the API server would evict a pod: asks PodDisruptionBudgets as `evict` does and changes nothing. Null: it would; else its words. */
export async function tryEviction(context: ActContext, pod: PlannedPod, onWait: (says: string) => void): Promise<string | null> {
  const tried = await untilAllowed(context, pod, true, onWait);
  return tried.is === 'refused' ? tried.says : tried.is === 'gone' ? 'it is gone already' : null;
}
