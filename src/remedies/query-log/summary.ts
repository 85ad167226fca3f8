import type { QuerySummary } from '../../domain/plan.ts';
import { summariseCorednsLog } from '../../formats/coredns-log.ts';
import { parseQueryLine } from '../../formats/query-log.ts';
import { livePods, type LivePod } from '../pods/live-pod.ts';
import type { ActContext } from '../remedy.ts';
import type { Classes } from './lines.ts';
import type { Pods } from '../corefile/loaded.ts';
import { logOf } from '../corefile/pod-log.ts';
import { podNames } from './pod-names.ts';
import { Tally } from './tally.ts';

/** So much of the end of each log is read, one after the other; of at most so many pods. */
const [MOST_BYTES, MOST_PODS] = [8_388_608, 20];
/** The newest lines are kept for those who ask for them: characters. */
const KEPT = 200_000;
const LONGEST_LINE = 1_000;

/** What the query log is to be summed up by. */
export interface Logging {
  zones: readonly string[];
  classes: Classes;
}

/** What all logs said, as far as it was read. */
interface Gathered {
  tally: Tally;
  newest: string[];
  cut: boolean;
  unreadable: number;
}

/** A line of the query log, or one that looks like it. */
const isQuery = (line: string): boolean => line.includes('[INFO] ') && / "\S+ (?:IN|CH|ANY|CLASS\d+) /.test(line);

const isError = (name: string): boolean =>
  name.startsWith('upstream-') || ['no-next-plugin', 'max-concurrent', 'no-healthy-proxies'].includes(name);

/** What dns-medic asks itself is nothing to keep. */
function isKept(line: string, tally: Tally): boolean {
  const query = parseQueryLine(line);
  return query === null || tally.counts(query);
}

/** The last of these lines, as many as are kept. */
function lastOf(lines: readonly string[]): string[] {
  let left = KEPT;
  const kept = lines.toReversed().filter((line) => (left -= line.length + 1) >= 0);
  return kept.toReversed();
}

/** Reads one log, if it is there. */
async function gather(context: ActContext, pod: LivePod, since: number, previous: boolean, into: Gathered): Promise<void> {
  const log = await logOf(context, pod, (context.now() - since) / 1_000 + 2, { maxBytes: MOST_BYTES, ...(previous ? { previous } : {}) });
  if ('unreadable' in log) {
    // the log of a container that has ended is not kept for ever
    into.cut ||= !previous;
    return;
  }
  into.tally.probesIn(log.text);
  let read = 0;
  const { classes } = summariseCorednsLog(log.text, new Date(context.now()), (line) => {
    read += 1;
    into.tally.query(line);
  });
  for (const { class: name, count, sample } of classes) if (isError(name)) into.tally.error(sample, count);
  const lines = log.text.split('\n').filter(isQuery);
  into.unreadable += Math.max(0, lines.length - read);
  into.cut ||= log.truncated;
  const kept = lines.filter((line) => isKept(line, into.tally)).map((line) => line.slice(0, LONGEST_LINE));
  into.newest = lastOf([...into.newest, ...lastOf(kept)].toSorted());
}

/**
 * What a query log said since `since` (milliseconds since 1970), in sum, and its newest lines: of all pods, also of those that were restarted in between.
 * The logs of pods that are gone are gone with them. Rejects only when the signal fires.
 */
export async function summedUp(
  context: ActContext,
  where: Pods,
  since: number,
  logging: Logging,
): Promise<{ queries: QuerySummary | null; lines: string[] }> {
  const seconds = Math.max(1, (context.now() - since) / 1_000);
  const began = context.now();
  const step = { id: 'lines', title: 'Reading what was logged', reason: null };
  context.say({ ...step, state: 'running', durationMs: null });
  const into: Gathered = { tally: new Tally(logging), newest: [], cut: false, unreadable: 0 };
  try {
    const pods = await livePods(context.port, where, { signal: context.signal });
    into.cut = pods.length > MOST_PODS;
    for (const pod of pods.slice(0, MOST_PODS)) {
      if (pod.restarts > 0) await gather(context, pod, since, true, into);
      await gather(context, pod, since, false, into);
    }
    const queries = into.tally.result({ seconds, cut: into.cut, unreadable: into.unreadable });
    context.say({ ...step, state: 'ok', durationMs: context.now() - began });
    return { queries: { ...queries, clients: await podNames(context, queries.clients) }, lines: into.newest };
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    context.say({ ...step, state: 'failed', reason, durationMs: context.now() - began });
    return { queries: null, lines: [] };
  }
}
