import { Failure } from '../../base/failure.ts';
import type { PlannedPod } from '../../domain/plan.ts';
import { whyNotEnded, whyNotReplaced } from './after-eviction.ts';
import { putAside, putBack, type Stage, stageOf } from './aside.ts';
import { whyNotEvict } from './before-eviction.ts';
import { evict } from './evict.ts';
import { type LivePod, livePod } from './live-pod.ts';
import { podPath } from './pod-path.ts';
import { look, othersServing, type Scene, serves } from './scene.ts';

/** How one pod came out: `untouched`: it stays as it is, and why; `broken`: something was done to it, and what came of it. */
export type One = { is: 'replaced' } | { is: 'untouched' | 'broken'; says: string };

type Say = (says: string) => void;

const budgetSays =
  (say: Say): Say =>
  (says) =>
    say(`waiting for its PodDisruptionBudget (${says})`);

/** A pod that is on its way, and the pods that served when it began; null: another worker saw them. */
interface Begun {
  stage: Stage;
  others: readonly LivePod[] | null;
}

/** One that gets queries is put aside first, where that can be done; one that gets none has nothing to lose. */
async function begin(scene: Scene, pod: PlannedPod, index: number, say: Say): Promise<Begun | { refused: string }> {
  const { context, gates } = scene;
  say('asking the others');
  const why = await whyNotEvict(scene, pod, index);
  if (why !== null) return { refused: why };
  if (context.stopping.aborted) return { refused: 'it was stopped before this pod was touched' };
  const seen = await look(scene);
  const others = othersServing(seen, pod.uid);
  const isServing = seen.pods.some((one) => one.uid === pod.uid && serves(one, seen));
  if (isServing && Object.keys(gates.aside).length > 0) {
    const refused = await putAside(context, gates, pod, budgetSays(say));
    return refused === null ? { stage: 'aside', others } : { refused: `pod ${pod.name} may not be evicted: ${refused}` };
  }
  const evicted = await evict(context, pod, budgetSays(say));
  return evicted.is === 'refused' ? { refused: `pod ${pod.name} may not be evicted: ${evicted.says}` } : { stage: 'ending', others };
}

/** The old pod is put back where its replacement does not come, and it still answers. Gives what is to be said of it. */
async function restored(scene: Scene, pod: PlannedPod): Promise<string> {
  const { context, gates, asker } = scene;
  try {
    const old = livePod(await context.port.get(podPath(pod), {}, { signal: context.signal }));
    const fault = await asker.ask({ ip: old?.ip ?? null, node: pod.node }, gates.questions, 3);
    if (fault !== null) return `the old pod ${pod.name} runs on, but out of the Service, for it does not answer either (${fault})`;
    await putBack(context, gates, pod);
    return `the old pod ${pod.name} was put back and serves again`;
  } catch (error) {
    if (!(error instanceof Failure) || context.signal.aborted) throw error;
    return `the old pod ${pod.name} runs on, but could not be put back into the Service: ${error.message}`;
  }
}

async function finish(scene: Scene, pod: PlannedPod, { stage, others }: Begun, say: Say): Promise<One> {
  const { context } = scene;
  const began = context.now();
  const why = await whyNotReplaced(scene, pod, others, say);
  if (why !== null) return { is: 'broken', says: stage === 'aside' ? `${why}; ${await restored(scene, pod)}` : why };
  if (stage === 'aside') {
    const evicted = await evict(context, pod, budgetSays(say));
    if (evicted.is === 'refused')
      return { is: 'broken', says: `the old pod ${pod.name} is out of the Service, but may not be evicted: ${evicted.says}` };
  }
  const left = await whyNotEnded(scene, pod, stage === 'aside' ? context.now() : began, say);
  return left === null ? { is: 'replaced' } : { is: 'broken', says: left };
}

/**
 * Replaces one pod: puts it aside (or evicts it at once, where it does not serve), waits for its replacement, and evicts it. A pod that is on its
 * way already is gone on with where it stands. A Failure in between is said as what came of it.
 */
export async function replaceOne(scene: Scene, pod: PlannedPod, index: number, say: Say): Promise<One> {
  const { context, gates } = scene;
  try {
    const found = await stageOf(context, gates, pod);
    const begun = found === 'there' ? await begin(scene, pod, index, say) : { stage: found, others: null };
    if ('refused' in begun) return { is: 'untouched', says: begun.refused };
    return await finish(scene, pod, begun, say);
  } catch (error) {
    if (!(error instanceof Failure) || context.signal.aborted) throw error;
    return { is: 'broken', says: error.message };
  }
}
