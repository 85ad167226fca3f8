import { summariseCorednsLog } from '../../formats/coredns-log.ts';
import type { LivePod } from '../pods/live-pod.ts';
import type { ActContext } from '../remedy.ts';
import { logOf, type Part } from './pod-log.ts';

/** What a pod's log has said so far, of what it runs. */
export interface Watched {
  /** Milliseconds since 1970. */
  readUntil: number | null;
  /** SHA-512 of the last start or reload that went well. */
  running: string | null;
  /** It has started or reloaded since we look. */
  isNew: boolean;
  /** Why a reload failed that no good one has followed. */
  failed: string | null;
}

export const newlyWatched = (): Watched => ({ readUntil: null, running: null, isNew: false, failed: null });

/** Whether it runs the text; `sha512` null: any that it has taken since. */
export const hasLoaded = ({ running, isNew, failed }: Watched, sha512: string | null): boolean =>
  failed === null && running !== null && (sha512 === null ? isNew : running === sha512);

/** Of the log as it was: where a busy query log has pushed the start out of it, nothing is known of it. */
const [AS_IT_WAS, LONG_AGO]: [Part, number] = [{ tailLines: 2_000, maxBytes: 2_097_152 }, 90 * 86_400];
/** What comes in between two looks is read whole, unless it is more than that: then its end. */
const SINCE: Part = { maxBytes: 8_388_608 };
/** The clocks of nodes are not ours: a little is read twice. Milliseconds. */
const OVERLAP_MS = 3_000;

/** What a part of a log says; null: it cannot be read. */
async function saidIn(context: ActContext, pod: LivePod, sinceSeconds: number, part: Part) {
  const log = await logOf(context, pod, sinceSeconds, part);
  if ('unreadable' in log) return null;
  const { runningSha512, classes } = summariseCorednsLog(log.text, new Date(context.now()), () => undefined);
  const failed = classes.find((one) => one.class === 'reload-failed' && one.fields['afterReload'] !== 'false');
  return { running: runningSha512, failed: failed === undefined ? null : (failed.fields['message'] ?? failed.sample).slice(0, 200) };
}

/** Reads a pod's log on from where it was read to; the first time from `since` (milliseconds since 1970), and what it said before. */
export async function readOn(context: ActContext, pod: LivePod, seen: Watched, since: number): Promise<void> {
  const now = context.now();
  const isFirst = seen.readUntil === null;
  const before = isFirst ? await saidIn(context, pod, LONG_AGO, AS_IT_WAS) : null;
  if (before?.running != null) seen.running = before.running;
  const said = await saidIn(context, pod, (now - (seen.readUntil ?? since) + OVERLAP_MS) / 1_000, SINCE);
  if (said === null) return;
  seen.readUntil = now;
  if (said.running !== null) Object.assign(seen, { running: said.running, isNew: true, failed: null });
  if (said.failed !== null) seen.failed = said.failed;
}
