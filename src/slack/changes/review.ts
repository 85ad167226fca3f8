import { troubleMessage } from '../../report/slack/replies/trouble.ts';
import { reviewModal } from '../../report/slack/views/review.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { offer, type Window } from '../window.ts';
import { notActive, orderAt, termsNow } from './known.ts';
import { judgeOf, staysAnswer } from './move.ts';
import { type ChangeName, type Purpose, reviewToMetadata } from './named.ts';

/** A reason is still to be given: whether the person may is asked as if one had been. */
const SOME_REASON = 'to be given';

const notOpened: Answer = {
  outcome: 'failed',
  message: troubleMessage({ says: 'Slack did not open the window.', next: 'Press the button again.', id: null }),
};

/** What the person wrote with the wish that the order comes from. */
const reasonOf = ({ record: { request }, change: { plan } }: KnownChange): string | null =>
  request.remedy?.id === plan.remedy ? (request.reason ?? null) : null;

/**
 * Shows the plan in the window that is open, with what is to be said to it; or why this person cannot move the order from here now. Nothing is
 * moved by looking.
 */
export async function offerReview(
  counter: Counter,
  situation: Situation,
  { name, purpose, window }: { name: ChangeName; purpose: Purpose; window: Window | null },
): Promise<Answer> {
  const { place } = situation;
  const known = await orderAt(counter, place, name);
  if (known === null) return notActive;
  const { record, change } = known;
  const would = judgeOf(counter, situation, record, { doing: purpose, reason: SOME_REASON })(change);
  if ('not' in would) return staysAnswer(counter, situation, would.not, record, purpose);
  if (window === null) return notOpened;
  const privateMetadata = reviewToMetadata({ place, purpose, ...name });
  const view = reviewModal({ change, record, terms: termsNow(counter, known), purpose, privateMetadata, reason: reasonOf(known) });
  await offer(counter, window, view);
  return { outcome: 'form', message: null };
}
