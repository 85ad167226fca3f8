import { z } from 'zod';
import { Failure } from '../../base/failure.ts';
import type { PlannedPod } from '../../domain/plan.ts';
import type { ActContext } from '../remedy.ts';
import { tryEviction } from './evict.ts';
import type { PodGates } from './gates.ts';
import { podPath } from './pod-path.ts';

/** The value of a label that picks no pod: neither the Service nor the workload takes the pod for its own then. */
export const ASIDE = 'dns-medic-aside';
/** Keeps on the pod what the labels were, for people who find it. */
const ANNOTATION = 'dns-medic/labels';
const MERGE = 'application/merge-patch+json';

const Json = z.object({
  metadata: z.object({
    uid: z.string(),
    deletionTimestamp: z.string().nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
});

/** How far a pod is: it serves (or should), is put aside, is on its way out, or is gone. */
export type Stage = 'there' | 'aside' | 'ending' | 'gone';

/** How far a pod is now. Rejects with a Failure. */
export async function stageOf({ port, signal }: ActContext, { aside }: PodGates, pod: PlannedPod): Promise<Stage> {
  try {
    const { metadata } = Json.parse(await port.get(podPath(pod), {}, { signal }));
    if (metadata.uid !== pod.uid) return 'gone';
    if (typeof metadata.deletionTimestamp === 'string') return 'ending';
    const keys = Object.keys(aside);
    return keys.length > 0 && keys.every((key) => metadata.labels?.[key] === ASIDE) ? 'aside' : 'there';
  } catch (error) {
    if (error instanceof Failure && error.reason === 'missing') return 'gone';
    throw error;
  }
}

/** Writes labels, and finds out what happened where no answer came. The uid is the precondition: a pod that came later is not touched. */
async function relabel(context: ActContext, gates: PodGates, pod: PlannedPod, wanted: 'aside' | 'there'): Promise<void> {
  const { port, signal } = context;
  const isAside = wanted === 'aside';
  const labels = Object.fromEntries(Object.entries(gates.aside).map(([key, value]) => [key, isAside ? ASIDE : value]));
  const annotations = { [ANNOTATION]: isAside ? JSON.stringify(gates.aside) : null };
  context.mayWrite();
  try {
    await port.patch(podPath(pod), { metadata: { uid: pod.uid, labels, annotations } }, MERGE, { signal });
  } catch (error) {
    const isLost = error instanceof Failure && (error.status === undefined || error.status >= 500) && !signal.aborted;
    if (!isLost || (await stageOf(context, gates, pod)) !== wanted) throw error;
  }
  const object = { apiVersion: 'v1', kind: 'Pod', namespace: pod.namespace, name: pod.name };
  await context.wrote({ object, how: isAside ? 'put aside' : 'put back', resourceVersion: null });
}

/**
 * Puts a pod aside: with other labels it is no endpoint of the Service any more and its ReplicaSet starts another, while it runs on and answers all
 * that is still sent to it. Nodes forget it long before it ends, so nothing is lost then, whatever its lameduck time is; and it can be put back. The
 * PodDisruptionBudget is asked first, by an eviction that is only tried. Null: done; else why not. Rejects with a Failure.
 */
export async function putAside(
  context: ActContext,
  gates: PodGates,
  pod: PlannedPod,
  onWait: (says: string) => void,
): Promise<string | null> {
  const tried = await tryEviction(context, pod, onWait);
  if (tried !== null) return tried;
  await relabel(context, gates, pod, 'aside');
  return null;
}

/** Puts a pod back that was put aside: it serves again, and its ReplicaSet takes it back in the place of one that does not. Rejects with a Failure. */
export const putBack = (context: ActContext, gates: PodGates, pod: PlannedPod): Promise<void> => relabel(context, gates, pod, 'there');
