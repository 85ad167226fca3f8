import type { ActContext } from '../remedy.ts';
import { livePods, toServe } from '../pods/live-pod.ts';
import type { QueryLogData } from './data.ts';
import { newlyWatched, readOn } from '../corefile/watch.ts';

/** So many pods are asked: others run the same. */
const MOST = 20;

/**
 * Whether the pods still are as the plan was made on: ready, running the text that stands in the ConfigMap, and no reload has failed. Null: they are;
 * else what is not so, one sentence. What a log does not say any more is taken for granted. Rejects with a Failure.
 */
export async function readiness(context: ActContext, { pods: where, loadedBefore }: QueryLogData): Promise<string | null> {
  const pods = toServe(await livePods(context.port, where, { signal: context.signal })).filter(({ ready }) => ready);
  if (pods.length === 0) return 'no CoreDNS pod is ready any more';
  for (const pod of pods.slice(0, MOST)) {
    const seen = newlyWatched();
    await readOn(context, pod, seen, context.now());
    if (seen.failed !== null) return `the last reload of ${pod.name} failed: ${seen.failed}`;
    if (loadedBefore !== null && seen.running !== null && seen.running !== loadedBefore)
      return `${pod.name} runs another Corefile than the ConfigMap has`;
  }
  return null;
}
