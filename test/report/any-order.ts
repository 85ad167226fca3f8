import fc from 'fast-check';
import { type Change, Change as ChangeSchema, ChangeState } from '../../src/domain/change.ts';
import type { ActResult, NoPlan, Plan, QuerySummary, Sight } from '../../src/domain/plan.ts';
import { VerdictStatus } from '../../src/domain/verdict.ts';
import { nasty } from './slack/nasty.ts';
import { change, noPlan, person, plan } from './orders.ts';

/** Numbers that a store could hold: times, counts, and what is neither. */
const number = fc.oneof(
  fc.integer({ min: 0, max: 3_000_000 }),
  fc.constantFrom(0, -1, 0.001, 1e15, 8.7e15, 1e21, -1e300),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const list = <T>(one: fc.Arbitrary<T>, maxLength = 6) => fc.array(one, { maxLength });
const dictionary = <T>(one: fc.Arbitrary<T>) => fc.dictionary(nasty, one, { maxKeys: 6 });
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one);

const owner = fc.record({
  manager: fc.constantFrom('eks-addon' as const, 'helm' as const, 'argocd' as const, 'flux' as const, 'autoscaler' as const),
  takesBack: nasty,
  durable: list(nasty, 12),
});
const object = fc.record({
  object: fc.record({ apiVersion: nasty, kind: nasty, namespace: maybe(nasty), name: nasty }),
  does: fc.constantFrom('change' as const, 'create' as const, 'delete' as const, 'restart' as const),
  diff: fc.oneof(
    list(nasty, 12),
    fc
      .tuple(nasty, fc.integer({ min: 0, max: 3000 }))
      .map(([text, count]) => Array.from({ length: count }, () => `+ ${text.slice(0, 90)}`)),
  ),
  owner: maybe(owner),
});

/** Any plan that fits the schema. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    ...{
      remedy: nasty,
      params: dictionary(fc.jsonValue()),
      cluster: nasty,
      summary: nasty,
      risk: fc.constantFrom('safe' as const, 'disruptive' as const),
      helps: maybe(nasty),
    },
    ...{ warnings: list(nasty, 12), objects: list(object, 30), undo: maybe(nasty), endsAfterMs: maybe(number), proves: list(nasty, 20) },
    pods: list(fc.record({ namespace: nasty, name: nasty, uid: nasty, node: maybe(nasty) }), 90),
    effect: fc.record({ withinMs: number, why: nasty }),
  })
  .map((over) => plan(over));

/** Why there is none, in any way that fits the schema. */
export const anyNoPlan: fc.Arbitrary<NoPlan> = fc
  .record({
    why: fc.constantFrom(
      'rights' as const,
      'unsafe' as const,
      'not-needed' as const,
      'not-here' as const,
      'owned' as const,
      'unknown' as const,
    ),
    ...{ remedy: nasty, says: nasty, next: list(nasty), allow: list(nasty) },
    offers: list(nasty).map((ids) => ids.map((id) => ({ id, params: {} }))),
  })
  .map((over) => noPlan(over));

const anySight: fc.Arbitrary<Sight> = fc.record({
  ...{ at: number, status: fc.constantFrom(...VerdictStatus.options), causes: list(nasty) },
  checks: dictionary(fc.oneof(fc.constantFrom('passed', 'found', 'unknown', 'not-applicable', 'constructor'), nasty)),
});

/** Any summary of queries that fits the schema. */
export const anySummary: fc.Arbitrary<QuerySummary> = fc.record({
  ...{
    lines: number,
    unreadable: number,
    cut: fc.boolean(),
    seconds: number,
    perSecond: number,
    rcodes: dictionary(number),
    searchShare: maybe(number),
  },
  clients: list(fc.record({ address: nasty, pod: maybe(nasty), queries: number }), 30),
  names: list(fc.record({ name: nasty, type: nasty, queries: number }), 30),
  slow: list(fc.record({ name: nasty, type: nasty, rcode: nasty, ms: number }), 30),
  errors: list(fc.record({ message: nasty, count: number }), 30),
});

/** Any result of an act that fits the schema. */
export const anyResult: fc.Arbitrary<ActResult> = fc.record({
  outcome: fc.constantFrom('applied' as const, 'refused' as const, 'failed' as const, 'stopped' as const, 'unverified' as const),
  ...{
    says: nasty,
    next: list(
      fc.oneof(
        nasty,
        nasty.map((text) => `Do: kubectl ${text}`),
      ),
      12,
    ),
    before: maybe(anySight),
    after: maybe(anySight),
  },
  proof: fc.constantFrom('fixed' as const, 'another' as const, 'no-change' as const, 'worse' as const, 'unknown' as const, 'none' as const),
  ...{ effectMs: maybe(number), undoable: fc.boolean(), queries: maybe(anySummary), lines: list(nasty) },
  files: list(fc.record({ name: nasty, bytes: number, why: maybe(nasty) }), 40),
  verdict: maybe(fc.record({ status: fc.constantFrom(...VerdictStatus.options), cause: maybe(nasty), sentence: nasty })),
});

const approval = fc
  .record({ user: nasty, channel: nasty, at: number })
  .map(({ user, channel, at }) => ({ person: person(user), channel, at }));
const runId = fc.constantFrom('aaaaaaaaaa', 'bbbbbbbbbb');
const digits = (length: number) => fc.constantFrom('0', 'a', 'f').map((digit) => digit.repeat(length));

/** Any order that fits the schema: every text that is not ours is somebody's, and every mix of fields may stand there. */
export const anyChange: fc.Arbitrary<Change> = fc
  .record({
    ...{ id: digits(32), digest: digits(64), plan: anyPlan, state: fc.constantFrom(...ChangeState.options), expiresAt: number },
    ...{ requested: maybe(approval), reason: maybe(nasty), approvals: list(approval, 20), declinedBy: maybe(nasty), why: maybe(nasty) },
    ...{ applyRun: maybe(runId), undoRun: maybe(runId), undoneBy: maybe(fc.oneof(nasty, fc.constant('end'))), before: maybe(anySight) },
    ...{ result: maybe(anyResult), undoResult: maybe(anyResult), endsAt: maybe(number), movedAt: number },
  })
  .map((over) => ChangeSchema.parse(change(over)));

/** Any terms of a policy. */
export const anyTerms = fc.record({
  ...{ people: fc.integer({ min: 1, max: 5 }), reason: fc.boolean(), typeName: fc.boolean(), readOnly: fc.boolean() },
  frozen: maybe(fc.record({ says: nasty, until: maybe(number) })),
  mayApprove: fc.record({ users: list(nasty, 30), groups: list(nasty, 30), channels: list(fc.oneof(nasty, fc.constant('any')), 30) }),
});
