import { describe, expect, test } from '@jest/globals';
import { blockProblems, blocksWeight, SLACK_LIMITS, slackProblems, type Surface } from '../../src/rules/slack-limits.ts';
import { actions, button, context, letters, markdown, plain, plan, preformatted, section, table, task } from './slack-limits/made.ts';

const problems = (blocks: unknown[], where: Surface = 'message') => slackProblems({ text: 'words', blocks }, where);

const CONFIRM = { title: plain('Sure?'), text: plain('It restarts.'), confirm: plain('Yes'), deny: plain('No') };
const option = (value: string) => ({ text: plain(value), value: value.slice(0, 75) });
const container = (child_blocks: unknown[]) => ({ type: 'container', title: plain('c'), child_blocks });
const richList = (indent: number) => ({
  type: 'rich_text_list',
  style: 'bullet',
  indent,
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'a' }] }],
});
const INLINE = [
  { type: 'text', text: 'a', style: { bold: true, code: true } },
  { type: 'link', url: 'https://example.com', text: 'there' },
  { type: 'user', user_id: 'U1' },
  { type: 'channel', channel_id: 'C1' },
  { type: 'usergroup', usergroup_id: 'S1' },
  { type: 'broadcast', range: 'here' },
  { type: 'emoji', name: 'wave' },
  { type: 'color', value: '#fff' },
  { type: 'team', team_id: 'T1' },
  { type: 'date', timestamp: 1_790_000_000, format: '{time_secs}', fallback: '10:42:07 UTC' },
];

describe('a message that Slack takes', () => {
  test.each<[string, object[]]>([
    ['a section as long as a section may be', [section(letters(3_000))]],
    ['fifty small blocks', Array.from({ length: 50 }, () => ({ type: 'divider' }))],
    ['ten fields', [{ type: 'section', fields: Array.from({ length: 10 }, () => plain('a')) }]],
    ['a section with a button at its side', [{ ...section('a'), accessory: button() }]],
    ['a header of 150', [{ type: 'header', text: plain(letters(150)) }]],
    ['text with mentions of everyone, escaped', [section('&lt;!channel&gt; said &amp;')]],
    ['preformatted text with line ends', [preformatted('a\n\n', ' ', 'b')]],
    ['a list in a list', [{ type: 'rich_text', elements: [richList(0), richList(1)] }]],
    ['every inline part', [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: INLINE }] }]],
    ['a quote', [{ type: 'rich_text', elements: [{ type: 'rich_text_quote', border: 1, elements: [{ type: 'text', text: 'a' }] }] }]],
    ['a plan', [plan([task('a', 'pending'), task('b', 'in_progress'), task('c', 'complete'), task('d', 'error')])]],
    ['a plan whose tasks say their type', [plan([{ type: 'task_card', ...task('a') }])]],
    [
      'a table',
      [
        table([
          ['a', 'b'],
          ['c', 'd'],
        ]),
      ],
    ],
    ['a table of numbers and rich text', [{ type: 'table', rows: [[{ type: 'raw_number', value: 3, text: '3 ms' }, preformatted('a')]] }]],
    ['a button with a confirm dialog', [actions({ ...button(), style: 'danger', confirm: CONFIRM })]],
    ['an overflow menu', [actions({ type: 'overflow', action_id: 'o', options: [option('a'), option('b')] })]],
    ['a select', [actions({ type: 'static_select', placeholder: plain('which'), options: [option('a')], initial_option: option('a') })]],
    ['a select with groups', [actions({ type: 'static_select', option_groups: [{ label: plain('g'), options: [option('a')] }] })]],
    ['a container', [container([section('a'), { type: 'divider' }, table([['a']])])]],
    ['an image', [{ type: 'image', image_url: 'https://example.com/a.png', alt_text: 'a picture' }]],
    ['an image from a file', [{ type: 'image', slack_file: { id: 'F1' }, alt_text: 'a picture', title: plain('a') }]],
    ['the same action_id in two blocks', [actions(button('same')), actions(button('same'))]],
    ['markdown', [markdown(letters(12_000))]],
  ])('%s', (_what, blocks) => {
    expect(problems(blocks)).toEqual([]);
  });

  test('text alone, and blocks alone', () => {
    expect(slackProblems({ text: 'a' })).toEqual([]);
    expect(slackProblems({ blocks: [section('a')] })).toEqual([]);
  });
});

