import { describe, expect, test } from '@jest/globals';
import { chosen, elementsOf, pressed } from '../../../src/lab/slack/people/elements.ts';

const option = (value: string) => ({ text: { type: 'plain_text', text: value.toUpperCase() }, value });

describe('what can be pressed', () => {
  const button = (action_id: string, value: string) => ({ type: 'button', action_id, value });
  const blocks = [
    { type: 'section', block_id: 's', accessory: button('side', '1') },
    { type: 'actions', block_id: 'a', elements: [button('go', '1'), button('go', '2')] },
    { type: 'container', child_blocks: [{ type: 'actions', block_id: 'c', elements: [button('inside', '1')] }] },
    { type: 'carousel', elements: [{ type: 'card', block_id: 'k', actions: [button('card', '1')] }] },
    { type: 'context', elements: [{ type: 'mrkdwn', text: 'words' }] },
  ];

  test('is found wherever it stands', () => {
    const found = elementsOf(blocks).map(({ block, element }) => [block['block_id'], element['action_id']].join(':'));
    expect(found).toEqual(['s:side', 'a:go', 'a:go', 'c:inside', 'k:card']);
  });

  test('is told by its value where several have its name', () => {
    expect(pressed(blocks, 'go', '2').element['value']).toBe('2');
    expect(pressed(blocks, 'go', undefined).element['value']).toBe('1');
  });

  test('is refused when it is not there', () => {
    expect(() => pressed(blocks, 'gone', undefined)).toThrow('nothing there is called gone');
    expect(() => pressed(blocks, 'go', '3')).toThrow('nothing there is called go');
  });
});

describe('the state of an element', () => {
  test.each<[string, Record<string, unknown>, unknown, object]>([
    ['words', { type: 'plain_text_input' }, 'a', { type: 'plain_text_input', value: 'a' }],
    ['no words', { type: 'plain_text_input' }, undefined, { type: 'plain_text_input', value: null }],
    ['words that stood there', { type: 'plain_text_input', initial_value: 'b' }, undefined, { type: 'plain_text_input', value: 'b' }],
    ['a choice', { type: 'static_select', options: [option('a')] }, 'a', { type: 'static_select', selected_option: option('a') }],
    ['no choice', { type: 'radio_buttons', options: [option('a')] }, undefined, { type: 'radio_buttons', selected_option: null }],
    [
      'the first choice',
      { type: 'static_select', initial_option: option('a') },
      undefined,
      { type: 'static_select', selected_option: option('a') },
    ],
    [
      'a choice in a group',
      { type: 'static_select', option_groups: [{ options: [option('g')] }] },
      'g',
      { type: 'static_select', selected_option: option('g') },
    ],
    [
      'several',
      { type: 'checkboxes', options: [option('a'), option('b')] },
      ['b'],
      { type: 'checkboxes', selected_options: [option('b')] },
    ],
    ['a user', { type: 'users_select' }, 'U1', { type: 'users_select', selected_user: 'U1' }],
    [
      'a conversation that stood there',
      { type: 'conversations_select', initial_conversation: 'C1' },
      undefined,
      { type: 'conversations_select', selected_conversation: 'C1' },
    ],
    ['a date', { type: 'datepicker' }, '2026-11-23', { type: 'datepicker', selected_date: '2026-11-23' }],
  ])('%s', (_what, element, value, state) => {
    expect(chosen(element, value)).toEqual(state);
  });

  test('nobody chooses what is not offered', () => {
    expect(() => chosen({ type: 'static_select', options: [option('a')] }, 'b')).toThrow('no option "b" there');
  });
});
