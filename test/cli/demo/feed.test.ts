import { describe, expect, test } from '@jest/globals';
import { createFeed } from '../../../src/cli/demo/feed.ts';
import { labSeed } from '../../../src/lab/slack/world/seed.ts';
import { cancel, edited, message, plan, section } from './messages.ts';

const feed = () => {
  const made = createFeed(labSeed(), 100);
  return (...messages: Parameters<typeof made.next>[0]) => made.next(messages).map(({ text }) => text);
};

const card = message(0, { blocks: [section('DNS check running'), cancel] });
const steps = message(1, { threadTs: card.ts, blocks: [plan('1 of 4 done', 'complete', 'in_progress', 'in_progress', 'in_progress')] });

describe('what happens in Slack is told', () => {
  test('message by message, replies below what they reply to, each once', () => {
    const next = feed();
    expect(next(card)).toEqual(['', '#incidents', '', '10:42:06  dns-medic', '  DNS check running', '', '  [Cancel]']);
    expect(next(card, steps)).toEqual([
      '',
      '  ↳ 10:42:07  dns-medic',
      '      1 of 4 done',
      '        ✔  done    Step 1',
      '        ▸  running Step 2',
      '        ▸  running Step 3',
      '        ▸  running Step 4',
    ]);
    expect(next(card, steps)).toEqual([]);
  });

  test('an edit in a line: how far the plan is, and with what', () => {
    const next = feed();
    next(card, steps);
    expect(next(edited(steps, 3, { blocks: [plan('1 of 4 done', 'error', 'in_progress', 'in_progress', 'in_progress')] }))).toEqual([
      '',
      '    ✎ 10:42:09  1 of 4 done · running: Step 2, Step 3 and 1 more · failed: Step 1',
    ]);
  });

  test('an edit that changes nothing to be told is not told', () => {
    const next = feed();
    next(card);
    expect(next(edited(card, 2, { blocks: [section('DNS check running'), section('more'), cancel] }))).toEqual([]);
  });

  test('the card as a whole when its run is over', () => {
    const next = feed();
    next(card, steps);
    const queued = edited(card, 3, { blocks: [section('DNS check goes on'), cancel] });
    expect(next(queued)).toEqual(['', '✎ 10:42:09  DNS check goes on']);
    expect(next(edited(queued, 8, { blocks: [section('DNS broken'), section('Do this')] }))).toEqual([
      '',
      '✎ 10:42:14  the message of 10:42:06 now:',
      '  DNS broken',
      '',
      '  Do this',
    ]);
  });

  test('with the name of the thread when another one spoke last, and of the channel', () => {
    const next = feed();
    const other = message(2, { blocks: [section('Another check')] });
    next(card, other);
    expect(next(steps).slice(0, 3)).toEqual(['', '  in the thread of: DNS check running', '']);
    expect(next(message(5, { channel: 'C0WAR', text: 'hello' }))).toEqual(['', '#war-room', '', '10:42:11  dns-medic', '  hello']);
  });

  test('with a mark where only one person sees it', () => {
    const told = feed()(message(0, { text: 'Refused', onlyFor: 'U0CAT' }));
    expect(told).toContain('10:42:06  dns-medic  (only visible to @cat)');
  });
});
