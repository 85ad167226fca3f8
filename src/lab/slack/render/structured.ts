import { asText, isObject } from '../methods/arguments.ts';
import type { Json, World } from '../world/world.ts';
import { columns, indent, padded, wrap } from './lines.ts';
import { withEmoji } from './mrkdwn.ts';
import { inline, richTextLines } from './rich-text.ts';

const STATES: Readonly<Record<string, string>> = {
  pending: '·  waiting',
  in_progress: '▸  running',
  complete: '✔  done',
  error: '✖  failed',
};

/** The steps of a plan with their states in words. */
export function planLines(world: World, plan: Json, width: number): string[] {
  const tasks = Array.isArray(plan['tasks']) ? plan['tasks'].filter(isObject) : [];
  return [withEmoji(asText(plan['title'])), ...tasks.flatMap((task) => indent(taskLines(world, task, width - 2), '  '))];
}

export function taskLines(world: World, task: Json, width: number): string[] {
  const state = padded(STATES[asText(task['status'])] ?? asText(task['status']), 11);
  const title = indent(wrap(withEmoji(asText(task['title'])), width - 11), ' '.repeat(11), state);
  const more = [task['details'], task['output']].filter(isObject);
  return [...title, ...more.flatMap((text) => indent(richTextLines(world, text['elements'], width - 11), ' '.repeat(11)))];
}

/** A table with its columns under one another. */
export function tableLines(world: World, table: Json): string[] {
  const rows = (Array.isArray(table['rows']) ? table['rows'] : []).map((row) =>
    Array.isArray(row) ? row.map((cell) => cellText(world, cell)) : [],
  );
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, columns(cell))).concat(all.slice(row.length)),
    [],
  );
  const lines = rows.map((row) =>
    row
      .map((cell, index) => padded(cell, widths[index] ?? 0, align(table, index)))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return lines.length > 1 ? [lines[0] ?? '', rule, ...lines.slice(1)] : lines;
}

function align(table: Json, index: number): 'left' | 'right' {
  const settings: unknown = Array.isArray(table['column_settings']) ? table['column_settings'][index] : null;
  return isObject(settings) && settings['align'] === 'right' ? 'right' : 'left';
}

function cellText(world: World, cell: unknown): string {
  if (!isObject(cell)) return '';
  if (cell['type'] !== 'rich_text') return asText(cell['text']).replaceAll('\n', ' ');
  const parts = Array.isArray(cell['elements']) ? cell['elements'].filter(isObject) : [];
  return parts
    .map((part) => inline(world, part['elements']))
    .join(' ')
    .replaceAll('\n', ' ');
}
