import { Failure } from '../../../base/failure.ts';
import { asText, isObject } from '../methods/arguments.ts';
import { nextTs, type Json, type World } from '../world/world.ts';

/** Something to press or fill in, and the block that it stands in. */
export interface Placed {
  block: Json;
  element: Json;
}

/** All that can be pressed or filled in, also inside containers and cards. */
export function elementsOf(blocks: readonly unknown[]): Placed[] {
  return blocks.filter(isObject).flatMap((block) => {
    const own = [block['accessory'], block['element'], ...listed(block['elements']), ...listed(block['actions'])];
    const here = own.filter(isObject).filter((element) => typeof element['action_id'] === 'string');
    const cards = block['type'] === 'carousel' ? listed(block['elements']) : [];
    return [...here.map((element) => ({ block, element })), ...elementsOf([...listed(block['child_blocks']), ...cards])];
  });
}

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** What a person presses by this name (and with this value, where several have the name). */
export function pressed(blocks: readonly unknown[], actionId: string, value: unknown): Placed {
  const named = elementsOf(blocks).filter(({ element }) => element['action_id'] === actionId);
  const placed = named.find(({ element }) => value === undefined || element['value'] === undefined || element['value'] === value);
  if (placed === undefined) throw new Failure('missing', `nothing there is called ${actionId}`);
  return placed;
}

/** What a choice or text is called in a payload, by the type of its element. */
const CHOSEN: Readonly<Record<string, string>> = {
  users_select: 'selected_user',
  multi_users_select: 'selected_users',
  conversations_select: 'selected_conversation',
  multi_conversations_select: 'selected_conversations',
  channels_select: 'selected_channel',
  multi_channels_select: 'selected_channels',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
};

const OF_OPTIONS = new Set(['static_select', 'external_select', 'radio_buttons', 'overflow']);
const OF_MANY_OPTIONS = new Set(['multi_static_select', 'multi_external_select', 'checkboxes']);

/** The state of an element when a person has given it this value; undefined: what it had at first. */
export function chosen(element: Json, value: unknown): Json {
  const type = asText(element['type']);
  if (OF_OPTIONS.has(type)) return { type, selected_option: option(element, value) };
  if (OF_MANY_OPTIONS.has(type)) {
    const values = value === undefined ? listed(element['initial_options']) : listed(value);
    return { type, selected_options: values.map((each) => (isObject(each) ? each : option(element, each))) };
  }
  const name = CHOSEN[type];
  const first = element[`initial_${(name ?? 'value').replace('selected_', '')}`];
  return { type, [name ?? 'value']: value ?? first ?? null };
}

function option(element: Json, value: unknown): unknown {
  if (value === undefined || value === null) return element['initial_option'] ?? null;
  const groups = listed(element['option_groups']).filter(isObject);
  const all = [element, ...groups].flatMap((holder) => listed(holder['options'])).filter(isObject);
  const picked = all.find((each) => each['value'] === value);
  if (picked === undefined && asText(element['type']) !== 'external_select')
    throw new Failure('missing', `no option ${JSON.stringify(value)} there`);
  return picked ?? { text: { type: 'plain_text', text: asText(value) }, value };
}

/** The action of a payload: an element that was pressed, with what was chosen in it. */
export function actionOf(world: World, { block, element }: Placed, value: unknown): Json {
  const { type, action_id, text, style } = element;
  const common = { type, action_id, block_id: block['block_id'], action_ts: nextTs(world) };
  if (type !== 'button' && type !== 'icon_button') return { ...common, ...chosen(element, value) };
  return {
    ...common,
    text,
    ...(style === undefined ? {} : { style }),
    ...(element['value'] === undefined ? {} : { value: element['value'] }),
  };
}
