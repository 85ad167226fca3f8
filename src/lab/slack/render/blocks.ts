import { asText, isObject } from '../methods/arguments.ts';
import type { Json, World } from '../world/world.ts';
import { elementText, textOf } from './elements.ts';
import { columns, indent, wrap } from './lines.ts';
import { richTextLines } from './rich-text.ts';
import { planLines, tableLines, taskLines } from './structured.ts';

type Render = (block: Json, world: World, width: number) => string[];

/** Blocks as a person reads them, a blank line between two, but not before the small print under one. */
export function blockLines(world: World, blocks: readonly Json[], width: number): string[] {
  const lines: string[] = [];
  for (const block of blocks) {
    const rendered = (RENDER[asText(block['type'])] ?? strange)(block, world, width);
    if (lines.length > 0 && rendered.length > 0 && block['type'] !== 'context') lines.push('');
    lines.push(...rendered);
  }
  return lines;
}

const strange: Render = (block) => [`[a block of the type ${asText(block['type'])}]`];

const listed = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

const section: Render = (block, world, width) => {
  const fields = listed(block['fields']).flatMap((field) => wrap(textOf(world, field), width));
  const text = block['text'] === undefined ? [] : wrap(textOf(world, block['text']), width);
  const beside = isObject(block['accessory']) ? [elementText(world, block['accessory'])] : [];
  return [...text, ...fields, ...beside];
};

const header: Render = (block, world, width) => {
  const lines = wrap(textOf(world, block['text']), width);
  return [...lines, '─'.repeat(Math.min(width, Math.max(...lines.map(columns))))];
};

const container: Render = (block, world, width) => {
  const title = isObject(block['rich_text_title'])
    ? richTextLines(world, block['rich_text_title']['elements'], width)
    : [textOf(world, block['title'])];
  const subtitle = block['subtitle'] === undefined ? [] : [textOf(world, block['subtitle'])];
  const mark = block['is_collapsible'] !== true ? '' : block['default_collapsed'] === true ? '▸ ' : '▾ ';
  const inner = blockLines(world, listed(block['child_blocks']), width - 4);
  return [...indent([...title, ...subtitle], '  ', mark), ...indent(inner, '    ')];
};

const input: Render = (block, world, width) => [
  ...wrap(`${textOf(world, block['label'])}: ${isObject(block['element']) ? elementText(world, block['element']) : ''}`, width),
  ...(block['hint'] === undefined ? [] : indent(wrap(textOf(world, block['hint']), width - 2), '  ')),
];

const card: Render = (block, world, width) => {
  const words = [block['title'], block['subtitle'], block['body']].filter((text) => text !== undefined);
  const buttons = listed(block['actions']).map((element) => elementText(world, element));
  return [...words.flatMap((text) => wrap(textOf(world, text), width)), ...(buttons.length > 0 ? [buttons.join('  ')] : [])];
};

const RENDER: Readonly<Record<string, Render>> = {
  section,
  header,
  container,
  input,
  card,
  divider: (_block, _world, width) => ['─'.repeat(width)],
  context: (block, world, width) =>
    wrap(
      listed(block['elements'])
        .map((element) => (element['type'] === 'image' ? elementText(world, element) : textOf(world, element)))
        .join('  ·  '),
      width,
    ),
  actions: (block, world, width) =>
    wrap(
      listed(block['elements'])
        .map((element) => elementText(world, element))
        .join('  '),
      width,
    ),
  context_actions: (block, world) => [
    listed(block['elements'])
      .map((element) => elementText(world, element))
      .join('  '),
  ],
  rich_text: (block, world, width) => richTextLines(world, block['elements'], width),
  plan: (block, world, width) => planLines(world, block, width),
  task_card: (block, world, width) => taskLines(world, block, width),
  table: (block, world) => tableLines(world, block),
  data_table: (block, world) => [asText(block['caption']), ...tableLines(world, block)],
  alert: (block, world, width) => wrap(`${asText(block['level'] ?? 'default').toUpperCase()}: ${textOf(world, block['text'])}`, width),
  image: (block, world) => [...(block['title'] === undefined ? [] : [textOf(world, block['title'])]), elementText(world, block)],
  markdown: (block, _world, width) => wrap(asText(block['text']), width),
  carousel: (block, world, width) => blockLines(world, listed(block['elements']), width),
  video: (block) => [`[video: ${asText(block['alt_text'])}]`],
};
