import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../../src/cli/demo/stage.ts';
import { type Asked, type Seen, watchThreads } from './watch-threads.ts';
import { onCall } from './workspace.ts';

/** Until all threads are final, at the latest. */
const finalWithinMs = 300_000;
const lookEveryMs = 15;

/**
 * Asks for a check of each of these clusters at once, in these channels in turn, and waits until every thread is final. Gives since when each
 * stood. Rejects when one is not, and when a command was not acknowledged.
 */
export async function askAll({ slack }: Stage, clusters: readonly string[], channels: readonly string[]): Promise<readonly Seen[]> {
  const asked: Asked[] = clusters.map((cluster, index) => ({
    cluster,
    channel: channels[index % channels.length] ?? '',
    at: performance.now(),
    after: slack.messages(channels[index % channels.length] ?? '').at(-1)?.ts ?? '',
  }));
  const { seen, look } = watchThreads(slack, asked);
  const told = asked.map(({ channel, cluster }, index) =>
    slack.command(onCall[index % onCall.length] ?? '', channel, '/dns', `check ${cluster}`),
  );
  for (const began = performance.now(); !look(); await sleep(lookEveryMs)) {
    if (performance.now() - began < finalWithinMs) continue;
    throw new Error(
      `${seen.filter(({ thread }) => thread === null).length} of ${seen.length} threads are not final after ${finalWithinMs / 1_000} s`,
    );
  }
  if ((await Promise.all(told)).some(({ acked }) => !acked)) throw new Error('a command was not acknowledged');
  return seen;
}
