import { livePods, toServe } from '../pods/live-pod.ts';
import type { ActContext } from '../remedy.ts';
import { hasLoaded, newlyWatched, readOn, type Watched } from './watch.ts';

/** Where the pods of CoreDNS are. */
export interface Pods {
  namespace: string;
  /** Label selector, as a query says it. */
  selector: string;
}

/** What is to be loaded. */
export interface Wanted {
  /** SHA-512 that CoreDNS logs for the text; null: it cannot be known from here, then any new one is taken for it. */
  sha512: string | null;
  /** When the text was written, milliseconds since 1970. */
  since: number;
}

/** The kubelet brings a changed ConfigMap within a minute and some, and CoreDNS looks every 22 to 38 s: 100 s at most are usual. Milliseconds. */
export const LOAD_MS = 180_000;
const LOOK_MS = 3_000;

/** What came of waiting: all pods run it, one refused it, some had not by the end, or somebody wanted it stopped. */
export type Load =
  { is: 'loaded'; pods: number } | { is: 'failed'; pod: string; says: string } | { is: 'late' | 'stopped'; pods: string[] };

const tell = (context: ActContext, began: number, loaded: number, of: number, is: Load['is'] | null): void =>
  context.say({
    id: 'loaded',
    title: `Waiting until CoreDNS has loaded it: ${loaded} of ${of} pods`,
    state: is === null ? 'running' : is === 'loaded' ? 'ok' : 'failed',
    reason: is === 'late' ? `not all within ${LOAD_MS / 60_000} minutes` : is === 'failed' ? 'a pod did not take it' : null,
    durationMs: is === null ? null : context.now() - began,
  });

/** One look at all ready pods. */
async function look(context: ActContext, where: Pods, wanted: Wanted, watched: Map<string, Watched>) {
  const pods = toServe(await livePods(context.port, where, { signal: context.signal })).filter(({ ready }) => ready);
  for (const pod of pods) {
    const seen = watched.get(pod.uid) ?? newlyWatched();
    watched.set(pod.uid, seen);
    if (!hasLoaded(seen, wanted.sha512)) await readOn(context, pod, seen, wanted.since);
  }
  const failed = pods.find(({ uid }) => watched.get(uid)?.failed != null);
  const missing = pods.filter(({ uid }) => !hasLoaded(watched.get(uid) ?? newlyWatched(), wanted.sha512));
  return { pods, missing, failed: failed === undefined ? null : { pod: failed.name, says: watched.get(failed.uid)?.failed ?? '' } };
}

/**
 * Waits until every ready pod runs the text: its log says so, which it does only after a start or reload that went well (the metric names the new
 * text even where the reload failed). Before it was written no reload had failed: one that fails now is about it.
 */
export async function untilLoaded(context: ActContext, where: Pods, wanted: Wanted): Promise<Load> {
  const watched = new Map<string, Watched>();
  const began = context.now();
  for (;;) {
    const { pods, missing, failed } = await look(context, where, wanted, watched);
    const names = missing.map(({ name }) => name);
    const over = (): Load | null => {
      if (failed !== null) return { is: 'failed', ...failed };
      if (pods.length > 0 && missing.length === 0) return { is: 'loaded', pods: pods.length };
      if (context.stopping.aborted) return { is: 'stopped', pods: names };
      return context.now() - began >= LOAD_MS ? { is: 'late', pods: names } : null;
    };
    const load = over();
    tell(context, began, pods.length - missing.length, pods.length, load?.is ?? null);
    if (load !== null) return load;
    await context.pause(LOOK_MS);
  }
}
