import { describe, expect, test } from '@jest/globals';
import type { AnyCheck, JudgeContext, Judgement } from '../../src/domain/check.ts';
import type { Evidence } from '../../src/domain/evidence.ts';
import type { Severity } from '../../src/domain/finding.ts';
import { finding } from '../../src/checks/check.ts';
import { explain, judgeAll } from '../../src/flows/judge.ts';

const context = { now: 0, request: { pod: null, node: null, names: [], quick: false } };
const nodes = { total: 1, complete: true, items: [] };
const ok: Evidence = { nodes: { id: 'nodes', status: 'ok', data: nodes, durationMs: 1 } };
const gone: Evidence = {
  ...ok,
  corefile: { id: 'corefile', status: 'failed', reason: 'missing', message: 'no ConfigMap coredns', durationMs: 1 },
};

const check = (over: Partial<AnyCheck> & { id: string }): AnyCheck => ({
  title: '',
  why: '',
  docs: '',
  wording: { found: '', next: [] },
  explains: [],
  requires: [],
  uses: [],
  judge: () => ({ status: 'passed' }),
  ...over,
});

/** Judges with one check that remembers what it was given. */
function given(
  over: Partial<AnyCheck>,
  evidence: Evidence,
): { judgement: Judgement | undefined; seen: { facts: Record<string, unknown>; context: JudgeContext }[] } {
  const seen: { facts: Record<string, unknown>; context: JudgeContext }[] = [];
  const judgeOne = (facts: never, told: JudgeContext): Judgement => {
    seen.push({ facts, context: told });
    return { status: 'passed' };
  };
  const [result] = judgeAll([check({ id: 'a', judge: judgeOne, ...over })], evidence, context);
  return { judgement: result?.judgement, seen };
}

describe('judgeAll', () => {
  test('a check sees what it declared, and nothing else', () => {
    expect(given({ requires: ['nodes'] }, ok).seen[0]?.facts).toEqual({ nodes });
    expect(given({}, ok).seen[0]?.facts).toEqual({});
  });

  test('a reading that it can do without is left out when it is not there', () => {
    const { judgement, seen } = given({ requires: ['nodes'], uses: ['corefile', 'rbac'] }, gone);
    expect(judgement).toEqual({ status: 'passed' });
    expect(Object.keys(seen[0]?.facts ?? {})).toEqual(['nodes']);
  });

  test('one that it cannot do without makes it unknown, with the reason', () => {
    const { judgement, seen } = given({ requires: ['nodes', 'corefile', 'rbac'] }, gone);
    expect(judgement).toEqual({ status: 'unknown', reason: 'corefile: no ConfigMap coredns; rbac was not read' });
    expect(seen).toEqual([]);
  });

  test('a check about a pod does not apply when none was named', () => {
    expect(given({ requires: ['pod', 'rbac'] }, ok).judgement).toEqual({ status: 'not-applicable', reason: 'no pod was named' });
  });

  test('a pod that could not be read is another thing than none', () => {
    const forbidden: Evidence = { pod: { id: 'pod', status: 'failed', reason: 'forbidden', message: 'may not get pods', durationMs: 1 } };
    expect(given({ requires: ['pod'] }, forbidden).judgement).toEqual({ status: 'unknown', reason: 'pod: may not get pods' });
  });

  test('it is told why readings failed', () => {
    expect(given({}, gone).seen[0]?.context).toEqual({ ...context, failed: { corefile: 'missing' } });
  });

  test('facts and context are frozen to the bottom, and the caller keeps its own', () => {
    const own = structuredClone(context);
    const [result] = judgeAll(
      [
        check({
          id: 'a',
          requires: ['nodes'],
          judge: (facts: { nodes: { items: string[] } }, told: JudgeContext) => {
            expect(Object.isFrozen(facts.nodes.items)).toBe(true);
            expect(Object.isFrozen(told.request.names)).toBe(true);
            facts.nodes.items.push('x');
            return { status: 'passed' };
          },
        }),
      ],
      structuredClone(ok),
      own,
    );
    expect(result?.judgement).toMatchObject({ status: 'unknown' });
    expect(Object.isFrozen(own.request)).toBe(false);
  });

  test('a check that throws is unknown, and the others go on', () => {
    const broken = check({
      id: 'a',
      judge: () => {
        throw new Error('no');
      },
    });
    const results = judgeAll([broken, check({ id: 'b' })], ok, context);
    expect(results.map(({ judgement }) => judgement.status)).toEqual(['unknown', 'passed']);
    expect(results[0]?.judgement).toMatchObject({ reason: expect.stringContaining('no') });
  });
});

/** Marks the findings of checks that explain each other as the table says: code, then what it explains, then its severity. */
function explained(table: [string, string[], Severity?][]): Record<string, string | null> {
  const results = table.map(([id, explains, severity = 'critical']) => ({
    check: check({ id, explains }),
    judgement: { status: 'found' as const, findings: [finding(id, severity, { kind: 'Node', name: 'a' })] },
  }));
  return Object.fromEntries(explain(results).map(({ code, explainedBy }) => [code, explainedBy]));
}

describe('explain', () => {
  test('a finding that nobody explains is a cause', () => {
    expect(
      explained([
        ['a', ['x']],
        ['b', []],
      ]),
    ).toEqual({ a: null, b: null });
  });

  test('a consequence names its cause', () => {
    expect(
      explained([
        ['b', []],
        ['a', ['b']],
      ]),
    ).toEqual({ a: null, b: 'a' });
  });

  test('the root of a chain is named, not the next link', () => {
    expect(
      explained([
        ['a', ['b']],
        ['b', ['c']],
        ['c', []],
      ]),
    ).toEqual({ a: null, b: 'a', c: 'a' });
  });

  test('a prefix with a star covers all codes that begin so', () => {
    expect(
      explained([
        ['a', ['coredns-not-ready*']],
        ['coredns-not-ready', []],
        ['coredns-not-ready-x', []],
        ['coredns-x', []],
      ]),
    ).toEqual({ a: null, 'coredns-not-ready': 'a', 'coredns-not-ready-x': 'a', 'coredns-x': null });
  });

  test('two that claim each other explain neither', () => {
    expect(
      explained([
        ['a', ['b']],
        ['b', ['a']],
      ]),
    ).toEqual({ a: null, b: null });
  });

  test('a longer circle leaves a cause', () => {
    const circle = explained([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
    ]);
    expect(Object.values(circle).some((by) => by === null)).toBe(true);
  });

  test('what is only worth knowing neither explains nor is explained', () => {
    expect(
      explained([
        ['a', ['b'], 'info'],
        ['b', []],
      ]),
    ).toEqual({ a: null, b: null });
    expect(
      explained([
        ['a', ['b']],
        ['b', [], 'info'],
      ]),
    ).toEqual({ a: null, b: null });
  });

  test('a check does not explain itself', () => {
    expect(explained([['a', ['a', '*']]])).toEqual({ a: null });
  });
});
