import { wishOf } from '../../access/changes/life.ts';
import { termsOf } from '../../access/changes/terms.ts';
import type { ChangeTerms } from '../../domain/change.ts';
import { troubleMessage } from '../../report/slack/replies/trouble.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import type { ChangeName } from './named.ts';

/** What is said of a button or a window that leads to nothing here (any more). It tells nobody whether there is such an order elsewhere. */
export const notActive: Answer = {
  outcome: 'usage',
  message: troubleMessage({ says: 'This button is not active any more.', next: null, id: null }),
};

/**
 * The order that is named, if the run that proposed it stands in this channel: a button that was copied into another one leads nowhere. Null
 * also for an order that is not known any more.
 */
export async function orderAt(
  { desk, clusters }: Pick<Counter, 'desk' | 'clusters'>,
  { channel }: Situation['place'],
  { run, change: id }: ChangeName,
): Promise<KnownChange | null> {
  const known = await desk.change(run, id);
  if (known === null || known.change.id !== id || known.record.id !== run) return null;
  const { places, cluster } = known.record;
  const isHere = places.some((place) => place.channel === channel);
  return isHere && clusters.includes(cluster) && known.change.plan.cluster === cluster ? known : null;
}

/** What the policy asks for this order now. */
export const termsNow = ({ policy }: Pick<Counter, 'policy'>, { record, change }: KnownChange): ChangeTerms =>
  termsOf(policy, wishOf(change, record), Date.now());
