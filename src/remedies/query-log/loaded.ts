import type { TextResult } from '../../cluster/port.ts';
import { summariseCorednsLog } from '../../formats/coredns-log.ts';
import type { ActContext } from '../remedy.ts';
import { type LivePod, livePods, toServe } from '../pods/live-pod.ts';

/** Where the pods of CoreDNS are. */
export interface Pods {
  namespace: string;
  /** Label selector, as a query says it. */
  selector: string;
}

const READ = { maxBytes: 4_194_304, timeoutMs: 10_000 };
/** So many last lines hold what comes after a query log was switched off. */
const TAIL = 5_000;

/** The log of a pod's CoreDNS since so many seconds; where it cannot be read, why. */
export async function logOf(
  { port, signal }: Pick<ActContext, 'port' | 'signal'>,
  { namespace, name }: Pick<LivePod, 'namespace' | 'name'>,
  sinceSeconds: number,
  more: { maxBytes?: number; tailLines?: number } = {},
): Promise<TextResult | { unreadable: string }> {
  const options = { namespace, pod: name, sinceSeconds: Math.max(1, Math.ceil(sinceSeconds)), timestamps: true, ...READ, ...more, signal };
  try {
    return await port.logs(options);
  } catch {
    try {
      return await port.logs({ ...options, container: 'coredns' });
    } catch (error) {
      signal.throwIfAborted();
      return { unreadable: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** How one pod stands: it runs the text, it refused it (why), or not yet. */
type PodState = { is: 'loaded' } | { is: 'waiting' } | { is: 'failed'; says: string };

async function stateOf(context: ActContext, pod: LivePod, wanted: string, since: number, off: boolean): Promise<PodState> {
  // queries flood the log behind the line that is looked for, or before it
  const log = await logOf(context, pod, (context.now() - since) / 1000 + 5, off ? { tailLines: TAIL } : {});
  if ('unreadable' in log) return { is: 'waiting' };
  const said = summariseCorednsLog(log.text, new Date(context.now()));
  if (said.runningSha512 === wanted) return { is: 'loaded' };
  const failed = said.classes.find((one) => one.class === 'reload-failed' && Date.parse(one.lastAt ?? '') >= since);
  return failed === undefined ? { is: 'waiting' } : { is: 'failed', says: failed.sample.slice(0, 300) };
}

/** The kubelet brings a changed ConfigMap within a minute and some, and CoreDNS looks every 30 s (facts: up to 100 s). Milliseconds. */
export const LOAD_MS = 180_000;
const LOOK_MS = 3_000;

/** What came of waiting: all pods run it, one refused it, or some had not by the end. */
export type Load = { is: 'loaded'; pods: number } | { is: 'failed'; pod: string; says: string } | { is: 'late'; pods: string[] };

/**
 * Waits until every pod that serves runs the text with this SHA-512: its log says so, which it does only after a start or reload that went well
 * (the metric names the new text even where the reload failed). `since`: when it was written; `off`: a query log ends with it.
 */
export async function untilLoaded(context: ActContext, where: Pods, wanted: string, since: number, off = false): Promise<Load> {
  const loaded = new Set<string>();
  const began = context.now();
  for (;;) {
    const pods = toServe(await livePods(context.port, where, { signal: context.signal })).filter(({ ready }) => ready);
    for (const pod of pods) {
      if (loaded.has(pod.uid)) continue;
      const state = await stateOf(context, pod, wanted, since, off);
      if (state.is === 'failed') return { is: 'failed', pod: pod.name, says: state.says };
      if (state.is === 'loaded') loaded.add(pod.uid);
    }
    const missing = pods.filter(({ uid }) => !loaded.has(uid));
    const title = `Waiting until CoreDNS has loaded it: ${pods.length - missing.length} of ${pods.length} pods`;
    const over = pods.length > 0 && missing.length === 0;
    context.say({ id: 'loaded', title, state: over ? 'ok' : 'running', reason: null, durationMs: over ? context.now() - began : null });
    if (over) return { is: 'loaded', pods: pods.length };
    if (context.now() - began >= LOAD_MS) return { is: 'late', pods: missing.map(({ name }) => name) };
    await context.pause(LOOK_MS);
  }
}