describe('a message that Slack refuses:', () => {
  test.each<[string, object[], string]>([
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' })), '/blocks: 51 items; a message has at most 50'],
    ['a section too long', [section(letters(3_214))], '/blocks/0/text/text: 3,214 characters; a section has at most 3,000'],
    ['an empty text', [section('')], '/blocks/0/text/text: is empty'],
    ['a blank text', [section(' \n')], '/blocks/0/text/text: is only white space'],
    ['a section of nothing', [{ type: 'section' }], '/blocks/0: must have text or fields'],
    ['a text that is a string', [{ type: 'section', text: 'a' }], '/blocks/0/text: must be an object'],
    [
      'eleven fields',
      [{ type: 'section', fields: Array.from({ length: 11 }, () => plain('a')) }],
      '/blocks/0/fields: 11 items; a section has at most 10',
    ],
    ['no fields', [{ type: 'section', fields: [] }], '/blocks/0/fields: 0 items; a section has at least 1'],
    [
      'a field too long',
      [{ type: 'section', fields: [plain(letters(2_001))] }],
      '/blocks/0/fields/0/text: 2,001 characters; a field of a section has at most 2,000',
    ],
    [
      'an accessory that is none',
      [{ ...section('a'), accessory: { type: 'divider' } }],
      '/blocks/0/accessory/type: "divider" is not a type that a section takes',
    ],
    [
      'a header in mrkdwn',
      [{ type: 'header', text: { type: 'mrkdwn', text: 'a' } }],
      '/blocks/0/text/type: "mrkdwn" is not a type that a header takes',
    ],
    ['a header too long', [{ type: 'header', text: plain(letters(151)) }], '/blocks/0/text/text: 151 characters; a header has at most 150'],
    ['eleven things in a context', [context(11)], '/blocks/0/elements: 11 items; a context block has at most 10'],
    [
      '26 buttons',
      [actions(...Array.from({ length: 26 }, (_, i) => button(`b${i}`)))],
      '/blocks/0/elements: 26 items; an actions block has at most 25',
    ],
    [
      'a long button',
      [actions(button('a', { text: plain(letters(76)) }))],
      '/blocks/0/elements/0/text/text: 76 characters; a button has at most 75',
    ],
    [
      'a long value',
      [actions(button('a', { value: letters(2_001) }))],
      '/blocks/0/elements/0/value: 2,001 characters; the value of a button has at most 2,000',
    ],
    [
      'a long address',
      [actions(button('a', { url: `https://a/${letters(3_000)}` }))],
      '/blocks/0/elements/0/url: 3,010 characters; an address has at most 3,000',
    ],
    [
      'an address that is none',
      [actions(button('a', { url: 'javascript:alert(1)' }))],
      '/blocks/0/elements/0/url: must be an http or https address',
    ],
    [
      'a long label',
      [actions(button('a', { accessibility_label: letters(76) }))],
      '/blocks/0/elements/0/accessibility_label: 76 characters; an accessibility label has at most 75',
    ],
    [
      'a colour that is none',
      [actions(button('a', { style: 'default' }))],
      '/blocks/0/elements/0/style: must be primary or danger, or left out',
    ],
    [
      'a confirm dialog too long',
      [actions(button('a', { confirm: { ...CONFIRM, text: plain(letters(301)) } }))],
      '/blocks/0/elements/0/confirm/text/text: 301 characters; the text of a confirm dialog has at most 300',
    ],
    [
      'a confirm dialog without a way out',
      [actions(button('a', { confirm: { ...CONFIRM, deny: undefined } }))],
      '/blocks/0/elements/0/confirm: misses the field deny',
    ],
    ['the same action_id in one block', [actions(button('a'), button('a'))], '/blocks/0/elements/1/action_id: stands twice in the block'],
    ['an action_id too long', [actions(button(letters(256)))], '/blocks/0/elements/0/action_id: 256 characters; an id has at most 255'],
    [
      'the same block_id twice',
      [
        { type: 'divider', block_id: 'x' },
        { type: 'divider', block_id: 'x' },
      ],
      '/blocks/1/block_id: stands twice',
    ],
    [
      'the same block_id inside a container',
      [{ type: 'divider', block_id: 'x' }, container([{ type: 'divider', block_id: 'x' }])],
      '/blocks/1/child_blocks/0/block_id: stands twice',
    ],
    [
      'a block_id too long',
      [{ type: 'divider', block_id: letters(256) }],
      '/blocks/0/block_id: 256 characters; a block_id has at most 255',
    ],
    [
      '101 options',
      [actions({ type: 'static_select', options: Array.from({ length: 101 }, (_, i) => option(`${i}`)) })],
      '/blocks/0/elements/0/options: 101 items; a select has at most 100',
    ],
    [
      'a long option',
      [actions({ type: 'static_select', options: [option(letters(76))] })],
      '/blocks/0/elements/0/options/0/text/text: 76 characters; an option has at most 75',
    ],
    [
      'a long option value',
      [actions({ type: 'static_select', options: [{ ...option('a'), value: letters(76) }] })],
      '/blocks/0/elements/0/options/0/value: 76 characters; the value of an option has at most 75',
    ],
    ['a select of nothing', [actions({ type: 'static_select' })], '/blocks/0/elements/0: must have either options or option_groups'],
    [
      'an initial option that is not there',
      [actions({ type: 'static_select', options: [option('a')], initial_option: option('b') })],
      '/blocks/0/elements/0/initial_option: is none of the options',
    ],
    [
      'a placeholder too long',
      [actions({ type: 'static_select', options: [option('a')], placeholder: plain(letters(151)) })],
      '/blocks/0/elements/0/placeholder/text: 151 characters; a placeholder has at most 150',
    ],
    [
      'six ways out',
      [actions({ type: 'overflow', options: Array.from({ length: 6 }, (_, i) => option(`${i}`)) })],
      '/blocks/0/elements/0/options: 6 items; an overflow menu has at most 5',
    ],
    ['an image without words', [{ type: 'image', image_url: 'https://a/b' }], '/blocks/0: misses the field alt_text'],
    [
      'an image from two places',
      [{ type: 'image', image_url: 'https://a/b', slack_file: { id: 'F' }, alt_text: 'a' }],
      '/blocks/0: must have either image_url or slack_file',
    ],
    ['101 rows', [table(Array.from({ length: 101 }, () => ['a']))], '/blocks/0/rows: 101 items; a table has at most 100'],
    ['21 cells', [table([Array.from({ length: 21 }, () => 'a')])], '/blocks/0/rows/0: 21 items; a row of a table has at most 20'],
    ['an empty cell', [table([['']])], '/blocks/0/rows/0/0/text: is empty'],
    [
      'tables with too much text together',
      [table([[letters(6_000)]]), table([[letters(4_001)]])],
      '/blocks/0: 10,001 characters in all tables; a message has at most 10,000',
    ],
    ['51 tasks', [plan(Array.from({ length: 51 }, (_, i) => task(`${i}`)))], '/blocks/0/tasks: 51 items; a plan has at most 50'],
    [
      'a status that is none',
      [plan([task('a', 'completed')])],
      '/blocks/0/tasks/0/status: must be one of pending, in_progress, complete, error',
    ],
    ['the same task twice', [plan([task('a'), task('a')])], '/blocks/0/tasks/1/task_id: stands twice in the plan'],
    [
      'a plan and a task',
      [plan([task('a')]), { type: 'task_card', ...task('b') }],
      '/blocks/1: a message has a plan or task cards, not both',
    ],
    [
      'eleven blocks in a container',
      [container(Array.from({ length: 11 }, () => ({ type: 'divider' })))],
      '/blocks/0/child_blocks: 11 items; a container has at most 10',
    ],
    [
      'a container in a container',
      [container([container([section('a')])])],
      '/blocks/0/child_blocks/0/type: "container" is not a type that a container takes',
    ],
    ['a container without a title', [{ type: 'container', child_blocks: [section('a')] }], '/blocks/0: must have title or rich_text_title'],
    [
      'a container closed that cannot be opened',
      [{ ...container([section('a')]), default_collapsed: true }],
      '/blocks/0/default_collapsed: needs is_collapsible',
    ],
    ['an alert', [{ type: 'alert', text: plain('a') }], '/blocks/0/type: "alert" is not a type that a message takes'],
    ['a block that is not known', [{ type: 'blink' }], '/blocks/0/type: "blink" is not a type that a message takes'],
    ['a block without a type', [{}], '/blocks/0/type: undefined is not a type that a message takes'],
    ['a block that is none', ['a' as unknown as object], '/blocks/0: must be an object'],
    ['an unknown field', [{ type: 'divider', colour: 'red' }], '/blocks/0: has the unknown field "colour"'],
    ['rich text of nothing', [{ type: 'rich_text', elements: [] }], '/blocks/0/elements: 0 items; a rich_text block has at least 1'],
    ['preformatted text of nothing', [preformatted()], '/blocks/0/elements/0/elements: 0 items; preformatted text has at least 1'],
    ['an empty part of rich text', [preformatted('')], '/blocks/0/elements/0/elements/0/text: is empty'],
    [
      'a mention in preformatted text',
      [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] }] }],
      '/blocks/0/elements/0/elements/0/type: "user" is not a type that preformatted text takes',
    ],
    [
      'a list of texts',
      [{ type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements: [{ type: 'text', text: 'a' }] }] }],
      '/blocks/0/elements/0/elements/0/type: "text" is not a type that a rich text list takes',
    ],
    [
      'a style that is a word',
      [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'a', style: 'bold' }] }] }],
      '/blocks/0/elements/0/elements/0/style: must be an object',
    ],
    ['markdown too long', [markdown(letters(12_001))], '/blocks/0/text: 12,001 characters; a markdown block has at most 12,000'],
    [
      'markdown too long together',
      [markdown(letters(6_001)), markdown(letters(6_000))],
      '/blocks/0: 12,001 characters in all markdown blocks; a message has at most 12,000',
    ],
    [
      'all blocks together too long',
      Array.from({ length: 5 }, () => section(letters(3_000))),
      '/blocks: 15,500 characters in all blocks, 100 for each block counted in; a message has at most 13,200',
    ],
  ])('%s', (_what, blocks, problem) => {
    expect(problems(blocks)).toEqual([problem]);
  });

  test('neither text nor blocks', () => {
    const nothing = [': has neither text nor blocks'];
    expect([{}, { text: '' }, { blocks: [] }, { text: '', blocks: [] }].map((each) => slackProblems(each))).toEqual([
      nothing,
      nothing,
      nothing,
      nothing,
    ]);
  });

  test('text over the advice', () => {
    expect(slackProblems({ text: letters(4_001) })).toEqual(['/text: 4,001 characters; a message has at most 4,000']);
    expect(slackProblems({ text: letters(4_000) })).toEqual([]);
  });

  test('things that are not even lists', () => {
    expect(slackProblems({ text: 7, blocks: 'a' })).toEqual(['/text: must be a string', '/blocks: must be a list']);
  });

  test('with more wrong than anybody wants to read', () => {
    const many = blockProblems(
      Array.from({ length: 50 }, () => ({ type: 'section', a: 1, b: 2 })),
      'message',
    );
    expect(many).toHaveLength(51);
    expect(many.at(-1)).toEqual({ at: '', says: '100 more problems' });
  });
});

describe('the weight of blocks', () => {
  test('counts entities as Slack does, and a part for each block, also inside containers', () => {
    expect(blocksWeight([section('a<b')])).toBe(106);
    expect(blocksWeight([section('a&lt;b & c')])).toBe(114);
    expect(blocksWeight([container([section('abc')])])).toBe(204);
  });

  test('is within the bound for what Slack was seen to take', () => {
    expect(SLACK_LIMITS.blocksWeight).toBeLessThan(13_297);
  });
});
