import type { RunRecord } from '../../../domain/run.ts';
import { stateWords } from '../text/states.ts';
import { name, user, type Words, words } from '../text/words.ts';

const kinds: Record<RunRecord['kind'], string> = { check: 'DNS check', doctor: 'Check of rights', change: 'Change' };

/**
 * The state of a run, without its result: `⏳ DNS check queued · cluster-a`. One that is done and has no result has failed. `person` shows the
 * one who cancelled it.
 */
export function stateHead({ progress, result, kind, cluster }: RunRecord, person: (id: string) => Words = user): Words {
  const { state, cancelledBy } = progress;
  const head = words`${stateWords(state === 'done' && result === null ? 'failed' : state, kinds[kind])} · ${name(cluster)}`;
  return state === 'cancelled' && cancelledBy !== null ? words`${head} · by ${person(cancelledBy)}` : head;
}
