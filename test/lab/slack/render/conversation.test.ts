import { describe, expect, test } from '@jest/globals';
import { conversationText, viewText } from '../../../../src/lab/slack/render/conversation.ts';
import { edit, post, remove } from '../../../../src/lab/slack/world/posting.ts';
import { labSeed } from '../../../../src/lab/slack/world/seed.ts';
import { createWorld, type Json } from '../../../../src/lab/slack/world/world.ts';

const BOT = 'U0MEDIC';
const plain = (text: string): Json => ({ type: 'plain_text', text });
const mrkdwn = (text: string): Json => ({ type: 'mrkdwn', text });

const text = (words: string): Json => ({ type: 'text', text: words });
const KINDS: Json[] = [
  {
    type: 'section',
    text: mrkdwn('*One* <@U0ANA>'),
    fields: [plain('left'), plain('right')],
    accessory: { type: 'button', text: plain('Open'), url: 'https://a' },
  },
  { type: 'context', elements: [plain('small'), { type: 'image', alt_text: 'a dot' }] },
  { type: 'divider' },
  {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_section', elements: [text('see '), { type: 'link', url: 'https://b', text: 'this' }] },
      { type: 'rich_text_list', style: 'ordered', elements: [{ elements: [text('first')] }, { elements: [text('second')] }] },
      { type: 'rich_text_list', style: 'bullet', indent: 1, elements: [{ elements: [{ type: 'user', user_id: 'U0BEN' }] }] },
      { type: 'rich_text_quote', elements: [text('said so')] },
      { type: 'rich_text_preformatted', elements: [text('<!channel> *raw*\nline 2\n')] },
    ],
  },
  {
    type: 'plan',
    title: '1 of 4',
    tasks: [
      { task_id: 'a', title: 'Read the Corefile', status: 'complete' },
      {
        task_id: 'b',
        title: 'Look names up',
        status: 'in_progress',
        details: { elements: [{ type: 'rich_text_section', elements: [text('12 rows')] }] },
      },
      { task_id: 'c', title: 'Judge', status: 'pending' },
      { task_id: 'd', title: 'Read the logs', status: 'error' },
    ],
  },
  {
    type: 'table',
    column_settings: [{}, { align: 'right' }],
    rows: [
      [
        { type: 'raw_text', text: 'pod' },
        { type: 'raw_text', text: 'ms' },
      ],
      [
        { type: 'raw_text', text: 'coredns-1' },
        { type: 'raw_number', value: 7, text: '7' },
      ],
      [
        { type: 'raw_text', text: 'coredns-22' },
        { type: 'raw_text', text: '1234' },
      ],
    ],
  },
  {
    type: 'container',
    title: plain('Proof'),
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: [{ type: 'section', text: plain('inside') }],
  },
  {
    type: 'actions',
    elements: [
      { type: 'button', text: plain('Cancel') },
      { type: 'overflow', options: [{ text: plain('a') }, { text: plain('b') }] },
    ],
  },
  { type: 'image', alt_text: 'a chart' },
  { type: 'hologram' },
];
const AS_READ = `  One @ana
  left
  right
  [Open] ↗
  small  ·  [image: a dot]

  ──────────────────────────────────────────────────────────

  see this (https://b)
  1. first
  2. second
    • @ben
  > said so
  ┌
  │ <!channel> *raw*
  │ line 2
  └

  1 of 4
    ✔  done    Read the Corefile
    ▸  running Look names up
               12 rows
    ·  waiting Judge
    ✖  failed  Read the logs

  pod           ms
  ──────────  ────
  coredns-1      7
  coredns-22  1234

  ▸ Proof
      inside

  [Cancel]  [… a | b]

  [image: a chart]

  [a block of the type hologram]
`;

function incidents() {
  const world = createWorld(labSeed());
  const channel = world.channels.get('C0INCIDENTS')!;
  /** Times of day are all the same, so that the text can be compared. */
  const read = (width?: number) => conversationText(world, channel, width).replaceAll(/\d\d:\d\d:\d\d {2}/g, '10:42:07  ');
  return { world, channel, read };
}

describe('a channel as a person reads it', () => {
  test('messages, threads under them, and marks', () => {
    const { world, channel, read } = incidents();
    const head = post(world, channel, { user: BOT, text: 'for phones', blocks: [{ type: 'header', text: plain('DNS check') }] });
    post(world, channel, { user: 'U0BEN', text: 'another matter' });
    post(world, channel, { user: BOT, text: 'found it', threadTs: head.ts, broadcast: true });
    post(world, channel, { user: BOT, text: 'no right to that', threadTs: head.ts, onlyFor: 'U0CAT' });
    edit(world, head, { text: 'for phones', blocks: [{ type: 'header', text: plain('DNS check · broken') }] });
    expect(read()).toBe(
      [
        '#incidents',
        '',
        '10:42:07  dns-medic  (edited)',
        '  DNS check · broken',
        '  ──────────────────',
        '',
        '  ↳ 10:42:07  dns-medic  (also in the channel)',
        '      found it',
        '',
        '  ↳ 10:42:07  dns-medic  (only visible to @cat)',
        '      no right to that',
        '',
        '10:42:07  @ben',
        '  another matter',
        '',
        '10:42:07  dns-medic  (also in the channel)',
        '  found it',
        '',
      ].join('\n'),
    );
  });

  test('a deleted head leaves a stone over its thread', () => {
    const { world, channel, read } = incidents();
    const head = post(world, channel, { user: BOT, text: 'head' });
    post(world, channel, { user: BOT, text: 'reply', threadTs: head.ts });
    remove(world, channel, head);
    expect(read()).toContain('This message was deleted.\n\n  ↳ 10:42:07  dns-medic\n      reply');
    expect(read()).not.toContain('head');
  });

  test('blocks of every kind', () => {
    const { world, channel, read } = incidents();
    post(world, channel, { user: BOT, text: '', blocks: KINDS });
    expect(read(60)).toBe(`#incidents\n\n10:42:07  dns-medic\n${AS_READ}`);
  });
});

describe('a view as its user sees it', () => {
  test('a form', () => {
    const { world } = incidents();
    const view = {
      type: 'modal',
      title: plain('Check a cluster'),
      close: plain('Cancel'),
      submit: plain('Check'),
      blocks: [
        { type: 'input', label: plain('Cluster'), element: { type: 'static_select', placeholder: plain('which') } },
        { type: 'input', label: plain('Pod'), hint: plain('namespace/name'), element: { type: 'plain_text_input' } },
        { type: 'alert', level: 'warning', text: plain('It reads only.') },
      ],
    };
    expect(viewText(world, { id: 'V', user: 'U', view, hash: '', root: 'V', previous: null })).toBe(
      [
        'Check a cluster',
        '',
        'Cluster: [which ▾]',
        '',
        'Pod: [________]',
        '  namespace/name',
        '',
        'WARNING: It reads only.',
        '',
        '[Cancel]  [Check]',
        '',
      ].join('\n'),
    );
  });
});
