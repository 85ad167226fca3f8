import type { ChangeTerms } from '../../../domain/change.ts';
import type { Plan } from '../../../domain/plan.ts';
import type { RunRecord } from '../../../domain/run.ts';
import { line, type Part } from '../text/parts.ts';
import { bold, name, ours, words } from '../text/words.ts';

/**
 * What is known beside the record: how many workers serve the cluster (null: not known), and the time. `terms`: what the policy asks for a
 * change of a cluster now; null, and left out: not known.
 */
export interface Around {
  workers: number | null;
  now: number;
  terms?: (cluster: string, plan: Plan) => ChangeTerms | null;
}

/** A worker that has just started may not have said yet that it is there. */
const soonMs = 5_000;
/** A queue that is not served within this time is worth a word. */
const longWaitMs = 120_000;

/** Why a run does not begin, and that it had to begin again. */
export function waitingParts({ id, cluster, createdAt, progress: { state, attempt } }: RunRecord, { workers, now }: Around): Part[] {
  if (state === 'queued' && workers === 0 && now - createdAt > soonMs)
    return [
      line(
        words`⚠️ ${bold(ours('No worker serves'))} ${name(cluster)} ${bold(ours('now'))}, so nothing is looked at yet. It begins as soon as one is there: start or repair the worker of this cluster, or end this: cancel ${name(id, 40)}`,
      ),
    ];
  if (state === 'queued' && now - createdAt > longWaitMs)
    return [line(words`It still waits: the workers of ${name(cluster)} are busy with other runs.`)];
  if (state === 'running' && attempt > 1)
    return [line(words`⚠️ A worker died in the middle of it. It was started again: this is attempt ${attempt}.`)];
  return [];
}
