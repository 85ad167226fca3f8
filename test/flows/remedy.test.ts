import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { Failure } from '../../src/base/failure.ts';
import { newChange } from '../../src/domain/change.ts';
import { Plan, type Sight } from '../../src/domain/plan.ts';
import type { Report } from '../../src/domain/report.ts';
import { type Act, carryOut } from '../../src/flows/remedy.ts';
import type { Acted, ActContext, AnyRemedy } from '../../src/remedies/remedy.ts';

const plan = Plan.parse({
  remedy: 'mend-it',
  params: {},
  cluster: 'cluster-a',
  summary: 'mend it',
  risk: 'safe',
  helps: null,
  warnings: [],
  objects: [],
  pods: [],
  undo: 'it is taken back',
  endsAfterMs: null,
  proves: ['coredns-no-pods'],
  effect: { withinMs: 10_000, why: 'pods start' },
  data: { replicas: 2 },
  madeAt: 0,
});
const change = newChange({ id: 'a'.repeat(32), plan, digest: 'b'.repeat(64) });

const report = (found: boolean): Report =>
  ({
    verdict: found
      ? { status: 'broken', cause: 'coredns-no-pods', causes: ['coredns-no-pods'], sentence: '' }
      : { status: 'healthy', cause: null, causes: [], sentence: '' },
    findings: [],
    checks: [{ id: 'coredns-no-pods', status: found ? 'found' : 'passed', reason: null }],
  }) as unknown as Report;

const applied: Acted = { outcome: 'applied', says: 'done', next: [], undoable: true };

/** A run of an act on a clock of its own; `looks`: what each look finds, the last one again and again. */
function scene(looks: readonly boolean[], apply: (context: ActContext) => Promise<Acted>, more: Partial<Act> = {}) {
  let now = 1_000;
  let looked = 0;
  const befores: Sight[] = [];
  const steps: string[] = [];
  const ending = new AbortController();
  const stopping = new AbortController();
  const context = {
    say: ({ id, state }: { id: string; state: string }) => steps.push(`${id} ${state}`),
    wrote: () => Promise.resolve(),
    mayWrite: () => undefined,
    stopping: stopping.signal,
    signal: ending.signal,
    now: () => now,
    pause: (ms: number) => Promise.resolve(void (now += ms)),
  } as unknown as ActContext;
  const remedy = { id: 'mend-it', data: z.object({ replicas: z.number() }), apply, undo: null } as unknown as AnyRemedy;
  const act: Act = {
    remedy,
    change,
    act: 'apply',
    context,
    look: () => Promise.resolve(report(looks[Math.min(looked++, looks.length - 1)] ?? true)),
    weigh: () => Promise.reject(new Error('nothing was captured')),
    onBefore: (sight) => Promise.resolve(void befores.push(sight)),
    ...more,
  };
  return { act, befores, steps, ending, stopping, looked: () => looked, later: (ms: number) => (now += ms) };
}

