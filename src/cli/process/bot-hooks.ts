import { setInterval, setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure.ts';
import type { ClusterState } from '../../domain/run.ts';
import type { RequestSeen } from '../../slack/counter.ts';
import type { WriteHooks } from '../../slack/thread/place.ts';
import { errorText, type Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';

const quietMs = 10_000;

/** Says the same trouble once in a while, not each second of an hour. */
export function seldom(log: Log, message: string): (error: unknown) => void {
  let last = 0;
  return (error) => {
    if (Date.now() - last < quietMs) return;
    last = Date.now();
    log.warn({ error: errorText(error) }, message);
  };
}

/** Counts what people ask for, and how fast it is acknowledged. */
export const countRequests =
  (metrics: Metrics) =>
  ({ kind, outcome, ackMs }: RequestSeen): void => {
    metrics.requests.inc({ kind, outcome });
    if (ackMs !== null) metrics.ack.observe({ kind }, ackMs / 1_000);
  };

/** Counts what is written into Slack, and tells of what should never be. */
export const writeHooks = (metrics: Metrics, log: Log): WriteHooks => ({
  onWrite: ({ method, outcome, error }) => {
    metrics.slackCalls.inc({ method, outcome, error: error ?? '' });
    if (outcome === 'gone' || outcome === 'blocks') log.warn({ method, outcome, error }, 'Slack does not take a message');
  },
  onInvalid: (slot, problems) => {
    metrics.invalidMessages.inc();
    log.error({ slot, problems: problems.slice(0, 3).join('; ') }, 'a message of ours breaks a limit of Slack and is said shorter');
  },
  onMaybeTwice: (run, slot, why) => {
    metrics.maybeTwice.inc();
    log.warn({ run, slot, why }, 'a message is sent again though it may stand there: the bot lacks a history scope');
  },
});

const lookEveryMs = 5_000;

/** Does something every few seconds until the signal fires; what it rejects with is told. */
export async function regularly(
  signal: AbortSignal,
  work: () => Promise<unknown>,
  onError: (error: unknown) => void,
  everyMs = lookEveryMs,
): Promise<void> {
  const ticks = setInterval(everyMs, undefined, { signal });
  try {
    for await (const _ of ticks) await work().catch(onError);
  } catch {
    // the signal has fired
  }
}

const mostSeconds = 15;

/** Tries again while Slack cannot be reached: threads of runs that go on wait, and nothing is lost. Other errors are thrown. */
export async function untilReachable<T>(log: Log, stopping: () => boolean, open: () => Promise<T>): Promise<T> {
  for (let seconds = 1; ; seconds = Math.min(mostSeconds, seconds * 2)) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof Failure) || stopping()) throw error;
      log.warn({ error: errorText(error), seconds }, 'trying again');
      await sleep(seconds * 1_000);
    }
  }
}

/** How many workers serve a cluster, as it was a moment ago; null where that is not known. */
export function workersKnown(clusters: () => Promise<ClusterState[]>) {
  let states: readonly ClusterState[] = [];
  return {
    look: async (): Promise<void> => {
      states = await clusters();
    },
    of: (cluster: string): number | null => states.find((state) => state.cluster === cluster)?.workers ?? null,
  };
}
