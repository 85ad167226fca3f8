import { describe, expect, test } from '@jest/globals';
import type { PostedMessage } from '../../../src/domain/run.ts';
import type { ThreadMessage } from '../../../src/report/slack/message.ts';
import { hashOf } from '../../../src/slack/thread/hand.ts';
import { stepsFor } from '../../../src/slack/thread/steps.ts';

const message = (slot: string, text = slot): ThreadMessage => ({ slot, text, blocks: [], plain: null, broadcast: false });
const stands = (of: ThreadMessage, more: Partial<PostedMessage> = {}): PostedMessage => ({
  state: 'posted',
  ts: '1.000001',
  hash: hashOf(of),
  at: 1,
  ...more,
});
const kinds = (messages: ThreadMessage[], posted: Record<string, PostedMessage>): string[] =>
  stepsFor(messages, posted).map(({ kind, message: { slot } }) => `${kind} ${slot}`);

const [card, plan, cause] = [message('card'), message('plan'), message('cause-0')];

describe('the steps of a place', () => {
  test('begin with the card, which all else hangs on', () => {
    expect(kinds([card, plan, cause], {})).toEqual(['post card']);
    expect(kinds([card, plan, cause], { card: stands(card) })).toEqual(['post plan', 'post cause-0']);
  });

  test('are none where all stands as it should', () => {
    expect(kinds([card, plan], { card: stands(card), plan: stands(plan) })).toEqual([]);
  });

  test('are edits where something else stands there', () => {
    expect(kinds([message('card', 'new'), plan], { card: stands(card), plan: stands(plan) })).toEqual(['update card']);
  });

  test('look for a message whose answer was lost before anything is sent again', () => {
    expect(kinds([card, plan], { card: stands(card, { state: 'posting', ts: null }) })).toEqual(['look card']);
  });

  test('send at once what surely was not sent', () => {
    expect(kinds([card], { card: stands(card, { state: 'posting', ts: null, at: 0 }) })).toEqual(['post card']);
  });

  test('leave alone what somebody deleted', () => {
    expect(kinds([card, message('plan', 'new'), cause], { card: stands(card), plan: stands(plan, { state: 'gone', ts: null }) })).toEqual([
      'post cause-0',
    ]);
  });

  test.each([
    ['the card was deleted', { card: stands(card, { state: 'gone' as const }) }],
    ['the place takes no message any more', { card: stands(card), closed: stands(card, { state: 'refused' as const }) }],
  ])('are none where %s', (_why, posted) => {
    expect(kinds([message('card', 'new'), plan, cause], posted)).toEqual([]);
  });

  test('need no card in a thread of somebody else', () => {
    expect(kinds([plan, cause], {})).toEqual(['post plan', 'post cause-0']);
  });
});

test('messages that say the same have the same hash, whatever they fall back to', () => {
  expect(hashOf({ ...card, plain: [] })).toBe(hashOf(card));
  expect(hashOf(message('card', 'other'))).not.toBe(hashOf(card));
});
