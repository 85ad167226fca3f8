import type { PlannedPod } from '../../domain/plan.ts';
import type { LivePod } from './live-pod.ts';
import { look, othersServing, type Scene, type Seen } from './scene.ts';
import { changedSince } from './unchanged.ts';

/** A pod that is to carry all lookups is asked so often, each question, and again after so many milliseconds: a lost packet is no dead pod. */
const [shots, tries, againAfterMs] = [3, 3, 1_500];
/** So many of the others are asked at most: one that answers is enough. */
const mostAsked = 5;

/** A pod that was ready when this was planned and is not now, those before this one in the plan and itself left out. */
function lostSince({ gates, pods }: Scene, seen: Seen, index: number): string | null {
  const replaced = pods.slice(0, index + 1).map(({ uid }) => uid);
  const awaited = gates.ready.filter((uid) => !replaced.includes(uid));
  const lost = awaited.find((uid) => !seen.pods.some((pod) => pod.uid === uid && pod.ready && !pod.terminating));
  if (lost === undefined) return null;
  const pod = seen.pods.find(({ uid }) => uid === lost);
  return pod === undefined ? 'a pod that was ready has gone since this was planned' : `pod ${pod.name} is not ready any more`;
}

async function someAnswers({ asker, context, gates }: Scene, others: readonly LivePod[]): Promise<string | null> {
  let says = '';
  for (let round = 0; round < tries; round += 1) {
    for (const pod of others.slice(0, mostAsked)) {
      const fault = await asker.ask(pod, gates.questions, shots);
      if (fault === null) return null;
      says = `${pod.name}: ${fault}`;
    }
    await context.pause(againAfterMs);
  }
  return `no other CoreDNS pod answers (${says})`;
}

/**
 * Whether a pod may go: nothing of what was planned on has changed, the Corefile parses, and at least one other pod is ready, gets queries, and
 * answers at its own address. Null when it may, else why not. Rejects with a Failure.
 */
export async function whyNotEvict(scene: Scene, pod: PlannedPod, index: number): Promise<string | null> {
  const { context, gates } = scene;
  const changed = await changedSince(context.port, gates, { signal: context.signal });
  if (changed !== null) return changed;
  const seen = await look(scene);
  const lost = lostSince(scene, seen, index);
  if (lost !== null) return lost;
  const others = othersServing(seen, pod.uid);
  return others.length === 0 ? 'no other CoreDNS pod is ready and among the endpoints of the Service' : someAnswers(scene, others);
}
