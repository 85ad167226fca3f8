import type { KnownBlock, RichTextBlockElement } from '@slack/types';
import type { Message, ThreadMessage } from '../../../src/report/slack/message.ts';

const decoded = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** What a reader sees of Slack's markup: tokens are replaced before entities are decoded. */
const read = (mrkdwn: string): string =>
  decoded(
    mrkdwn
      .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
      .replace(/<(https?:[^|>]*)\|([^>]*)>/g, '$2 [$1]')
      .replace(/<@(\w+)>/g, '@$1')
      .replace(/<#(\w+)>/g, '#$1')
      .replace(/<!subteam\^(\w+)>/g, '@group:$1'),
  );

const inner = (element: unknown): string =>
  ((element as { elements: { text?: string }[] }).elements ?? []).map(({ text }) => text ?? '').join('');

function richLines(element: RichTextBlockElement): string[] {
  if (element.type === 'rich_text_preformatted')
    return inner(element)
      .split('\n')
      .map((line) => `    | ${line}`);
  if (element.type === 'rich_text_list') return element.elements.map((item) => `  • ${inner(item)}`);
  const bold = (element.elements[0] as { style?: { bold?: boolean } }).style?.bold === true;
  return [bold ? `*${inner(element)}*` : inner(element)];
}

const objectText = (object: { type: string; text: string } | undefined): string =>
  object === undefined ? '' : object.type === 'mrkdwn' ? read(object.text) : object.text;

const marks: Record<string, string> = { complete: '[x]', in_progress: '[~]', error: '[!]', pending: '[ ]' };

function blockLines(block: KnownBlock): string[] {
  switch (block.type) {
    case 'section':
    case 'header':
      return objectText(block.text).split('\n');
    case 'context':
      return [`(${block.elements.map((element) => objectText(element as { type: string; text: string })).join(' ')})`];
    case 'rich_text':
      return block.elements.flatMap(richLines);
    case 'plan':
      return [
        `# ${block.title}`,
        ...(block.tasks ?? []).map((task) => `  ${marks[String(task['status' as never])]} ${String(task['title' as never])}`),
      ];
    case 'divider':
      return ['-----'];
    case 'input':
      return [`${block.label.text}${block.optional === true ? ' (optional)' : ''}: [${block.element.type}]`];
    case 'actions':
      return [block.elements.map((element) => `<${(element as { text: { text: string } }).text.text}>`).join(' ')];
    default:
      return [`? ${block.type}`];
  }
}

/** A message as a reader sees it in Slack. */
export const shown = ({ blocks }: { blocks: readonly unknown[] }): string => (blocks as KnownBlock[]).flatMap(blockLines).join('\n');

/** A thread as a reader sees it. */
export const shownThread = (messages: readonly ThreadMessage[]): string =>
  messages.map((message) => `== ${message.slot}${message.broadcast ? ' (also in the channel)' : ''}\n${shown(message)}\n`).join('\n');

/** What phones and screen readers get. */
export const spoken = (messages: readonly Message[]): string => messages.map(({ text }) => `${read(text)}\n`).join('\n');
