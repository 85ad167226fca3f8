import { describe, expect, test } from '@jest/globals';
import { Failure, UsageError } from '../../src/base/failure.ts';
import type { Progress, RunResult } from '../../src/domain/run.ts';
import { nextOf, type Done } from '../../src/queue/outcome.ts';

const progress: Progress = {
  state: 'running',
  attempt: 2,
  startedAt: 5,
  endedAt: null,
  steps: [{ id: 'a', title: 'A', state: 'running', reason: null, durationMs: null }],
  error: null,
  cancelledBy: null,
};
const doctor: RunResult = {
  kind: 'doctor',
  report: {
    schema: 'dns-medic/doctor/v1',
    cluster: 'a',
    user: null,
    rights: [],
    losses: [],
    probeNamespace: { name: 'x', there: null },
    probe: null,
    rbac: '',
  },
};
const next = (more: Partial<Done>) =>
  nextOf({
    kind: 'doctor',
    came: { is: 'result', result: doctor },
    stop: null,
    run: { cancel: null },
    progress,
    last: false,
    limitMs: 900_000,
    now: 9,
    ...more,
  });
const broken = { is: 'error' as const, error: new TypeError('secret'), begun: true };

describe('what becomes of a run', () => {
  test('with a result: it is done, with its steps', () => {
    expect(next({})).toEqual({
      turn: 'end',
      progress: { ...progress, state: 'done', endedAt: 9 },
      result: { result: JSON.stringify(doctor), outcome: '{"status":null,"cause":null}', proposals: null, orders: [] },
    });
  });

  test.each([new Failure('timeout', 'the API server does not answer'), new UsageError('no such pod')])(
    'with an answer that is an error: it fails (%s)',
    (error) => {
      expect(next({ came: { is: 'error', error, begun: true } })).toMatchObject({
        turn: 'end',
        progress: { state: 'failed', error: error.message, endedAt: 9 },
      });
    },
  );

  test('with broken machinery: it is tried again, until it was the last time', () => {
    expect(next({ came: broken })).toMatchObject({
      turn: 'again',
      progress: { state: 'queued', attempt: 2, startedAt: 5, steps: [] },
    });
    expect(next({ came: broken, last: true })).toMatchObject({
      turn: 'end',
      progress: { state: 'failed', error: expect.not.stringContaining('secret') },
    });
    expect(next({ came: { is: 'error', error: 'a text', begun: true } })).toMatchObject({ turn: 'again' });
  });

  test.each<Done['came']>([{ is: 'result', result: doctor }, broken, { is: 'deaf' }])(
    'that was cancelled: it is, whatever came of it (%j)',
    (came) => {
      expect(next({ came, stop: 'cancel', run: { cancel: 'U7' }, last: true })).toEqual({
        turn: 'end',
        progress: { ...progress, state: 'cancelled', endedAt: 9, cancelledBy: 'U7' },
        result: null,
      });
    },
  );

  test.each<Done['came']>([{ is: 'result', result: doctor }, broken, { is: 'deaf' }])('that is no longer ours: nothing (%j)', (came) => {
    expect(next({ came, stop: 'lost' })).toEqual({ turn: 'drop' });
  });

  test('that is given back: another goes on, unless it has just come to its end', () => {
    expect(next({ came: broken, stop: 'back', last: true })).toMatchObject({
      turn: 'back',
      progress: { state: 'queued', attempt: 2, endedAt: null },
    });
    expect(next({ came: { is: 'deaf' }, stop: 'back' })).toMatchObject({ turn: 'back' });
    expect(next({ stop: 'back' })).toMatchObject({ turn: 'end', progress: { state: 'done' } });
  });

  test('that takes too long: it fails, and says how long that is', () => {
    expect(next({ came: { is: 'deaf' }, stop: 'overdue' })).toMatchObject({
      progress: { state: 'failed', error: 'it did not end within 15 minutes' },
    });
  });
});

describe('what becomes of a change that was told to stop', () => {
  const change = (more: Partial<Done>) =>
    next({ kind: 'change', stop: 'cancel', run: { cancel: 'U7' }, progress: { ...progress, attempt: 1 }, ...more });
  const stopped = (begun: boolean) => ({ is: 'error' as const, error: new Failure('error', 'the run was cancelled'), begun });

  test('its result counts, though somebody wanted it ended', () => {
    expect(change({ came: { is: 'result', result: doctor } })).toMatchObject({
      turn: 'end',
      progress: { state: 'done', cancelledBy: null },
    });
  });

  test('it is cancelled where it had not begun, and never afterwards', () => {
    expect(change({ came: stopped(false) })).toMatchObject({ progress: { state: 'cancelled', cancelledBy: 'U7' } });
    expect(change({ came: stopped(true) })).toMatchObject({ progress: { state: 'failed', error: 'the run was cancelled' } });
    expect(change({ came: stopped(false), progress })).toMatchObject({ progress: { state: 'failed' } });
    expect(change({ came: broken })).toMatchObject({ turn: 'again' });
    expect(change({ came: { is: 'deaf' } })).toMatchObject({
      progress: { state: 'failed', error: expect.stringContaining('look at what stands') },
    });
  });

  test('by a worker that ends: it is given back, unless it came to its end', () => {
    expect(change({ stop: 'back', came: broken })).toMatchObject({ turn: 'back' });
    expect(change({ stop: 'back', came: { is: 'deaf' } })).toMatchObject({ turn: 'back' });
    expect(change({ stop: 'back', came: { is: 'result', result: doctor } })).toMatchObject({ turn: 'end', progress: { state: 'done' } });
  });

  test('by another that has it now: it is dropped', () => {
    expect(change({ stop: 'lost', came: { is: 'result', result: doctor } })).toEqual({ turn: 'drop' });
  });
});
