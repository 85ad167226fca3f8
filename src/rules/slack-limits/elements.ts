import { PICKERS, SELECTS, WRITTEN } from './inputs.ts';
import { SLACK_LIMITS } from './limits.ts';
import { overflowOption } from './options.ts';
import { all, anything, isBag, list, object, string, type Fields, type Rule } from './shape.ts';
import { confirm, plainText, style, textObject, webAddress } from './texts.ts';

const id = string(SLACK_LIMITS.id, 'an id');
const label = string(SLACK_LIMITS.accessibilityLabel, 'an accessibility label');
const buttonText = plainText(SLACK_LIMITS.buttonText, 'a button');
const buttonValue = string(SLACK_LIMITS.buttonValue, 'the value of a button', 0);

/** A button that a person presses. */
export const button: Rule = object(
  { type: anything, text: buttonText },
  { action_id: id, value: buttonValue, url: webAddress, style, confirm, accessibility_label: label },
);

const workflowButton = object(
  { type: anything, text: buttonText, workflow: anything },
  { action_id: id, style, confirm, accessibility_label: label },
);

const overflow = object(
  { type: anything, options: list(overflowOption, SLACK_LIMITS.overflowOptions, 'an overflow menu') },
  { action_id: id, confirm },
);

const slackFile = object({}, { id, url: webAddress });

/** An image comes from an address or from a file in Slack, not from both. */
const oneImage: Rule = (value, at, report) => {
  if (isBag(value) && (value['image_url'] === undefined) === (value['slack_file'] === undefined)) {
    report(at, 'must have either image_url or slack_file');
  }
};

/** An image, alone or beside text, with the fields that its holder adds. */
export function image(optional: Fields = {}): Rule {
  return all(
    object(
      { type: anything, alt_text: string(SLACK_LIMITS.altText, 'the alt text of an image') },
      { image_url: webAddress, slack_file: slackFile, ...optional },
    ),
    oneImage,
  );
}

const feedback = object({ text: buttonText, value: buttonValue }, { accessibility_label: label });

/** What a section has at its side. */
export const ACCESSORIES: Fields = {
  ...SELECTS,
  ...PICKERS,
  button,
  overflow,
  image: image(),
  workflow_button: workflowButton,
};

export const ACTIONS: Fields = {
  ...SELECTS,
  ...PICKERS,
  button,
  overflow,
  workflow_button: workflowButton,
  rich_text_input: WRITTEN['rich_text_input'] ?? anything,
};

export const INPUTS: Fields = { ...SELECTS, ...PICKERS, ...WRITTEN };

export const CONTEXT_ACTIONS: Fields = {
  feedback_buttons: object({ type: anything, positive_button: feedback, negative_button: feedback }, { action_id: id }),
  icon_button: object(
    { type: anything, icon: id, text: buttonText },
    { action_id: id, value: buttonValue, confirm, accessibility_label: label, visible_to_user_ids: list(id, 1_000) },
  ),
};

const contextText = textObject(SLACK_LIMITS.textObject, 'a context element');

export const CONTEXT: Fields = { image: image(), plain_text: contextText, mrkdwn: contextText };
