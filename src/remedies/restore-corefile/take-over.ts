import type { PlannedPod } from '../../domain/plan.ts';
import { summariseCorednsLog } from '../../formats/coredns-log.ts';
import { evict } from '../pods/evict.ts';
import { type LivePod, livePods, toServe } from '../pods/live-pod.ts';
import { LOAD_MS } from '../corefile/loaded.ts';
import { logOf } from '../corefile/pod-log.ts';
import type { ActContext } from '../remedy.ts';
import type { RestoreData } from './data.ts';

const LOOK_MS = 3_000;
/** A container that crashes starts again after five minutes at most (Kubernetes, "Container restarts"), and needs a moment then. Milliseconds. */
const BACK_OFF_MS = 330_000;
/** The line that says what runs may be as old as the pod. Seconds. */
const LOG_AGE = 90 * 86_400;
const TAIL = 5_000;

/** The pods that run it, and those that do not, with why as far as known. */
export interface TakenOver {
  done: string[];
  missing: { name: string; says: string }[];
}

/** A text to be run, and when it was written, in milliseconds since 1970. `slow`: pods that crashed start again by themselves, at their time. */
interface Wanted {
  running: string | null;
  since: number;
  slow?: boolean;
}

/** Null: it runs it, and is ready. */
async function whyNot(context: ActContext, pod: LivePod, { running, since }: Wanted): Promise<string | null> {
  if (!pod.ready) return pod.trouble ?? 'it is not ready';
  if (running === null) return null;
  const log = await logOf(context, pod, LOG_AGE, { tailLines: TAIL });
  if ('unreadable' in log) return `its log cannot be read: ${log.unreadable.slice(0, 200)}`;
  const said = summariseCorednsLog(log.text, new Date(context.now()));
  if (said.runningSha512 === running) return null;
  const failed = said.classes.find((one) => one.class === 'reload-failed' && Date.parse(one.lastAt ?? '') >= since);
  return failed === undefined ? 'it has not reloaded yet' : `its reload failed: ${failed.sample.slice(0, 200)}`;
}

function tell(context: ActContext, pod: LivePod, why: string | null, began: number): void {
  const title = `${pod.name}${pod.node === null ? '' : ` on ${pod.node}`} ${why === null ? 'runs the new Corefile' : `does not run it yet: ${why}`}`;
  const durationMs = why === null ? context.now() - began : null;
  context.say({ id: `load-${pod.uid.slice(0, 36)}`, title, state: why === null ? 'ok' : 'running', reason: null, durationMs });
}

/** One look at all pods; those that were seen to run it are not asked again. */
async function lookOnce(
  context: ActContext,
  where: NonNullable<RestoreData['pods']>,
  wanted: Wanted,
  ran: Set<string>,
  began: number,
): Promise<TakenOver> {
  const taken: TakenOver = { done: [], missing: [] };
  for (const pod of toServe(await livePods(context.port, where, { signal: context.signal }))) {
    // one that no node takes has no part in it
    if (pod.node === null) continue;
    const why = ran.has(pod.uid) && pod.ready ? null : await whyNot(context, pod, wanted);
    if (!ran.has(pod.uid) || why !== null) tell(context, pod, why, began);
    if (why === null) {
      ran.add(pod.uid);
      taken.done.push(pod.name);
    } else taken.missing.push({ name: pod.name, says: why });
  }
  return taken;
}

/** Waits until every pod runs a text and is ready, for three minutes at most, or where it is `slow`, as long as the kubelet may wait to start it. `stopping` ends it: what was written stays. Rejects with a Failure. */
export async function takenOver(context: ActContext, where: NonNullable<RestoreData['pods']>, wanted: Wanted): Promise<TakenOver> {
  const [began, ran] = [context.now(), new Set<string>()];
  for (;;) {
    const taken = await lookOnce(context, where, wanted, ran, began);
    const isOver = taken.done.length > 0 && taken.missing.length === 0;
    if (isOver || context.stopping.aborted || context.now() - began >= (wanted.slow === true ? BACK_OFF_MS : LOAD_MS)) return taken;
    await context.pause(LOOK_MS);
  }
}

/** Gives whether it stays as it is. A budget that counts it is kept to, though it serves nobody: it starts again by itself. */
async function isKept(context: ActContext, pod: PlannedPod): Promise<boolean> {
  const began = context.now();
  // one try: nobody waits for a budget here
  const { is } = await evict({ ...context, stopping: AbortSignal.abort() }, pod, () => undefined);
  const says =
    is === 'refused' ? 'is left to start again by itself: it may not be evicted now' : 'is evicted: it starts anew with the new Corefile';
  context.say({
    id: `evict-${pod.uid.slice(0, 36)}`,
    title: `${pod.name} ${says}`,
    state: 'ok',
    reason: null,
    durationMs: context.now() - began,
  });
  return is === 'refused';
}

/**
 * Evicts the pods that serve nobody, so that they start anew with what is written now instead of after their back-off. One that serves by now is
 * left; one that is not ready, and that a budget keeps, is left too. Gives whether there is one that was kept. Rejects with a Failure.
 */
export async function evictFailing(context: ActContext, { failing, pods }: RestoreData): Promise<boolean> {
  if (pods === null || failing.length === 0) return false;
  const live = toServe(await livePods(context.port, pods, { signal: context.signal }));
  let isSlow = false;
  for (const pod of failing) {
    if (context.stopping.aborted) return isSlow;
    const now = live.find(({ uid }) => uid === pod.uid);
    if (now !== undefined && (now.crashing || now.restarts >= 2 || !now.ready)) isSlow = (await isKept(context, pod)) || isSlow;
  }
  return isSlow;
}
