import type { App, BlockAction, MessageShortcut, ViewSubmitAction } from '@slack/bolt';
import { CHECK_CALLBACK } from '../../report/slack/views/fields.ts';
import { REVIEW_CALLBACK } from '../../report/slack/views/review.ts';
import type { Counter } from '../counter.ts';
import type { UnderWay } from '../under-way.ts';
import { onCommand } from './command.ts';
import { onHome } from './home.ts';
import { onMention } from './mention.ts';
import { onPress } from './press.ts';
import { onReview } from './review.ts';
import { CHECK_HERE, onShortcut } from './shortcut.ts';
import { onSubmission } from './submission.ts';

const ANY = /[^]*/;

/**
 * Hands everything that Slack sends to its handler. What none of them knows (a button of an older version, a shortcut that was renamed) is
 * acknowledged all the same: else the person sees an error after three seconds.
 */
export function register(app: App, counter: Counter, underWay: UnderWay): void {
  const shortcut = underWay.counted(onShortcut(counter));
  const submission = underWay.counted(onSubmission(counter));
  const review = underWay.counted(onReview(counter));
  app.command(ANY, underWay.counted(onCommand(counter)));
  app.event('app_mention', underWay.counted(onMention(counter)));
  app.event('app_home_opened', underWay.counted(onHome(counter)));
  app.action<BlockAction>({ type: 'block_actions', action_id: ANY }, underWay.counted(onPress(counter)));
  app.shortcut<MessageShortcut>({ type: 'message_action', callback_id: ANY }, (args) =>
    args.shortcut.callback_id === CHECK_HERE ? shortcut(args) : args.ack(),
  );
  app.shortcut({ type: 'shortcut', callback_id: ANY }, ({ ack }) => ack());
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: ANY }, (args) => {
    const { callback_id: form } = args.view;
    if (form === REVIEW_CALLBACK) return review(args);
    return form === CHECK_CALLBACK ? submission(args) : args.ack();
  });
  app.view({ type: 'view_closed', callback_id: ANY }, ({ ack }) => ack());
}
