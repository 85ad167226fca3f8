import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { questionOf } from '../../src/queue/question.ts';
import { storedResult } from '../../src/queue/result.ts';
import { withStep } from '../../src/queue/steps.ts';
import { askText, placesOf, recordOf, summaryOf, type StoredRun } from '../../src/queue/stored.ts';
import type { CheckRequest } from '../../src/domain/request.ts';
import type { RunResult, RunStep } from '../../src/domain/run.ts';

const request: CheckRequest = {
  cluster: 'a',
  pod: null,
  node: null,
  names: [],
  quick: false,
  probePods: true,
  ephemeral: true,
  timeoutMs: 1000,
};
const base = {
  id: '0123456789',
  kind: 'check',
  cluster: 'a',
  request,
  askedBy: 'U1',
  createdAt: 1,
  expiresAt: 2,
  signed: { order: '{}', signature: '0'.repeat(64) },
};
const progress = { state: 'queued', attempt: 0, startedAt: null, endedAt: null, steps: [], error: null, cancelledBy: null };
const stored = (more: Partial<StoredRun> = {}): StoredRun => ({
  base: JSON.stringify(base),
  progress: JSON.stringify(progress),
  result: null,
  outcome: null,
  cancel: null,
  proposals: null,
  lives: {},
  revision: null,
  asks: [askText({ channel: 'C1', thread: null, user: 'U1' })],
  ...more,
});

describe('a record', () => {
  test('is put together from its parts, and says nothing of the order', () => {
    const { signed: _signed, expiresAt: _expiresAt, ...rest } = base;
    expect(recordOf(stored())).toEqual({ ...rest, places: [{ channel: 'C1', thread: null, askers: ['U1'] }], progress, result: null });
  });

  test.each<[string, Partial<StoredRun>]>([
    ['base', { base: '{' }],
    ['base without an id', { base: JSON.stringify({ ...base, id: '../x' }) }],
    ['progress', { progress: '' }],
    ['progress of a state that is none', { progress: JSON.stringify({ ...progress, state: 'dancing' }) }],
    ['result', { result: '{"kind":"check"}' }],
  ])('with a %s that cannot be understood is none', (_what, part) => {
    expect(recordOf(stored(part))).toBeNull();
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), fc.array(fc.oneof(fc.string(), fc.json())), (text, json, asks) => {
        expect(
          recordOf({
            base: text,
            progress: json,
            result: text,
            outcome: json,
            cancel: text,
            asks,
            proposals: json,
            lives: { [text]: json },
            revision: text,
          }),
        ).toBeNull();
        expect(placesOf(asks)).toBeInstanceOf(Array);
      }),
    );
  });

  test('in a list shows what came out of it', () => {
    expect(summaryOf(stored({ outcome: '{"status":"broken","cause":"x"}' }))).toMatchObject({
      status: 'broken',
      cause: 'x',
      state: 'queued',
    });
    expect(summaryOf(stored({ outcome: 'nonsense' }))).toMatchObject({ status: null, cause: null });
    expect(summaryOf(stored({ base: 'nonsense' }))).toBeNull();
  });
});

test('places stand in the order of their first ask, each with its askers once', () => {
  const ask = (channel: string, thread: string | null, user: string) => askText({ channel, thread, user });
  expect(placesOf([ask('C2', null, 'U1'), ask('C1', '1.1', 'U1'), ask('C2', null, 'U2'), ask('C2', null, 'U1'), 'nonsense'])).toEqual([
    { channel: 'C2', thread: null, askers: ['U1', 'U2'] },
    { channel: 'C1', thread: '1.1', askers: ['U1'] },
  ]);
});

describe('a question', () => {
  test('is the same however its names are written and ordered', () => {
    const names = (...list: string[]) => questionOf('check', { ...request, names: list });
    expect(names('B.example', 'a.example', 'b.example')).toBe(names('a.example', 'b.example'));
    expect(names('a.example.')).not.toBe(names('a.example'));
    expect(names('a', 'b')).not.toBe(names('a,b'));
  });

  test.each<Partial<CheckRequest>>([
    { cluster: 'b' },
    { pod: 'a/b' },
    { node: 'n' },
    { quick: true },
    { probePods: false },
    { ephemeral: false },
    { timeoutMs: 2 },
  ])('is another with %j', (change) => {
    expect(questionOf('check', { ...request, ...change })).not.toBe(questionOf('check', request));
    expect(questionOf('doctor', request)).not.toBe(questionOf('check', request));
  });
});

describe('a result', () => {
  const result = (bytes: number): RunResult => ({
    kind: 'check',
    report: {
      schema: 'dns-medic/report/v1',
      run: { id: '0123456789', cluster: 'a', startedAt: '', durationMs: 1, request: {} },
      verdict: { status: 'broken', cause: 'x', causes: ['x'], sentence: 's' },
      findings: [],
      checks: [],
      readings: [],
      cost: { apiRequests: 0, bytes: 0 },
    },
    readings: { corefile: { id: 'corefile', status: 'ok', data: 'ä'.repeat(bytes / 2), durationMs: 1 } },
  });

  test('is kept whole up to a MiB, and without its readings beyond', () => {
    expect(JSON.parse(storedResult(result(1_000_000)).result)).toEqual(result(1_000_000));
    expect(JSON.parse(storedResult(result(1_050_000)).result)).toEqual({ ...result(0), readings: {} });
    expect(storedResult(result(0)).outcome).toBe('{"status":"broken","cause":"x"}');
  });

  test('that is none is not kept', () => {
    expect(() => storedResult({ kind: 'check' } as never)).toThrow(/invalid|expected/i);
  });

  test.each([{ data: undefined }, { data: () => 1 }])('with a reading that JSON cannot say (%p) can be read again', (odd) => {
    const reading = { id: 'a', status: 'ok', durationMs: 1, ...odd };
    const read = recordOf(stored(storedResult({ ...result(0), readings: { a: reading } } as RunResult)));
    expect(read?.result).toEqual({ ...result(0), readings: {} });
  });
});

describe('steps', () => {
  const step = (id: string, state: RunStep['state'] = 'running'): RunStep => ({ id, title: id, state, reason: null, durationMs: null });

  test('stay in the place where they began', () => {
    const steps = [step('a'), step('b')].reduce(withStep, []);
    expect(withStep(steps, step('a', 'ok'))).toEqual([step('a', 'ok'), step('b')]);
  });

  test('are bounded in number and length', () => {
    const many = Array.from({ length: 500 }, (_, index) => step(`${index}`)).reduce(withStep, []);
    expect(many).toHaveLength(200);
    const [long] = withStep([], { ...step('a'), title: 'x'.repeat(5000), reason: 'y'.repeat(5000) });
    expect([long?.title.length, long?.reason?.length]).toEqual([500, 500]);
  });
});
