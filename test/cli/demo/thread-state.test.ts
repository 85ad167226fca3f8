import { describe, expect, test } from '@jest/globals';
import { runsIn } from '../../../src/cli/demo/thread-state.ts';
import { cancel, marked, message, plan, section } from './messages.ts';

const open = (...messages: Parameters<typeof runsIn>[0]) => [...runsIn(messages).unfinished];

const card = (over: boolean) =>
  message(0, { metadata: marked('aaaaaaaaaa', 'card'), blocks: over ? [section('Broken')] : [section('Running'), cancel] });
const steps = (title: string) => message(1, { metadata: marked('aaaaaaaaaa', 'plan'), blocks: [plan(title, 'complete')] });
const verdict = message(9, { metadata: marked('aaaaaaaaaa', 'verdict'), blocks: [section('Broken')] });

describe('a thread has more to say', () => {
  test('until its verdict is there, and card and plan say the last of them too', () => {
    expect(open(card(true), steps('All 17 steps are done'))).toEqual(['aaaaaaaaaa']);
    expect(open(card(false), steps('All 17 steps are done'), verdict)).toEqual(['aaaaaaaaaa']);
    expect(open(card(true), steps('16 of 17 done'), verdict)).toEqual(['aaaaaaaaaa']);
    expect(open(card(true), steps('All 17 steps are done'), verdict)).toEqual([]);
    expect(open(card(true), steps('Stopped: 3 of 17 done'), verdict)).toEqual([]);
  });

  test('by the run that it belongs to', () => {
    const other = message(2, { metadata: marked('bbbbbbbbbb', 'plan'), blocks: [plan('1 of 2 done', 'complete')] });
    expect(open(card(true), steps('All 17 steps are done'), verdict, other)).toEqual(['bbbbbbbbbb']);
  });

  test('never by messages of others', () => {
    const foreign = [null, { event_type: 'x' }, { event_payload: { key: 7 } }].map((metadata, at) => message(at, { metadata }));
    expect(runsIn(foreign)).toEqual({ all: new Set(), unfinished: new Set() });
  });
});
