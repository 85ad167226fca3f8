import { SLACK_LIMITS } from './limits.ts';
import { anything, boolean, integer, kinds, list, object, oneOf, string, type Rule } from './shape.ts';
import { webAddress } from './texts.ts';

/** More than any message can hold: only so that every list has a bound. */
const MANY = 1_000;
/** Slack publishes no bound of its own for these texts; the weight of the whole message bounds them. */
const LONG = 40_000;

const inlineStyle = object({}, { bold: boolean, code: boolean, italic: boolean, strike: boolean, underline: boolean });

const id = string(SLACK_LIMITS.id, 'an id');

const inline = (fields: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule =>
  object({ type: anything, ...fields }, { style: inlineStyle, ...optional });

/** Only empty text is refused here: a lone space or line end between two parts is ordinary. */
const text = inline({ text: string(LONG, 'a text') });
const link = inline({ url: webAddress }, { text: string(LONG, 'a text'), unsafe: boolean });

const INLINE = {
  text,
  link,
  broadcast: inline({ range: oneOf('here', 'channel', 'everyone') }),
  color: inline({ value: string(32, 'a colour') }),
  channel: inline({ channel_id: id }),
  date: inline(
    { timestamp: integer(0, 99_999_999_999), format: string(1_000, 'a date') },
    { url: webAddress, fallback: string(1_000, 'a date') },
  ),
  emoji: inline({ name: string(SLACK_LIMITS.id, 'an emoji') }, { unicode: string(100, 'an emoji'), url: webAddress }),
  team: inline({ team_id: id }),
  user: inline({ user_id: id }),
  usergroup: inline({ usergroup_id: id }),
};

const parts = list(kinds(INLINE, 'rich text'), MANY, 'a rich text part');
const section = object({ type: anything, elements: parts });
const border = oneOf(0, 1);

const PARTS = {
  rich_text_section: section,
  rich_text_list: object(
    {
      type: anything,
      style: oneOf('bullet', 'ordered'),
      elements: list(kinds({ rich_text_section: section }, 'a rich text list'), MANY, 'a rich text list'),
    },
    { indent: integer(0, 8), offset: integer(0, 10_000), border },
  ),
  rich_text_quote: object({ type: anything, elements: parts }, { border }),
  rich_text_preformatted: object(
    { type: anything, elements: list(kinds({ text, link }, 'preformatted text'), MANY, 'preformatted text') },
    { border, language: string(100, 'a language') },
  ),
};

/** The parts of a rich text. */
export const richTextElements: Rule = list(kinds(PARTS, 'a rich_text block'), MANY, 'a rich_text block');

/** A rich text inside something else: a table cell, a task, a title. */
export const richText: Rule = kinds({ rich_text: object({ type: anything, elements: richTextElements }, { block_id: id }) }, 'this place');
