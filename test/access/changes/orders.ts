import { planDigest } from '../../../src/access/changes/digest.ts';
import type { ChangeRule } from '../../../src/domain/access.ts';
import { type Approval, type Change, newChange } from '../../../src/domain/change.ts';
import type { ActResult, Plan } from '../../../src/domain/plan.ts';
import { person } from '../people.ts';

/** When the plans of these tests were made: a Wednesday, 12:00 UTC. */
export const MADE = Date.UTC(2026, 10, 25, 12);
export const MINUTE = 60_000;

export const plan = (change: Partial<Plan> = {}): Plan => ({
  remedy: 'restart-coredns',
  params: {},
  cluster: 'cluster-a',
  summary: 'restart CoreDNS, one pod at a time',
  risk: 'disruptive',
  helps: null,
  warnings: [],
  objects: [],
  pods: [],
  undo: 'scales back to what was',
  endsAfterMs: null,
  proves: [],
  effect: { withinMs: 1_000, why: 'pods start' },
  data: { hash: 'x' },
  madeAt: MADE,
  ...change,
});

/** An order as a check proposes it, with what has happened to it since. */
export const order = (life: Partial<Change> = {}): Change => {
  const planned = life.plan ?? plan();
  return { ...newChange({ id: '0123456789abcdef0123456789abcdef', plan: planned, digest: planDigest(planned) }), ...life };
};

/** The yes of somebody, a minute after the plan was made. */
export const yes = (user: string, change: Partial<Approval> = {}): Approval => ({
  person: person({ user }),
  channel: 'C0INCIDENT',
  at: MADE + MINUTE,
  ...change,
});

export const changeRule = (change: Partial<ChangeRule> = {}): ChangeRule => ({
  clusters: ['*'],
  environments: null,
  remedies: null,
  people: null,
  reason: null,
  typeName: null,
  by: null,
  freeze: [],
  ...change,
});

export const result = (change: Partial<ActResult> = {}): ActResult => ({
  outcome: 'applied',
  says: 'It was done.',
  next: [],
  before: null,
  after: null,
  proof: 'fixed',
  effectMs: 900,
  undoable: true,
  queries: null,
  lines: [],
  ...change,
});
