import { asText, isObject } from '../methods/arguments.ts';
import type { Json, World } from '../world/world.ts';
import { readMrkdwn, withEmoji } from './mrkdwn.ts';

/** A text object as a person reads it. */
export function textOf(world: World, text: unknown): string {
  if (!isObject(text)) return '';
  return text['type'] === 'mrkdwn' ? readMrkdwn(world, asText(text['text'])) : withEmoji(asText(text['text']));
}

/** Something to press or fill in, in brackets. */
export function elementText(world: World, element: Json): string {
  const type = asText(element['type']);
  const options = Array.isArray(element['options'])
    ? element['options'].filter(isObject).map((option) => textOf(world, option['text']))
    : [];
  const first = isObject(element['initial_option']) ? textOf(world, element['initial_option']['text']) : null;
  if (type === 'image') return `[image: ${asText(element['alt_text'])}]`;
  if (type.endsWith('button')) return `[${textOf(world, element['text'])}]${element['url'] === undefined ? '' : ' ↗'}`;
  if (type === 'overflow') return `[… ${options.join(' | ')}]`;
  if (type === 'checkboxes' || type === 'radio_buttons')
    return options.map((option) => `${option === first ? '(•)' : '( )'} ${option}`).join('  ');
  const placeholder = textOf(world, element['placeholder']);
  if (type.includes('select')) return `[${first ?? (placeholder === '' ? 'choose' : placeholder)} ▾]`;
  return `[${typeof element['initial_value'] === 'string' ? element['initial_value'] : placeholder === '' ? '________' : placeholder}]`;
}
