import type { RunSummary } from '../../../domain/run.ts';
import { duration } from '../../terminal/amounts.ts';
import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { few } from '../text/escape.ts';
import { aside, line } from '../text/parts.ts';
import { shortState } from '../text/states.ts';
import { bold, dayOf, joined, name, nothing, ours, type Words, words } from '../text/words.ts';
import { type Audience, personFor } from './audience.ts';
import { inSections } from './clusters.ts';

const mostRuns = 20;

/** A run in a line: when, what came of it, who asked, its id. `cluster` only where the list is of several. */
export function runWords(run: RunSummary, audience: Audience, withCluster: boolean): Words {
  const took = run.endedAt === null ? nothing : ours(duration(Math.max(0, run.endedAt - run.createdAt)));
  return joined(
    [
      dayOf(run.createdAt),
      withCluster ? name(run.cluster) : nothing,
      run.kind === 'check' ? shortState(run.state, run.status) : words`${ours(run.kind)} ${shortState(run.state, null)}`,
      run.cause === null ? nothing : name(run.cause, 80),
      took,
      personFor(audience, run.askedBy),
      words`run ${name(run.id, 40)}`,
    ],
    ' · ',
  );
}

/** The last runs of a cluster, newest first. */
export function historyMessage(cluster: string, runs: readonly RunSummary[], audience: Audience = 'one'): Message {
  if (runs.length === 0) return messageOf([line(words`No run of ${name(cluster)} is kept.`)]);
  const { shown, more } = few(runs, mostRuns);
  return messageOf([
    line(words`${bold(ours('Last runs'))} · ${name(cluster)}`),
    ...inSections(shown.map((run) => runWords(run, audience, false))).map((section) => line(section)),
    ...(more === 0 ? [] : [aside(words`and ${more} older ones`)]),
  ]);
}
