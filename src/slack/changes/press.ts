import {
  APPROVE_CHANGE,
  DECLINE_CHANGE,
  REVIEW_CHANGE,
  SHOW_FILES,
  SHOW_LINES,
  STOP_CHANGE,
  UNDO_CHANGE,
} from '../../report/slack/thread/change-buttons.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { inWindow, type Opener } from '../window.ts';
import { showCapture } from './capture.ts';
import { notActive, orderAt } from './known.ts';
import { showLines } from './lines.ts';
import { moveOrder } from './move.ts';
import { type ChangeName, changeNamed, type Purpose } from './named.ts';
import { offerReview } from './review.ts';
import { stopOrder } from './stop.ts';

/** A button of an order that was pressed. `situation`: who presses it and where, as Slack says now. */
export interface OrderPress {
  action: string;
  value: unknown;
  situation: () => Promise<Situation>;
  opener: Omit<Opener, 'title'>;
}

/** Buttons that show the plan first. */
const REVIEWS: Readonly<Record<string, Purpose>> = { [REVIEW_CHANGE]: 'request', [APPROVE_CHANGE]: 'approve', [UNDO_CHANGE]: 'undo' };

type AtOnce = (counter: Counter, situation: Situation, known: KnownChange) => Promise<Answer>;

/** Buttons that do something at once. */
const AT_ONCE: Readonly<Record<string, AtOnce>> = {
  [DECLINE_CHANGE]: (counter, situation, known) => moveOrder(counter, situation, known, { doing: 'decline' }),
  [STOP_CHANGE]: stopOrder,
  [SHOW_LINES]: showLines,
  [SHOW_FILES]: showCapture,
};

/** The title of a window about an order, until its own is there. */
export const REVIEW_TITLE = 'Review a change';

async function atOnce(counter: Counter, { situation }: OrderPress, name: ChangeName, act: AtOnce): Promise<Answer> {
  const here = await situation();
  const known = await orderAt(counter, here.place, name);
  return known === null ? notActive : act(counter, here, known);
}

/**
 * Answers a press of a button of an order; null: it is none of those. Whoever sees a button can press it, and can send any value: the order, the
 * place and the person are looked up anew.
 */
export function pressedOrder(counter: Counter, press: OrderPress): Promise<Answer> | null {
  const { action, value, situation, opener } = press;
  const purpose = Object.hasOwn(REVIEWS, action) ? REVIEWS[action] : undefined;
  const act = Object.hasOwn(AT_ONCE, action) ? AT_ONCE[action] : undefined;
  if (purpose === undefined && act === undefined) return null;
  const name = changeNamed(value);
  if (name === null) return Promise.resolve(notActive);
  if (act !== undefined) return atOnce(counter, press, name, act);
  if (purpose === undefined) return null;
  return inWindow(counter, { ...opener, title: REVIEW_TITLE }, async (window) =>
    offerReview(counter, await situation(), { name, purpose, window }),
  );
}
