import { SLACK_LIMITS } from './limits.ts';
import { choice, choosing, eitherOptions, option, optionGroups, options } from './options.ts';
import { richText } from './rich-text.ts';
import { all, anything, boolean, integer, list, object, oneOf, string, type Fields, type Rule } from './shape.ts';
import { confirm, plainText, webAddress } from './texts.ts';

const id = string(SLACK_LIMITS.id, 'an id');
const placeholder = plainText(SLACK_LIMITS.placeholder, 'a placeholder');
const dispatch = object({}, { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2, 'a dispatch configuration') });

/** An element that a person fills in. */
const input = (required: Fields, optional: Fields = {}): Rule =>
  object({ type: anything, ...required }, { action_id: id, focus_on_load: boolean, ...optional });

const picker = (optional: Fields): Rule => input({}, { confirm, placeholder, ...optional });
const many: Fields = { max_selected_items: integer(1, 1_000) };
const ids = list(id, 1_000, 'this', 0);
const filter = object(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public'), 4, 'a filter'),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
);
const conversations: Fields = { default_to_current_conversation: boolean, filter };
const search: Fields = { min_query_length: integer(0, 1_000) };
const listed = (optional: Fields): Rule => choosing(all(picker({ options, option_groups: optionGroups, ...optional }), eitherOptions));
const text = (optional: Fields = {}): Rule => input({}, { placeholder, dispatch_action_config: dispatch, ...optional });
const initial = string(3_000, 'an initial value', 0);

/** Menus to choose from. */
export const SELECTS: Fields = {
  static_select: listed({ initial_option: option }),
  multi_static_select: listed({ initial_options: list(option, SLACK_LIMITS.options), ...many }),
  external_select: picker({ initial_option: option, ...search }),
  multi_external_select: picker({ initial_options: list(option, SLACK_LIMITS.options), ...search, ...many }),
  users_select: picker({ initial_user: id }),
  multi_users_select: picker({ initial_users: ids, ...many }),
  conversations_select: picker({ initial_conversation: id, response_url_enabled: boolean, ...conversations }),
  multi_conversations_select: picker({ initial_conversations: ids, ...conversations, ...many }),
  channels_select: picker({ initial_channel: id, response_url_enabled: boolean }),
  multi_channels_select: picker({ initial_channels: ids, ...many }),
};

/** Choices and dates: in sections, actions and inputs. */
export const PICKERS: Fields = {
  checkboxes: choosing(
    input(
      { options: list(choice, SLACK_LIMITS.choices, 'a group of checkboxes') },
      { confirm, initial_options: list(choice, SLACK_LIMITS.choices) },
    ),
  ),
  radio_buttons: choosing(
    input({ options: list(choice, SLACK_LIMITS.choices, 'a group of radio buttons') }, { confirm, initial_option: choice }),
  ),
  datepicker: picker({ initial_date: string(10, 'a date', 10) }),
  timepicker: picker({ initial_time: string(5, 'a time', 5), timezone: string(100, 'a time zone') }),
  datetimepicker: input({}, { confirm, initial_date_time: integer(1_000_000_000, 9_999_999_999) }),
};

/** Fields to write in: in input blocks only. */
export const WRITTEN: Fields = {
  plain_text_input: text({
    initial_value: initial,
    multiline: boolean,
    min_length: integer(0, 3_000),
    max_length: integer(1, 3_000),
  }),
  email_text_input: text({ initial_value: initial }),
  url_text_input: text({ initial_value: webAddress }),
  number_input: input(
    { is_decimal_allowed: boolean },
    { placeholder, dispatch_action_config: dispatch, initial_value: initial, min_value: initial, max_value: initial },
  ),
  rich_text_input: text({ initial_value: richText, min_lines: integer(1, 100), max_lines: integer(1, 100) }),
  file_input: object({ type: anything }, { action_id: id, filetypes: list(string(20), 100), max_files: integer(1, 10) }),
};
