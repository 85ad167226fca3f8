import { describe, expect, test } from '@jest/globals';
import { viewProblems } from '../../../src/rules/slack-limits.ts';
import { actions, button, input, letters, plain, plan, section, table } from './made.ts';

const modal = (more: object = {}) => ({ type: 'modal', title: plain('Check'), blocks: [section('a')], ...more });
const home = (blocks: unknown[], more: object = {}) => ({ type: 'home', blocks, ...more });

describe('a view that Slack takes', () => {
  test.each<[string, object]>([
    ['a modal', modal()],
    ['a form', modal({ blocks: [input()], submit: plain('Go'), close: plain('No'), callback_id: 'c', private_metadata: '{}' })],
    ['a modal with an alert', modal({ blocks: [{ type: 'alert', level: 'warning', text: plain('Careful') }] })],
    ['a hundred blocks', modal({ blocks: Array.from({ length: 100 }, () => ({ type: 'divider' })) })],
    ['a long modal', modal({ blocks: Array.from({ length: 20 }, () => section(letters(3_000))) })],
    ['a Home tab', home([section('a'), actions(button()), table([['a']])])],
    ['a number', modal({ submit: plain('Go'), blocks: [input({ type: 'number_input', is_decimal_allowed: false, min_value: '1' })] })],
    ['checkboxes', modal({ submit: plain('Go'), blocks: [input({ type: 'checkboxes', options: [{ text: plain('a'), value: 'a' }] })] })],
  ])('%s', (_what, view) => {
    expect(viewProblems(view)).toEqual([]);
  });
});

describe('a view that Slack refuses:', () => {
  test.each<[string, unknown, string]>([
    ['no view', 'view', ': must be an object'],
    ['a view of no type', { type: 'window' }, '/type: must be one of modal, home'],
    ['no title', { type: 'modal', blocks: [section('a')] }, ': misses the field title'],
    ['no blocks', { type: 'home' }, '/blocks: must be a list'],
    ['a long title', modal({ title: plain(letters(25)) }), '/title/text: 25 characters; the title of a modal has at most 24'],
    ['a long button', modal({ submit: plain(letters(25)) }), '/submit/text: 25 characters; a button of a modal has at most 24'],
    ['a form without submit', modal({ blocks: [input()] }), '/submit: a modal with an input block needs it'],
    [
      'much metadata',
      modal({ private_metadata: letters(3_001) }),
      '/private_metadata: 3,001 characters; private_metadata has at most 3,000',
    ],
    ['a long callback_id', modal({ callback_id: letters(256) }), '/callback_id: 256 characters; a callback_id has at most 255'],
    ['a title on Home', home([section('a')], { title: plain('a') }), ': has the unknown field "title"'],
    ['101 blocks', home(Array.from({ length: 101 }, () => ({ type: 'divider' }))), '/blocks: 101 items; a home has at most 100'],
    ['a plan in a modal', modal({ blocks: [plan([])] }), '/blocks/0/type: "plan" is not a type that a modal takes'],
    ['a table in a modal', modal({ blocks: [table([['a']])] }), '/blocks/0/type: "table" is not a type that a modal takes'],
    ['an alert on Home', home([{ type: 'alert', text: plain('a') }]), '/blocks/0/type: "alert" is not a type that a home takes'],
    [
      'a label too long',
      modal({ submit: plain('Go'), blocks: [{ ...input(), label: plain(letters(2_001)) }] }),
      '/blocks/0/label/text: 2,001 characters; a label has at most 2,000',
    ],
    ['too many bytes', home(Array.from({ length: 90 }, () => section(letters(2_900)))), ': 267,326 bytes; a view has at most 250,000'],
    [
      'a button as an input',
      modal({ submit: plain('Go'), blocks: [input(button())] }),
      '/blocks/0/element/type: "button" is not a type that an input block takes',
    ],
  ])('%s', (_what, view, problem) => {
    expect(viewProblems(view)).toContain(problem);
  });
});
