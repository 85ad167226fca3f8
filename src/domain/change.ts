import { z } from 'zod';
import { Decision, Person } from './access.ts';
import type { AuditEntry } from './audit.ts';
import { ActResult, NoPlan, Plan, Sight } from './plan.ts';

/** The id of an order to change something: 128 random bits, so that it cannot be guessed. Its first ten digits are what people see and type. */
export const ChangeId = z.string().regex(/^[0-9a-f]{32}$/);

const RunIdText = z.string().regex(/^[0-9a-f]{10}$/);

/**
 * The life of an order: proposed → requested → approved → running → done | failed | refused | expired; done (or failed halfway) → undoing →
 * undone. `refused`: by the policy, by a person (`declined`), or because what it was planned on had changed.
 */
export const ChangeState = z.enum([
  'proposed',
  'requested',
  'approved',
  'running',
  'done',
  'failed',
  'refused',
  'expired',
  'undoing',
  'undone',
]);
export type ChangeState = z.infer<typeof ChangeState>;

/** A person's yes, as Slack described the person then. Milliseconds since 1970. */
export const Approval = z.object({ person: Person, channel: z.string(), at: z.number() });
export type Approval = z.infer<typeof Approval>;

/** What is written of an order beside its plan, which never changes. Times are milliseconds since 1970. */
export const ChangeLife = z.object({
  state: ChangeState,
  /** Until then it may be asked for and approved, and its work may begin. */
  expiresAt: z.number(),
  requested: Approval.nullable(),
  reason: z.string().nullable(),
  approvals: z.array(Approval),
  /** User id. */
  declinedBy: z.string().nullable(),
  /** Why it was refused or failed, one sentence. */
  why: z.string().nullable(),
  /** The run that does it, and the one that undoes it: the last of each. */
  applyRun: RunIdText.nullable(),
  undoRun: RunIdText.nullable(),
  /** User id of the one who asked to undo it; `end`: its time was over. */
  undoneBy: z.string().nullable(),
  /** The person who asked to undo it, as Slack described them then: the order to undo it is theirs. Null: its time was over. */
  undoAsked: Approval.nullable().optional(),
  /** The look before anything was written: kept for a worker that has to go on with it. */
  before: Sight.nullable(),
  result: ActResult.nullable(),
  undoResult: ActResult.nullable(),
  /** When it ends by itself; null: it does not, or has. */
  endsAt: z.number().nullable(),
  movedAt: z.number(),
});
export type ChangeLife = z.infer<typeof ChangeLife>;

/** An order to change something. `digest`: SHA-256 of the plan, in hex: what people approve, and what the bot signs. */
export const Change = ChangeLife.extend({ id: ChangeId, plan: Plan, digest: z.string().regex(/^[0-9a-f]{64}$/) });
export type Change = z.infer<typeof Change>;

/** What a check proposes: an order that people may ask for, or why there is none. `seal`: of the worker that made the plan. */
export const Proposal = z.union([
  z.object({ id: ChangeId, plan: Plan, digest: z.string(), seal: z.string().optional() }),
  z.object({ id: z.null(), none: NoPlan }),
]);
export type Proposal = z.infer<typeof Proposal>;

/** Whether a plan was made. */
export const isPlanned = (proposal: Proposal): proposal is Extract<Proposal, { plan: Plan }> => proposal.id !== null;

/** How long a plan may be asked for, approved and begun, in milliseconds. */
export const PLAN_HOLDS_MS = 30 * 60_000;

/** The order that a plan begins with. */
export const newChange = ({ id, plan, digest }: Extract<Proposal, { plan: Plan }>): Change => ({
  id,
  plan,
  digest,
  state: 'proposed',
  expiresAt: plan.madeAt + PLAN_HOLDS_MS,
  requested: null,
  reason: null,
  approvals: [],
  declinedBy: null,
  why: null,
  applyRun: null,
  undoRun: null,
  undoneBy: null,
  before: null,
  result: null,
  undoResult: null,
  endsAt: null,
  movedAt: plan.madeAt,
});

/** Whether something is about to happen to it, by people, by a worker or by the clock. */
export const isMoving = ({ state, endsAt }: Pick<Change, 'state' | 'endsAt'>): boolean =>
  state === 'requested' ||
  state === 'approved' ||
  state === 'running' ||
  state === 'undoing' ||
  ((state === 'done' || state === 'failed') && endsAt !== null);

/** What a signed order says of the change that it is for. `digest`: the plan that was approved. */
export const ChangeOrder = z.object({
  /** The run whose check proposed it. */
  of: RunIdText,
  change: ChangeId,
  act: z.enum(['apply', 'undo']),
  remedy: z.string(),
  risk: z.enum(['safe', 'disruptive']),
  digest: z.string(),
  requested: Approval,
  approvals: z.array(Approval),
  reason: z.string().nullable(),
  /** It ends because its time is over: approved with the change itself. */
  ends: z.boolean(),
});
export type ChangeOrder = z.infer<typeof ChangeOrder>;

/** Who must stand behind a change, as the policy says now. */
export const ChangeTerms = z.object({
  /** How many people in all: the one who asks, and others who approve. From two on, the one who asks may not approve. */
  people: z.number(),
  reason: z.boolean(),
  /** The cluster's name must be typed. */
  typeName: z.boolean(),
  readOnly: z.boolean(),
  /** Changes rest now: why, and until when (milliseconds since 1970; null: not known). */
  frozen: z.object({ says: z.string(), until: z.number().nullable() }).nullable(),
  mayApprove: z.object({ users: z.array(z.string()), groups: z.array(z.string()), channels: z.array(z.string()) }),
});
export type ChangeTerms = z.infer<typeof ChangeTerms>;

/** Why an order stays as it is: `expired`, in a `state` that does not allow the move, or refused by the `policy`. */
export type Stays =
  { why: 'expired' | 'state'; change: Change } | { why: 'policy'; change: Change; decision: Extract<Decision, { allowed: false }> };

/** What becomes of an order: how it stands then, with the line for the audit; or it stays. */
export type Move = { to: Change; audit: AuditEntry } | { not: Stays };
