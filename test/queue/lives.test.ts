import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Change, Proposal } from '../../src/domain/change.ts';
import type { ActResult, Plan } from '../../src/domain/plan.ts';
import * as lives from '../../src/queue/lives.ts';

const plan: Plan = {
  remedy: 'scale-coredns',
  params: {},
  cluster: 'a',
  summary: 's',
  risk: 'safe',
  helps: null,
  warnings: [],
  objects: [],
  pods: [],
  undo: null,
  endsAfterMs: null,
  proves: [],
  effect: { withinMs: 1, why: 'w' },
  data: { b: 1, a: 2 },
  madeAt: 1000,
};
const [A, B] = ['a'.repeat(32), 'b'.repeat(32)];
const RUN = '0123456789';
const proposals: Proposal[] = [
  { id: A, plan, digest: 'd'.repeat(64) },
  { id: null, none: { remedy: 'x', params: {}, why: 'unsafe', says: 's', next: [], offers: [], allow: [] } },
  { id: B, plan, digest: 'e'.repeat(64) },
];
const stored = (more: Record<string, string> = {}) => ({ proposals: JSON.stringify(proposals), lives: more });
const seal: lives.Seal = { make: (text) => `${text.length}`.padStart(64, '0'), holds: (text, given) => seal.make(text) === given };
const [first, second] = lives.changesOf(stored()) as [Change, Change];
const text = (change: Change, revision = 1, token = 't') => lives.lifeText(seal, change, { run: RUN, revision, token });

describe('the orders of a run', () => {
  test('stand as they were proposed, until they are moved', () => {
    expect(first).toMatchObject({ id: A, state: 'proposed', expiresAt: 1000 + 30 * 60_000, movedAt: 1000 });
    const moved: Change = { ...second, state: 'approved', movedAt: 7 };
    expect(lives.changesOf(stored({ [B]: text(moved) }))).toEqual([first, moved]);
  });

  test('do not seem new where their life cannot be understood, and are none where the proposals cannot be', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `${'0'.repeat(64)} ${json}`),
        ),
        (life) => {
          expect(lives.changesOf(stored({ [A]: life }))).toEqual([second]);
          expect(lives.changesOf({ proposals: life, lives: {} })).toEqual([]);
          expect(lives.revisionOf(life)).toBe(0);
        },
      ),
    );
    expect(lives.changesOf({ proposals: null, lives: { [A]: text(first) } })).toEqual([]);
  });

  test('are newer with more moves; of two lives with as many neither is', () => {
    const [old, young] = [
      { [A]: text(first, 2), [B]: text(second, 5) },
      { [A]: text(first, 3), [B]: text(second, 5, 'u') },
    ];
    expect(lives.newerLives(young, old)).toEqual({ [A]: young[A] });
    expect(lives.newerLives(old, young)).toEqual({});
    expect(lives.newerLives({ [A]: text(first, 1) }, {})).toEqual({ [A]: text(first, 1) });
    expect(lives.newerLives({ [A]: 'nonsense' }, {})).toEqual({});
    expect(lives.newerLives({ [A]: text(first, 9) }, { [A]: 'nonsense' })).toEqual({});
  });

  test.each(['running', 'done', 'failed', 'undoing', 'undone'] as const)(
    'are newer when %s than before their work, whatever was moved meanwhile',
    (state) => {
      const begun = { [A]: text({ ...first, state }, 3) };
      for (const before of ['proposed', 'requested', 'approved', 'expired'] as const) {
        const other = { [A]: text({ ...first, state: before }, 9) };
        expect(lives.newerLives(begun, other)).toEqual(begun);
        expect(lives.newerLives(other, begun)).toEqual({});
      }
      expect(lives.newerLives({ [A]: text({ ...first, state: 'refused' }, 4) }, begun)).not.toEqual({});
    },
  );
});

describe('a life', () => {
  test('is genuine for its run, its order and its plan alone', () => {
    const life = text(first);
    expect(lives.isGenuine(seal, RUN, first, life)).toBe(true);
    expect(lives.isGenuine(seal, `${RUN}0`, first, life)).toBe(false);
    expect(lives.isGenuine(seal, RUN, { ...first, digest: 'd' }, life)).toBe(false);
    expect(lives.isGenuine(seal, RUN, first, `${life} `)).toBe(false);
    expect(lives.isGenuine(seal, RUN, first, '')).toBe(false);
  });

  test('is another text with each move, also where the order stands the same', () => {
    expect(text(first, 1, 'one')).not.toBe(text(first, 1, 'two'));
  });

  test('keeps the newest lines of a query log, no more than a quarter of a MiB', () => {
    const lines = Array.from({ length: 5000 }, (_, n) => `${n} `.padEnd(100, 'x'));
    const result = {
      outcome: 'applied',
      says: 's',
      next: [],
      before: null,
      after: null,
      proof: 'none',
      effectMs: null,
      undoable: true,
      queries: null,
      lines,
    };
    const [kept] = lives.changesOf(stored({ [A]: text({ ...first, result: result as ActResult }) }));
    expect(kept?.result?.lines.at(-1)).toBe(lines.at(-1));
    expect(kept?.result?.lines).toHaveLength(Math.floor((256 * 1024) / 101));
  });
});

test('an order stands in the sets that its state asks for', () => {
  const scores = (change: Partial<Change>) => lives.scoresOf({ ...first, movedAt: 5, expiresAt: 9, ...change });
  expect(scores({})).toEqual({ expiring: 9, moving: null });
  for (const state of ['requested', 'approved'] as const) expect(scores({ state })).toEqual({ expiring: 9, moving: 5 });
  for (const state of ['running', 'undoing'] as const) expect(scores({ state })).toEqual({ expiring: null, moving: 5 });
  for (const state of ['failed', 'refused', 'expired', 'undone', 'done'] as const)
    expect(scores({ state })).toEqual({ expiring: null, moving: null });
  for (const state of ['done', 'failed'] as const) expect(scores({ state, endsAt: 7 })).toEqual({ expiring: null, moving: 5 });
});

test('the work that is due is that of its state', () => {
  const work = (state: Change['state']) => lives.workOf({ state, applyRun: 'apply', undoRun: 'undo' });
  expect((['approved', 'running', 'undoing', 'requested', 'done', 'undone'] as const).map(work)).toEqual([
    'apply',
    'apply',
    'undo',
    null,
    null,
    null,
  ]);
});

test('an order in a set is read back, and what is none is not', () => {
  expect(lives.orderIn(lives.orderText(RUN, A))).toEqual({ run: RUN, id: A });
  for (const none of ['', `${RUN}.`, `${RUN}.${A}0`, `x${RUN}.${A}`]) expect(lives.orderIn(none)).toBeNull();
});
