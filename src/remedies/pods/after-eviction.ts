import type { PlannedPod } from '../../domain/plan.ts';
import type { ActContext } from '../remedy.ts';
import { stageOf } from './aside.ts';
import { type LivePod, toServe } from './live-pod.ts';
import { look, othersServing, type Scene, type Seen, serves } from './scene.ts';

const lookEveryMs = 1_000;
/** Until a new pod is ready, besides the time that the old one may take to end: an image may have to be pulled. */
const readyWithinMs = 180_000;
/** kube-proxy writes its rules at most so long after an endpoint became ready (`minSyncPeriod` is 1 s), with a node that is slow. */
const programmedMs = 3_000;
/** Until a pod is gone, besides the time that it may take to end: the kubelet must say so. */
const endsWithinMs = 30_000;
/** Each question is asked a new pod so often. */
const shots = 5;
/** So many of the others are watched by lookups. */
const mostWatched = 3;

/** Null: it is as it should be. `waiting`: it may still become so. `broken`: it will not. */
type Progress = null | { is: 'waiting' | 'broken'; says: string };

const waiting = (says: string): Progress => ({ is: 'waiting', says });

const isNew = ({ gates }: Scene, { uid }: LivePod): boolean => !gates.known.includes(uid);

/** The first new pod that does not serve, and why. */
function replacement(scene: Scene, seen: Seen): Progress {
  const live = toServe(seen.pods);
  const fresh = live.filter((pod) => isNew(scene, pod));
  const crashing = fresh.find((pod) => pod.crashing || pod.restarts >= 2);
  if (crashing !== undefined)
    return { is: 'broken', says: `the new pod ${crashing.name} crashes (${crashing.trouble ?? 'again and again'})` };
  if (live.length < scene.gates.count) return waiting('its replacement is not there yet');
  const idle = fresh.find((pod) => !serves(pod, seen));
  if (idle === undefined) return null;
  if (!idle.ready) return waiting(`its replacement ${idle.name} is not ready yet${idle.trouble === null ? '' : ` (${idle.trouble})`}`);
  return waiting(`its replacement ${idle.name} is not among the endpoints of the Service yet`);
}

/** Asks new pods that have not been asked yet. */
async function answers(scene: Scene, seen: Seen): Promise<Progress> {
  for (const pod of toServe(seen.pods).filter((one) => isNew(scene, one) && !scene.answered.has(one.uid))) {
    const fault = await scene.asker.ask(pod, scene.gates.questions, shots);
    if (fault !== null) return waiting(`its replacement ${pod.name} does not answer as it should: ${fault}`);
    scene.answered.add(pod.uid);
  }
  return null;
}

/** A pod that served before and does not now, by what the API server says and by a lookup. */
async function regression(scene: Scene, seen: Seen, watched: readonly LivePod[]): Promise<string | null> {
  const lost = watched.find(({ uid }) => !seen.pods.some((pod) => pod.uid === uid && serves(pod, seen)));
  if (lost !== undefined) return `pod ${lost.name}, which was not to be touched now, does not serve any more`;
  const [question] = scene.gates.questions;
  const asked = question === undefined ? [] : watched.slice(0, mostWatched);
  const faults = await Promise.all(asked.map((pod) => scene.asker.ask(pod, [question!], 1)));
  const silent = faults.findIndex((fault) => fault !== null);
  return silent < 0 ? null : `pod ${asked[silent]!.name} has stopped answering: ${faults[silent]}`;
}

/** Remembers since when the replacement serves, and what was wrong at the last look. */
interface Watch {
  servesSince: number | null;
  worry: string | null;
  watched: readonly LivePod[] | null;
}

async function progress(scene: Scene, pod: PlannedPod, watch: Watch): Promise<Progress> {
  const seen = await look(scene);
  watch.watched ??= othersServing(seen, pod.uid).filter((one) => !isNew(scene, one) || scene.answered.has(one.uid));
  const worry = await regression(scene, seen, watch.watched);
  // one lost packet, or a look between two moments, is no regression yet
  if (worry !== null && watch.worry !== null) return { is: 'broken', says: worry };
  watch.worry = worry;
  const fresh = replacement(scene, seen) ?? (await answers(scene, seen));
  if (fresh !== null) {
    watch.servesSince = null;
    return fresh;
  }
  const now = scene.context.now();
  watch.servesSince ??= now;
  if (now < watch.servesSince + programmedMs) return waiting('every node takes over the new address');
  return worry === null ? null : waiting(worry);
}

/** Looks until it is as it should be. Null when it is, else why it stopped. */
async function until(
  context: ActContext,
  withinMs: number,
  state: () => Promise<Progress>,
  say: (says: string) => void,
): Promise<string | null> {
  const end = context.now() + withinMs;
  for (;;) {
    const found = await state();
    if (found === null) return null;
    if (found.is === 'broken') return found.says;
    if (context.now() >= end) return `not within ${Math.round(withinMs / 1_000)} s: ${found.says}`;
    say(found.says);
    await context.pause(lookEveryMs);
  }
}

/**
 * Waits until the place of a pod that was put aside or evicted is taken: all pods are there again, the new ones are ready, among the endpoints, and
 * answer at their own addresses; and nodes have had the time to take the new address over. Null when it is so, else why it stopped: a pod that
 * served does not any more, a new one crashes, or it took too long. `others`: the pods that served before; null: not known any more, then those that
 * do at the first look. Rejects with a Failure.
 */
export function whyNotReplaced(
  scene: Scene,
  pod: PlannedPod,
  others: readonly LivePod[] | null,
  say: (says: string) => void,
): Promise<string | null> {
  const watch: Watch = { servesSince: null, worry: null, watched: others };
  return until(scene.context, readyWithinMs + scene.gates.graceMs, () => progress(scene, pod, watch), say);
}

/** Waits until a pod that was evicted is gone, and its lameduck time has passed. Null when it is so, else why it stopped. Rejects with a Failure. */
export function whyNotEnded(
  { context, gates }: Scene,
  pod: PlannedPod,
  evictedAt: number,
  say: (says: string) => void,
): Promise<string | null> {
  const state = async (): Promise<Progress> => {
    const stage = await stageOf(context, gates, pod);
    if (stage !== 'gone') return waiting(`the old pod ${pod.name} has not ended`);
    return context.now() < evictedAt + gates.lameduckMs ? waiting('its lameduck time passes') : null;
  };
  return until(context, gates.graceMs + gates.lameduckMs + endsWithinMs, state, say);
}
