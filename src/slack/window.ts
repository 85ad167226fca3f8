import type { ModalView } from '@slack/types';
import { loadingModal, saidModal } from '../report/slack/views/modal.ts';
import type { Counter, RequestKind } from './counter.ts';
import { errorFields, slackError } from './log.ts';
import { type Answer, answerOrTrouble } from './serve.ts';
import { inTurn, type Tell } from './tell.ts';

/** A window that is open. `hash`: of what stands in it, so that nothing newer is written over; not known after a form was sent. */
export interface Window {
  id: string;
  hash?: string | undefined;
}

/** Puts something else into the window. */
export async function refill({ asking }: Pick<Counter, 'asking'>, { id, hash }: Window, view: ModalView): Promise<void> {
  await asking.views.update({ view_id: id, view, ...(hash === undefined ? {} : { hash }) });
}

/** As `refill`, where nothing is lost if the person has closed the window meanwhile: they do not want it any more. */
export async function offer(counter: Pick<Counter, 'asking'>, window: Window, view: ModalView): Promise<void> {
  await refill(counter, window, view).catch((error: unknown) => {
    if (slackError(error) !== 'not_found') throw error;
  });
}

/** Into the window that is open: the person is looking at it. */
export const intoWindow =
  (counter: Pick<Counter, 'asking'>, window: Window, title?: string): Tell =>
  (message) =>
    refill(counter, window, saidModal(title, message));

async function open({ asking, log }: Counter, { trigger, title }: Opener): Promise<Window | null> {
  try {
    const { view } = await asking.views.open({ trigger_id: trigger, view: loadingModal(title) });
    return view?.id === undefined ? null : { id: view.id, hash: view.hash };
  } catch (error) {
    log.warn(errorFields(error), 'a window could not be opened');
    return null;
  }
}

/** What opens a window, and how the person is told something where it does not open. */
export interface Opener {
  kind: RequestKind;
  trigger: string;
  otherwise: Tell;
  /** Of the window; that of the form for a check unless said. */
  title?: string;
}

/**
 * Opens a window that says that it loads, and then does the work: a trigger lasts three seconds, and nothing slower may come before. What the
 * person is told is told in the window. `work` gets it; null where Slack opened none.
 */
export async function inWindow(counter: Counter, opener: Opener, work: (window: Window | null) => Promise<Answer>): Promise<Answer> {
  const { kind, otherwise, title } = opener;
  const window = await open(counter, opener);
  const answer = await answerOrTrouble(counter, kind, () => work(window));
  return { ...answer, tell: window === null ? otherwise : inTurn(intoWindow(counter, window, title), otherwise) };
}
