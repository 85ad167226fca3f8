import type { ViewResponseAction } from '@slack/bolt';
import { start } from '../answers/start.ts';
import type { Counter } from '../counter.ts';
import { placeFromMetadata } from '../metadata.ts';
import { type FormState, type FormWish, wishOf } from '../parse/form.ts';
import { loadingModal, modalErrors } from '../../report/slack/views/modal.ts';
import { statusMessage } from '../../report/slack/replies/status.ts';
import { type Answer, serve } from '../serve.ts';
import { situate } from '../situation.ts';
import { byEphemeral, inTurn } from '../tell.ts';
import { intoWindow } from '../window.ts';
import { acknowledge, type Arrived } from './acknowledge.ts';

/** A form that was sent, as Bolt hands it over. */
export interface SubmissionArrived extends Arrived {
  body: { trigger_id: string; user: { id: string; team_id?: string } };
  view: { id: string; private_metadata: string; state: { values: FormState } };
  ack: (response: ViewResponseAction) => Promise<void>;
}

/** What the window says at once: where a field is wrong, or that the rest is under way. */
const atOnce = (wish: FormWish): ViewResponseAction =>
  'problems' in wish
    ? { response_action: 'errors', errors: modalErrors(wish.problems) }
    : { response_action: 'update', view: loadingModal() };

/** Hears the submitted form. Who it is and whether they may is asked again: the form was offered a while ago, and comes from a client. */
export const onSubmission =
  (counter: Counter) =>
  async ({ body, view, ack, context }: SubmissionArrived): Promise<void> => {
    const wish = wishOf(view.state.values, counter.clusters);
    const ackMs = await acknowledge(counter, { context }, () => ack(atOnce(wish)));
    const place = placeFromMetadata(view.private_metadata);
    if ('problems' in wish) return counter.onRequest({ kind: 'submission', outcome: 'usage', ackMs });
    const asker = { user: body.user.id, team: body.user.team_id ?? null, isBot: false };
    const inView = intoWindow(counter, { id: view.id });
    const tell = place === null ? inView : inTurn(inView, byEphemeral(counter.telling, { ...place, user: asker.user }));
    const heard = { kind: 'submission', key: body.trigger_id, ackMs, tell } as const;
    await serve(counter, heard, async (): Promise<Answer> => {
      if (place === null) throw new Error('a form without a place');
      const situation = await situate(counter, asker, { place, calledAs: counter.commandName });
      const { outcome, message, asked } = await start(counter, situation, { kind: 'check', ...wish });
      return { outcome, message: message ?? (asked === undefined ? null : statusMessage(asked.record)) };
    });
  };
