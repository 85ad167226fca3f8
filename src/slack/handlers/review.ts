import type { ViewResponseAction } from '@slack/bolt';
import { givenIn, type GivenWords, wrongAtOnce, wrongWith } from '../changes/given.ts';
import { notActive, orderAt } from '../changes/known.ts';
import { moveOrder } from '../changes/move.ts';
import { type Review, reviewFromMetadata } from '../changes/named.ts';
import { REVIEW_TITLE } from '../changes/press.ts';
import type { Counter } from '../counter.ts';
import { troubleMessage } from '../../report/slack/replies/trouble.ts';
import { loadingModal } from '../../report/slack/views/modal.ts';
import { type Answer, serve } from '../serve.ts';
import { type Situation, situate } from '../situation.ts';
import { byEphemeral, inTurn } from '../tell.ts';
import { intoWindow } from '../window.ts';
import { acknowledge } from './acknowledge.ts';
import type { SubmissionArrived } from './submission.ts';

const atOnce = (errors: Record<string, string> | null): ViewResponseAction =>
  errors === null ? { response_action: 'update', view: loadingModal(REVIEW_TITLE) } : { response_action: 'errors', errors };

/** Moves the order that was reviewed, or says why not. `situation` must be fresh. */
async function reviewed(counter: Counter, situation: Situation, review: Review, given: GivenWords): Promise<Answer> {
  const known = await orderAt(counter, review.place, review);
  if (known === null) return notActive;
  const wrong = wrongWith(counter, known, review, given);
  if (wrong === null) return moveOrder(counter, situation, known, { doing: review.purpose, reason: given.reason });
  // the fields are gone by now: the policy has changed in between, or the queue was slow when it was asked for what it wants
  const says = Object.values(wrong).join(' ');
  return { outcome: 'usage', message: troubleMessage({ says, next: 'Press the button in the thread again.', id: null }) };
}

/**
 * Hears a submitted review of an order. What the window carries says only which order; who it is, whether they may, how the order stands and what
 * the policy asks for is looked up anew.
 */
export const onReview =
  (counter: Counter) =>
  async ({ body, view, ack, context }: SubmissionArrived): Promise<void> => {
    const review = reviewFromMetadata(view.private_metadata);
    const given = givenIn(view.state.values);
    const wrong = review === null ? null : await wrongAtOnce(counter, review, given);
    const ackMs = await acknowledge(counter, { context }, () => ack(atOnce(wrong)));
    if (wrong !== null) return counter.onRequest({ kind: 'submission', outcome: 'usage', ackMs });
    const asker = { user: body.user.id, team: body.user.team_id ?? null, isBot: false };
    const inView = intoWindow(counter, { id: view.id }, REVIEW_TITLE);
    const tell = review === null ? inView : inTurn(inView, byEphemeral(counter.telling, { ...review.place, user: asker.user }));
    await serve(counter, { kind: 'submission', key: body.trigger_id, ackMs, tell }, async () => {
      if (review === null) return notActive;
      const { place } = review;
      const situation = await situate(counter, asker, { place, calledAs: counter.commandName, fresh: true });
      return reviewed(counter, situation, review, given);
    });
  };
