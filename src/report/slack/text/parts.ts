import type { KnownBlock, RichTextBlock, RichTextBlockElement, RichTextSection } from '@slack/types';
import { escape, few, oneLine, weightOf } from './escape.ts';
import { type Bounds, preformatted } from './preformatted.ts';
import type { Words } from './words.ts';

/** A piece of a message: its block, what `text` says of it, and what `text` says when there is no room for that. */
export interface Part {
  block: KnownBlock;
  text: string;
  short: string;
}

/** A line or paragraph of our own words. */
export const line = ({ mrkdwn, text }: Words): Part => ({
  block: { type: 'section', text: { type: 'mrkdwn', text: mrkdwn, verbatim: true }, expand: true },
  text,
  short: text,
});

/** A line in small print. */
export const aside = ({ mrkdwn, text }: Words): Part => ({
  block: { type: 'context', elements: [{ type: 'mrkdwn', text: mrkdwn, verbatim: true }] },
  text,
  short: text,
});

/** Somebody else's sentence: nothing in it is read as markup. */
export function prose(text: string, max = 1000): Part {
  const whole = orNothing(oneLine(text, max));
  const short = escape(oneLine(whole, 400));
  return { block: { type: 'section', text: { type: 'plain_text', text: whole, emoji: false }, expand: true }, text: escape(whole), short };
}

/** Slack takes no empty text. */
const orNothing = (text: string): string => (text.trim() === '' ? '(nothing)' : text);

const rich = (elements: RichTextBlockElement[]): RichTextBlock => ({ type: 'rich_text', elements });
const said = (text: string, bold = false): RichTextSection => ({
  type: 'rich_text_section',
  elements: [{ type: 'text', text: orNothing(text), ...(bold ? { style: { bold } } : {}) }],
});
const fixed = (text: string): RichTextBlockElement => ({
  type: 'rich_text_preformatted',
  elements: [{ type: 'text', text: orNothing(text) }],
});

/** A title of ours and lines of fixed width below it, bounded: what is cut is counted. Somebody else's text may be anywhere in the lines. */
export function listing(title: string, lines: readonly string[], bounds: Bounds = {}): Part {
  const text = preformatted(lines, bounds);
  return { block: rich([said(title, true), fixed(text)]), text: `${title}:\n${escape(text)}`, short: `${title}: see the message` };
}

/** A title of ours and a list of somebody else's sentences. */
export function bullets(title: string, items: readonly string[], most: number): Part {
  const { shown, more } = few(items, most);
  const lines = [...shown.map((item) => orNothing(oneLine(item, 300))), ...(more === 0 ? [] : [`and ${more} more`])];
  return {
    block: rich([said(title, true), { type: 'rich_text_list', style: 'bullet', elements: lines.map((item) => said(item)) }]),
    text: [`${title}:`, ...lines.map((item) => `- ${escape(item)}`)].join('\n'),
    short: `${title}: see the message`,
  };
}

/** Something to do: what it is, and the command for it where there is one. */
export interface Step {
  prose: string;
  command: string | null;
}

/** All commands of a message together; more steps than that are only counted. */
const heaviestSteps = 3500;

/** The steps that have room, each bounded. */
function fitting(steps: readonly Step[], most: number, heaviest: number): Step[] {
  let weight = 0;
  const bounded = steps.slice(0, most).map(({ prose: what, command }, index) => ({
    prose: `${steps.length === 1 ? '' : `${index + 1}. `}${oneLine(what, 600)}`,
    command: command === null ? null : oneLine(command, 1500),
  }));
  return bounded.filter(({ prose: what, command }) => (weight += weightOf(what + (command ?? ''))) <= heaviest);
}

/** Numbered steps, each with its command ready to be copied. `title` is ours, the steps may be somebody else's. */
export function stepList(title: string, steps: readonly Step[], most = 10, heaviest = heaviestSteps): Part {
  const shown = fitting(steps, most, heaviest);
  const more = steps.length - shown.length;
  const all = [...shown, ...(more === 0 ? [] : [{ prose: `and ${more} more`, command: null }])];
  const elements = all.flatMap(({ prose: what, command }) => (command === null ? [said(what)] : [said(what), fixed(command)]));
  const texts = all.map(({ prose: what, command }) => escape(command === null ? what : `${what} ${command}`));
  return {
    block: rich([said(title, true), ...elements]),
    text: [`${title}:`, ...texts].join('\n'),
    short: [`${title}:`, texts[0] ?? '', ...(texts.length > 1 ? ['(the other steps are in the message)'] : [])].join('\n'),
  };
}
