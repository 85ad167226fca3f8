import { describe, expect, test } from '@jest/globals';
import type { ChangeState } from '../../../src/domain/change.ts';
import { isAtRest, isBusy, isLive } from '../../../src/slack/thread/rest.ts';

const known = (run: 'running' | 'done', ...orders: (ChangeState | 'ends')[]): any => ({
  progress: { state: run },
  changes: orders.map((state) => (state === 'ends' ? { state: 'done', endsAt: 1 } : { state, endsAt: null })),
});

describe('a run', () => {
  test.each([
    ['that goes on', known('running'), false, true],
    ['that is over', known('done'), true, false],
    ['without the list of orders', { progress: { state: 'done' } } as any, true, false],
    ['whose orders nobody has asked for', known('done', 'proposed', 'proposed'), true, false],
    ['of which an order waits for approval', known('done', 'proposed', 'requested'), false, false],
    ['of which an order waits for a worker', known('done', 'approved'), false, false],
    ['of which an order is being done', known('done', 'done', 'running'), false, true],
    ['of which an order is being undone', known('done', 'undoing'), false, true],
    ['of which an order ends by itself', known('done', 'ends'), false, false],
    ['whose orders are over', known('done', 'done', 'failed', 'refused', 'expired', 'undone'), true, false],
  ])('%s', (_what, record, rests, busy) => {
    expect([isAtRest(record), isBusy(record)]).toEqual([rests, busy]);
  });
});

describe('a message', () => {
  test.each([
    ['of a run that goes on', known('running', 'proposed'), 'change-0', true],
    ['of a run that is over', known('done', 'done'), 'card', false],
    ['of an order that waits', known('done', 'requested'), 'change-0', false],
    ['of an order that is being done', known('done', 'requested', 'running'), 'change-1', true],
    ['that hangs on an order being done', known('done', 'running'), 'change-0-wait', true],
    ['of an order beside one that is being done', known('done', 'requested', 'running'), 'change-0', false],
    ['of no order, while one is being done', known('done', 'running'), 'card', true],
    ['of an order that is not known', known('done', 'running'), 'change-7', true],
    ['of an order with the digits of another', known('done', 'running', 'done'), 'change-10', true],
  ])('%s', (_what, record, slot, live) => {
    expect(isLive(record, slot)).toBe(live);
  });
});