describe('an order is carried out between two looks', () => {
  test('it looks until what was found is gone, and says how long that took from the first write', async () => {
    const { act, befores, looked } = scene([true, true, true, false], async (context) => {
      await context.wrote({
        object: { apiVersion: 'v1', kind: 'Service', namespace: 'kube-system', name: 'kube-dns' },
        how: 'patched',
        resourceVersion: '1',
      });
      return applied;
    });
    const result = await carryOut(act);
    expect(result).toMatchObject({ outcome: 'applied', proof: 'fixed', effectMs: 6_000, undoable: true });
    expect(befores).toHaveLength(1);
    expect(looked()).toBe(4);
  });

  describe('what changes nothing', () => {
    const capture = { schema: 'dns-medic/capture/v1' } as unknown as NonNullable<Acted['capture']>;
    const looks = async (): Promise<Acted> => ({ ...applied, undoable: false, capture });
    const only = (act: Act): Act => ({ ...act, remedy: { ...act.remedy, changesNothing: true } });
    const said = (...causes: string[]): Report =>
      ({
        ...report(causes.length > 0),
        verdict: {
          status: causes.length > 0 ? 'broken' : 'healthy',
          cause: causes[0] ?? null,
          causes,
          sentence: `because of ${causes.join()}`,
        },
      }) as unknown as Report;

    test('is not looked at for a proof, and what it captured is weighed by one check', async () => {
      const { act, befores, looked, steps } = scene([true], looks);
      const given: unknown[] = [];
      const weigh: Act['weigh'] = async (_, what) => {
        given.push(what);
        return { alone: said('dns-packet-loss'), together: said('dns-request-lost') };
      };
      const result = await carryOut(only({ ...act, weigh }));
      expect(result).toMatchObject({ outcome: 'applied', proof: 'none', before: null, capture });
      expect(result.after).toMatchObject({ status: 'broken', causes: ['dns-request-lost'] });
      expect(result.verdict).toEqual({ status: 'broken', cause: 'dns-request-lost', sentence: 'because of dns-request-lost' });
      expect([befores.length, looked(), given]).toEqual([0, 0, [capture]]);
      expect(steps).toEqual(['look-after running', 'look-after ok']);
    });

    test.each([
      ['the same', ['a'], ['a'], false],
      ['less', ['a', 'b'], ['a'], false],
      ['one more cause', ['a'], ['a', 'b'], true],
      ['another one first', ['a', 'b'], ['b', 'a'], true],
      ['nothing any more', ['a'], [], true],
      ['nothing, as before', [], [], false],
    ])('where the check then says %s', async (_, alone, together, isNew) => {
      const { act } = scene([true], looks);
      const result = await carryOut(only({ ...act, weigh: async () => ({ alone: said(...alone), together: said(...together) }) }));
      expect(result.verdict === null).toBe(!isNew);
    });

    test('stands alone where the check fails, was stopped, or nothing was captured', async () => {
      const failing = scene([true], looks);
      expect(await carryOut(only(failing.act))).toMatchObject({ outcome: 'applied', capture, after: null, verdict: null });
      expect(failing.steps).toEqual(['look-after running', 'look-after failed']);
      const stopped = scene([true], looks);
      stopped.stopping.abort();
      expect(await carryOut(only(stopped.act))).toMatchObject({ outcome: 'applied', capture, after: null, verdict: null });
      const none = scene([true], async () => ({ ...applied, outcome: 'failed', undoable: false }));
      expect(await carryOut(only(none.act))).toMatchObject({ outcome: 'failed', capture: null, after: null });
      expect([stopped.steps, none.steps]).toEqual([[], []]);
    });
  });

  test('no change is said when the time is over', async () => {
    const { act } = scene([true], async () => applied);
    expect(await carryOut(act)).toMatchObject({ outcome: 'applied', proof: 'no-change', effectMs: null });
  });

  test('the look before is not done again by a worker that goes on with it', async () => {
    const kept: Sight = { at: 1, status: 'broken', causes: ['coredns-no-pods'], checks: { 'coredns-no-pods': 'found' } };
    const { act, befores, looked } = scene([false], async () => applied, { change: { ...change, before: kept } });
    expect(await carryOut(act)).toMatchObject({ proof: 'fixed', before: kept });
    expect([befores.length, looked()]).toEqual([0, 1]);
  });

  test('what could not be looked at afterwards is unverified', async () => {
    const seen = scene([true], async () => applied);
    let looks = 0;
    const result = await carryOut({
      ...seen.act,
      look: () => (looks++ === 0 ? Promise.resolve(report(true)) : Promise.reject(new Error('gone'))),
    });
    expect(result).toMatchObject({ outcome: 'unverified', proof: 'unknown', after: null });
  });

  test('a refusal is not waited for, and nothing is looked at again', async () => {
    const { act, looked } = scene([true], async () => ({
      outcome: 'refused',
      says: 'it has changed',
      next: ['check again'],
      undoable: false,
    }));
    expect(await carryOut(act)).toMatchObject({ outcome: 'refused', says: 'it has changed', proof: 'none' });
    expect(looked()).toBe(1);
  });

  test('a failure after a write can be undone, and is looked at once', async () => {
    const { act, looked } = scene([true], async (context) => {
      await context.wrote({
        object: { apiVersion: 'v1', kind: 'Service', namespace: null, name: 'x' },
        how: 'patched',
        resourceVersion: null,
      });
      throw new Failure('timeout', 'no answer within 10 s');
    });
    expect(await carryOut(act)).toMatchObject({ outcome: 'failed', says: 'no answer within 10 s', undoable: true, proof: 'no-change' });
    expect(looked()).toBe(2);
  });

  test('an error of ours is a failure and no reason to try again in the middle of a change', async () => {
    const { act } = scene([true], async () => {
      throw new TypeError('x is undefined');
    });
    expect(await carryOut(act)).toMatchObject({ outcome: 'failed', says: 'dns-medic made a mistake: x is undefined' });
  });

  test('what was broken off because this process ends has no outcome', async () => {
    const { act, ending } = scene([true], async () => {
      ending.abort(new Error('this worker ends'));
      throw new Failure('skipped', 'stopped');
    });
    await expect(carryOut(act)).rejects.toThrow('this worker ends');
  });

  test('a plan of another version is refused before anything is done', async () => {
    let called = false;
    const { act } = scene([true], async () => ((called = true), applied), {
      change: { ...change, plan: { ...plan, data: { replicas: 'two' } } },
    });
    expect(await carryOut(act)).toMatchObject({ outcome: 'refused' });
    expect(called).toBe(false);
  });

  test('one who stops it does not wait for the proof', async () => {
    const { act, stopping, looked } = scene([true], async () => {
      stopping.abort();
      return { ...applied, outcome: 'stopped' };
    });
    expect(await carryOut(act)).toMatchObject({ outcome: 'stopped', proof: 'no-change' });
    expect(looked()).toBe(2);
  });

  test('an undo without a way back is refused', async () => {
    const { act } = scene([false], async () => applied, { act: 'undo' });
    expect(await carryOut(act)).toMatchObject({ outcome: 'refused', says: 'it cannot be undone' });
  });
});
