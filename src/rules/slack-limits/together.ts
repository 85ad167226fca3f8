import { SLACK_LIMITS } from './limits.ts';
import { count, isBag, under, type Bag, type Report } from './shape.ts';

type Found = { block: Bag; at: string };

/** The blocks, and those inside containers. */
export function withChildren(blocks: readonly unknown[], at: string): Found[] {
  return blocks.flatMap((block, index) => {
    if (!isBag(block)) return [];
    const here = under(at, index);
    const children = Array.isArray(block['child_blocks']) ? block['child_blocks'].slice(0, SLACK_LIMITS.blocks.modal) : [];
    const inner = children.filter(isBag).map((child, each) => ({ block: child, at: under(under(here, 'child_blocks'), each) }));
    return [{ block, at: here }, ...inner];
  });
}

/** A block_id stands once in a message, an action_id once in a block. */
export function sameIds(found: readonly Found[], report: Report): void {
  const blockIds = new Set<unknown>();
  for (const { block, at } of found) {
    if (typeof block['block_id'] === 'string' && blockIds.has(block['block_id'])) report(under(at, 'block_id'), 'stands twice');
    blockIds.add(block['block_id']);
    const actionIds = new Set<unknown>();
    const elements = Array.isArray(block['elements']) ? block['elements'].filter(isBag) : [];
    elements.forEach((element, index) => {
      const id = element['action_id'];
      if (id !== undefined && actionIds.has(id))
        report(under(under(under(at, 'elements'), index), 'action_id'), 'stands twice in the block');
      actionIds.add(id);
    });
  }
}

/** A plan and single tasks are two ways to say the same: Slack takes one of them in a message. */
export function planOrTasks(found: readonly Found[], report: Report): void {
  const plan = found.find(({ block }) => block['type'] === 'plan');
  const task = found.find(({ block }) => block['type'] === 'task_card');
  if (plan && task) report(task.at, 'a message has a plan or task cards, not both');
}

/** The text of all tables of a message is counted together. */
export function tableText(found: readonly Found[], report: Report): void {
  const tables = found.filter(({ block }) => block['type'] === 'table' || block['type'] === 'data_table');
  const total = tables.reduce((sum, { block }) => sum + textLength(block['rows'], false), 0);
  if (total > SLACK_LIMITS.tableText) {
    report(tables[0]?.at ?? '', `${count(total)} characters in all tables; a message has at most ${count(SLACK_LIMITS.tableText)}`);
  }
}

/** The text of all markdown blocks of a message is counted together. */
export function markdownText(found: readonly Found[], report: Report): void {
  const blocks = found.filter(({ block }) => block['type'] === 'markdown');
  const total = blocks.reduce((sum, { block }) => sum + (typeof block['text'] === 'string' ? block['text'].length : 0), 0);
  if (blocks.length > 1 && total > SLACK_LIMITS.markdown) {
    report(blocks[0]?.at ?? '', `${count(total)} characters in all markdown blocks; a message has at most ${count(SLACK_LIMITS.markdown)}`);
  }
}

/**
 * What Slack counts of a message's blocks against `SLACK_LIMITS.blocksWeight`: the characters of their texts with `&`, `<` and `>` as
 * entities, and a fixed part for each block.
 */
export function blocksWeight(blocks: readonly unknown[]): number {
  return textLength(blocks, true) + withChildren(blocks, '').length * SLACK_LIMITS.blockOverhead;
}

const TEXTS: readonly string[] = ['text', 'title', 'fallback', 'alt_text', 'caption', 'author_name'];

/** More than any message holds: a circle ends here. */
const MOST_VALUES = 200_000;

/** Without recursion: the value may be nested as deep as its sender likes. */
function textLength(root: unknown, escaped: boolean): number {
  let length = 0;
  const open: unknown[] = [root];
  for (let seen = 0; open.length > 0; seen += 1) {
    if (seen > MOST_VALUES) return Number.POSITIVE_INFINITY;
    const value = open.pop();
    if (Array.isArray(value)) for (const each of value) open.push(each);
    if (!isBag(value)) continue;
    for (const [key, field] of Object.entries(value)) {
      if (typeof field !== 'string') open.push(field);
      else if (TEXTS.includes(key)) length += escaped ? escapedLength(field) : field.length;
    }
  }
  return length;
}

const escapedLength = (text: string): number =>
  text.length + (text.match(/[<>]/g)?.length ?? 0) * 3 + (text.match(/&(?!amp;|lt;|gt;)/g)?.length ?? 0) * 4;
