import type { ModalView } from '@slack/types';
import type { Message } from '../report/slack/message.ts';
import { loadingModal } from '../report/slack/views/modal.ts';
import type { Counter, RequestKind } from './counter.ts';
import { errorFields } from './log.ts';
import { type Answer, answerOrTrouble } from './serve.ts';
import { inTurn, type Tell } from './tell.ts';

/** A window that says what a message says. */
export const windowOf = ({ blocks }: Message): ModalView => ({ ...loadingModal(), blocks });

/** Into the window that is open: the person is looking at it. */
export const intoWindow =
  ({ asking }: Pick<Counter, 'asking'>, viewId: string): Tell =>
  async (message) => {
    await asking.views.update({ view_id: viewId, view: windowOf(message) });
  };

async function open({ asking, log }: Counter, trigger: string): Promise<string | null> {
  try {
    const { view } = await asking.views.open({ trigger_id: trigger, view: loadingModal() });
    return view?.id ?? null;
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
}

/**
 * Opens a window that says that it loads, and then does the work: a trigger lasts three seconds, and nothing slower may come before. What the
 * person is told is told in the window. `work` gets its id; null where Slack opened none.
 */
export async function inWindow(
  counter: Counter,
  { kind, trigger, otherwise }: Opener,
  work: (viewId: string | null) => Promise<Answer>,
): Promise<Answer> {
  const viewId = await open(counter, trigger);
  const answer = await answerOrTrouble(counter, kind, () => work(viewId));
  return { ...answer, tell: viewId === null ? otherwise : inTurn(intoWindow(counter, viewId), otherwise) };
}
