import { Failure } from '../../base/failure.ts';
import type { Json } from '../../cluster/port.ts';
import type { PlannedPod } from '../../domain/plan.ts';
import { ASIDE } from '../pods/aside.ts';
import { evict, type Evicted } from '../pods/evict.ts';
import { podPath } from '../pods/pod-path.ts';
import type { ActContext } from '../remedy.ts';

const MERGE = 'application/merge-patch+json';

/** The labels that a selector asks for as they are: `k8s-app=kube-dns,tier=dns`. */
const labelsIn = (selector: string): [string, string][] =>
  selector.split(',').flatMap((part): [string, string][] => {
    const [, key, value] = /^\s*([\w./-]+)\s*==?\s*([\w.-]*)\s*$/.exec(part) ?? [];
    return key === undefined ? [] : [[key, value ?? '']];
  });

/** Whether the pod with this uid is one that we have taken out of its workload. Rejects with a Failure. */
async function isAside({ port, signal }: ActContext, pod: PlannedPod, labels: readonly [string, string][]): Promise<boolean> {
  try {
    const { metadata } = await port.get(podPath(pod), {}, { signal });
    return metadata?.uid === pod.uid && labels.length > 0 && labels.every(([key]) => metadata?.labels?.[key] === ASIDE);
  } catch (error) {
    if (error instanceof Failure && error.reason === 'missing') return false;
    throw error;
  }
}

async function relabel(context: ActContext, pod: PlannedPod, labels: Json): Promise<void> {
  context.mayWrite();
  await context.port.patch(podPath(pod), { metadata: { uid: pod.uid, labels } }, MERGE, { signal: context.signal });
  const object = { apiVersion: 'v1', kind: 'Pod', namespace: pod.namespace, name: pod.name };
  await context.wrote({ object, how: 'put aside', resourceVersion: null });
}

/** One try: nobody waits for a budget here. */
const evictOnce = (context: ActContext, pod: PlannedPod): Promise<Evicted> =>
  evict({ ...context, stopping: AbortSignal.abort() }, pod, () => undefined);

/**
 * Lets a pod go that crashes, and so serves nobody, where its budget counts it all the same: with other labels it is no pod of the workload any more,
 * which starts another at once. Gives what came of it; a pod that cannot be let go starts again by itself. Rejects with a Failure.
 */
export async function letGo(context: ActContext, pod: PlannedPod, selector: string): Promise<Evicted> {
  const labels = labelsIn(selector);
  if (labels.length === 0) return { is: 'refused', says: 'it cannot be told by its labels' };
  try {
    await relabel(context, pod, Object.fromEntries(labels.map(([key]) => [key, ASIDE])));
  } catch (error) {
    const isLost = error instanceof Failure && !context.signal.aborted;
    if (!isLost || !(await isAside(context, pod, labels))) {
      if (!isLost) throw error;
      return { is: 'refused', says: error.message };
    }
  }
  return evictOnce(context, pod);
}

/** Evicts one that an earlier try has taken out of its workload, and left there. Rejects with a Failure. */
export async function finishLettingGo(context: ActContext, pod: PlannedPod, selector: string): Promise<void> {
  if (await isAside(context, pod, labelsIn(selector))) await evictOnce(context, pod);
}
