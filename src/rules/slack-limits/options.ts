import { SLACK_LIMITS } from './limits.ts';
import { all, asJson, isBag, list, object, string, under, type Rule } from './shape.ts';
import { plainText, textObject, webAddress } from './texts.ts';

const description = plainText(SLACK_LIMITS.optionText, 'the description of an option');
const value = string(SLACK_LIMITS.optionValue, 'the value of an option');

/** An option of a select: plain text only. */
export const option: Rule = object({ text: plainText(SLACK_LIMITS.optionText, 'an option'), value }, { description });

/** An option of radio buttons and checkboxes, which may be formatted. */
export const choice: Rule = object(
  { text: textObject(SLACK_LIMITS.optionText, 'an option'), value },
  { description: textObject(SLACK_LIMITS.optionText, 'the description of an option') },
);

/** An option of an overflow menu, which may open a page. */
export const overflowOption: Rule = object(
  { text: plainText(SLACK_LIMITS.optionText, 'an option'), value },
  { description, url: webAddress },
);

export const options: Rule = list(option, SLACK_LIMITS.options, 'a select');

export const optionGroups: Rule = list(
  object({ label: plainText(SLACK_LIMITS.optionText, 'the label of a group'), options }),
  SLACK_LIMITS.optionGroups,
  'a select',
);

/** A select has its options or groups of them, not both and not neither. */
export const eitherOptions: Rule = (element, at, report) => {
  if (!isBag(element)) return;
  const given = ['options', 'option_groups'].filter((key) => element[key] !== undefined);
  if (given.length !== 1) report(at, 'must have either options or option_groups');
};

/** What is chosen at first must be there to choose. */
export const initialIsThere: Rule = (element, at, report) => {
  if (!isBag(element)) return;
  const known = new Set(offered(element).map((each) => asJson(each)));
  const chosen = [element['initial_option'], element['initial_options']].flat().filter((each) => each !== undefined);
  if (chosen.some((each) => !known.has(asJson(each)))) {
    report(under(at, element['initial_option'] === undefined ? 'initial_options' : 'initial_option'), 'is none of the options');
  }
};

/** An element with a choice among options that it lists. */
export const choosing = (rule: Rule): Rule => all(rule, initialIsThere);

function offered(element: Record<string, unknown>): unknown[] {
  const groups = Array.isArray(element['option_groups']) ? element['option_groups'].filter(isBag) : [];
  return [element, ...groups].flatMap((holder) => (Array.isArray(holder['options']) ? holder['options'] : []));
}
