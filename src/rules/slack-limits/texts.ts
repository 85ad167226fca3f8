import { SLACK_LIMITS } from './limits.ts';
import { all, anything, boolean, isBag, kinds, object, string, under, type Rule } from './shape.ts';

/** Slack refuses text that is only white space as it refuses the empty one. */
const notBlank: Rule = (value, at, report) => {
  if (isBag(value) && typeof value['text'] === 'string' && value['text'] !== '' && value['text'].trim() === '') {
    report(under(at, 'text'), 'is only white space');
  }
};

const words = (max: number, what: string): Rule => string(Math.min(max, SLACK_LIMITS.textObject), what);

const plain = (max: number, what: string): Rule => all(object({ type: anything, text: words(max, what) }, { emoji: boolean }), notBlank);

const mrkdwn = (max: number, what: string): Rule =>
  all(object({ type: anything, text: words(max, what) }, { verbatim: boolean }), notBlank);

/** A text object of either kind, of at most `max` characters. `what` has it: "a section". */
export function textObject(max: number, what: string): Rule {
  return kinds({ plain_text: plain(max, what), mrkdwn: mrkdwn(max, what) }, what);
}

/** Text without formatting. */
export function plainText(max: number, what: string): Rule {
  return kinds({ plain_text: plain(max, what) }, what);
}

export function mrkdwnText(max: number, what: string): Rule {
  return kinds({ mrkdwn: mrkdwn(max, what) }, what);
}

/** An address on the web: http or https. */
export const webAddress: Rule = (value, at, report) => {
  string(SLACK_LIMITS.url, 'an address')(value, at, report);
  if (typeof value === 'string' && !/^https?:\/\/[^\s/]/i.test(value)) report(at, 'must be an http or https address');
};

/** The window that asks "are you sure?". */
export const confirm: Rule = object(
  {
    title: plainText(SLACK_LIMITS.confirmTitle, 'the title of a confirm dialog'),
    text: textObject(SLACK_LIMITS.confirmText, 'the text of a confirm dialog'),
    confirm: plainText(SLACK_LIMITS.confirmButton, 'a button of a confirm dialog'),
    deny: plainText(SLACK_LIMITS.confirmButton, 'a button of a confirm dialog'),
  },
  { style: (value, at, report) => style(value, at, report) },
);

/** The colour of a button. */
export const style: Rule = (value, at, report) => {
  if (value !== 'primary' && value !== 'danger') report(at, 'must be primary or danger, or left out');
};
