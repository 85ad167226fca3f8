import { printable } from '../../printable.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The three characters that begin mentions, links and entities in Slack's markup, as entities. */
export const escape = (text: string): string => text.replace(/[&<>]/g, (character) => entities[character] ?? character);

/** What a text weighs: Slack counts those characters as entities, whatever block they stand in. */
export const weightOf = (text: string): number =>
  text.length + (text.match(/[<>]/g)?.length ?? 0) * 3 + (text.match(/&/g)?.length ?? 0) * 4;

/** A text cut where it weighs `max`; an ellipsis stands for what is gone. No character is cut in two. */
function cutAt(text: string, max: number): string {
  if (weightOf(text) <= max) return text;
  let end = 0;
  let weight = 1;
  for (const character of text) {
    weight += weightOf(character);
    if (weight > max) break;
    end += character.length;
  }
  return `${text.slice(0, end)}…`;
}

/** One line of somebody else's text: without what is hidden, and of no more weight than `max`. Not escaped. */
export const oneLine = (text: string, max: number): string => cutAt(printable(text, max), max);

/** The same for a place where Slack reads markup. */
export const escaped = (text: string, max: number): string => escape(oneLine(text, max));

/** A line whose indentation means something (a table, YAML). Not escaped. */
export function indentedLine(line: string, max: number): string {
  const indent = /^ {0,40}/.exec(line)?.[0] ?? '';
  return indent + oneLine(line.slice(indent.length), max - indent.length);
}

/** The first of a list, and how many are left. */
export const few = <T>(items: readonly T[], most: number): { shown: readonly T[]; more: number } => ({
  shown: items.slice(0, most),
  more: Math.max(0, items.length - most),
});
