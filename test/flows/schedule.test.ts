import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import type { Collector } from '../../src/collect/collector.ts';
import type { ReadingId } from '../../src/domain/evidence.ts';
import { collectors } from '../../src/collect/registry.ts';
import { inOrder, schedule, type Step } from '../../src/flows/schedule.ts';

const collector = (id: string, after: string[], collect: (context: never) => Promise<unknown>, some: Partial<Collector> = {}): Collector =>
  ({ id, title: id, after: after as ReadingId[], needs: [], timeoutMs: 1_000, collect, ...some }) as unknown as Collector;
const context = (signal = new AbortController().signal) =>
  ({ port: {}, probes: null, request: {}, settings: {}, signal, now: Date.now }) as never;
const run = (list: Collector[], signal?: AbortSignal) => schedule(list, context(signal), () => {});

describe('a run of collectors', () => {
  test('each is given the readings it comes after, and no others', async () => {
    let seen: unknown;
    await run([
      collector('b', ['a'], async (given: { have: unknown }) => (seen = given.have)),
      collector('a', [], async () => 1),
      collector('c', [], async () => 2),
    ]);
    expect(seen).toEqual({ a: { id: 'a', status: 'ok', data: 1, durationMs: expect.any(Number) } });
  });

  test('a failure is a reading with its reason and the right that would help, and those after it still run', async () => {
    const evidence = await run([
      collector('a', [], () => Promise.reject(new Failure('forbidden', 'may not', { allow: '- {}' }))),
      collector('b', ['a'], async () => 'ran'),
    ]);
    expect(evidence).toMatchObject({
      a: { status: 'failed', reason: 'forbidden', message: 'may not', allow: '- {}' },
      b: { status: 'ok', data: 'ran' },
    });
  });

  test('a mistake in a collector is a reading too', async () => {
    const evidence = await run([collector('a', [], () => Promise.reject(new TypeError('oops')))]);
    expect(evidence).toMatchObject({ a: { status: 'failed', reason: 'error', message: 'oops' } });
  });

  test('one that never comes back is ended at its own limit', async () => {
    const evidence = await run([collector('a', [], () => new Promise(() => {}), { timeoutMs: 20 })]);
    expect(evidence).toMatchObject({ a: { status: 'failed', reason: 'timeout', message: 'no answer within 0.02 s' } });
  });

  test('when the run is ended, what was not finished says why', async () => {
    const controller = new AbortController();
    const ended = run([collector('a', [], () => new Promise(() => {})), collector('b', [], async () => 1)], controller.signal);
    setTimeout(() => controller.abort(new Failure('error', 'no way to the API server')), 10);
    expect(await ended).toMatchObject({ a: { status: 'failed', message: 'no way to the API server' }, b: { status: 'ok' } });
  });

  test('one that need not run is left out', async () => {
    expect(await run([collector('a', [], async () => 1, { skip: () => 'not asked for' })])).toEqual({});
  });

  test('steps are announced when they start and end', async () => {
    const steps: Step[] = [];
    await schedule([collector('a', [], async () => 1)], context(), (step) => steps.push(step));
    expect(steps.map((step) => [step.event, step.id])).toEqual([
      ['start', 'a'],
      ['end', 'a'],
    ]);
  });

  test('collectors that wait for each other are refused', () => {
    expect(() => inOrder([collector('a', ['b'], async () => 1), collector('b', ['a'], async () => 1)])).toThrow('wait for each other');
  });

  test('the registered ones do not, and each id stands there once', () => {
    expect(inOrder(collectors)).toHaveLength(collectors.length);
    expect(new Set(collectors.map((one) => one.id)).size).toBe(collectors.length);
  });
});
