import { z } from 'zod';
import { CaptureReport } from './capture.ts';
import { VerdictStatus } from './verdict.ts';

/** `safe`: lookups go on while it is done. `disruptive`: pods restart, or lookups may fail for a moment. */
export const Risk = z.enum(['safe', 'disruptive']);
export type Risk = z.infer<typeof Risk>;

/** An object of the API. `namespace` null: of the whole cluster. */
export const ObjectRef = z.object({ apiVersion: z.string(), kind: z.string(), namespace: z.string().nullable(), name: z.string() });
export type ObjectRef = z.infer<typeof ObjectRef>;

/** Who keeps an object as it is, and would take a change back. */
export const Owner = z.object({
  manager: z.enum(['eks-addon', 'helm', 'argocd', 'flux', 'autoscaler']),
  /** When the change is taken back: one sentence. */
  takesBack: z.string(),
  /** The way that lasts: a sentence, or the command or the values to use, in lines. */
  durable: z.array(z.string()),
});
export type Owner = z.infer<typeof Owner>;

/** One object that an order touches, and how it differs afterwards. */
export const PlannedObject = z.object({
  object: ObjectRef,
  does: z.enum(['change', 'create', 'delete', 'restart']),
  /** Lines that begin with `- `, `+ ` or two spaces. */
  diff: z.array(z.string()),
  owner: Owner.nullable(),
});
export type PlannedObject = z.infer<typeof PlannedObject>;

export const PlannedPod = z.object({ namespace: z.string(), name: z.string(), uid: z.string(), node: z.string().nullable() });
export type PlannedPod = z.infer<typeof PlannedPod>;

/** A remedy and what it is to be done with. */
export const RemedyWish = z.object({ id: z.string(), params: z.record(z.string(), z.unknown()) });
export type RemedyWish = z.infer<typeof RemedyWish>;

/**
 * What exactly will be done: it is shown before anybody approves, and only this is done. `data` is what the remedy needs to do it and to undo
 * it, with all it was planned on (texts, hashes, uids): its schema stands in the remedy's file.
 */
export const Plan = z.object({
  remedy: z.string(),
  params: z.record(z.string(), z.unknown()),
  cluster: z.string(),
  /** What is done to what, one sentence without a dot. */
  summary: z.string(),
  risk: Risk,
  /** Whether and why it helps here; null where the finding says it. */
  helps: z.string().nullable(),
  /** What may go wrong or cost something, a sentence each. */
  warnings: z.array(z.string()),
  objects: z.array(PlannedObject),
  /** Pods that are replaced, in order. */
  pods: z.array(PlannedPod),
  /** How it is undone: one sentence; null: it cannot be, and need not. */
  undo: z.string().nullable(),
  /** A temporary change ends by itself after so many milliseconds. */
  endsAfterMs: z.number().nullable(),
  /** Codes of the checks that are run before and after. */
  proves: z.array(z.string()),
  /** How long it takes until it shows, in milliseconds, at most, and why. */
  effect: z.object({ withinMs: z.number(), why: z.string() }),
  data: z.unknown(),
  /** Milliseconds since 1970. */
  madeAt: z.number(),
});
export type Plan = z.infer<typeof Plan>;

/**
 * Why there is no plan. `rights`: we may not; `unsafe`: it could do harm now; `not-needed`: all is as it would be; `not-here`: this cluster is
 * not made so; `owned`: somebody else decides it; `unknown`: what it depends on could not be read.
 */
export const NoPlan = z.object({
  remedy: z.string(),
  params: z.record(z.string(), z.unknown()),
  why: z.enum(['rights', 'unsafe', 'not-needed', 'not-here', 'owned', 'unknown']),
  /** One sentence. */
  says: z.string(),
  /** What to do instead: sentences or commands. */
  next: z.array(z.string()),
  /** Remedies that come first or instead. */
  offers: z.array(RemedyWish),
  /** RBAC rules that are missing, a line each. */
  allow: z.array(z.string()),
});
export type NoPlan = z.infer<typeof NoPlan>;

/** A look at the cluster, as far as it proves something. Milliseconds since 1970. */
export const Sight = z.object({
  at: z.number(),
  status: VerdictStatus,
  causes: z.array(z.string()),
  /** How the checks that prove came out: `passed`, `found`, `not-applicable` or `unknown`, by code. */
  checks: z.record(z.string(), z.string()),
});
export type Sight = z.infer<typeof Sight>;

/** Lines of the query log, summed up: who asks what, how it ends, what is slow. */
export const QuerySummary = z.object({
  lines: z.number(),
  unreadable: z.number(),
  /** Whether more was logged than was read. */
  cut: z.boolean(),
  seconds: z.number(),
  perSecond: z.number(),
  clients: z.array(z.object({ address: z.string(), pod: z.string().nullable(), queries: z.number() })),
  names: z.array(z.object({ name: z.string(), type: z.string(), queries: z.number() })),
  rcodes: z.record(z.string(), z.number()),
  slow: z.array(z.object({ name: z.string(), type: z.string(), rcode: z.string(), ms: z.number() })),
  /** Queries that only the search list made, of all: 0 to 1; null where it cannot be told. */
  searchShare: z.number().nullable(),
  errors: z.array(z.object({ message: z.string(), count: z.number() })),
});
export type QuerySummary = z.infer<typeof QuerySummary>;

/** A file of a capture. `bytes`: its size; `why` it could not be kept, a clause; null: it is kept for a while, for those who may have it. */
export const CaptureFile = z.object({ name: z.string(), bytes: z.number(), why: z.string().nullable() });
export type CaptureFile = z.infer<typeof CaptureFile>;

/**
 * What came of an act. `refused`: nothing was changed, for what it was planned on is no longer so; `failed`: it was begun and not brought to its
 * end; `stopped`: somebody stopped it in between; `unverified`: done, but what it should bring about was not seen.
 */
export const ActResult = z.object({
  outcome: z.enum(['applied', 'refused', 'failed', 'stopped', 'unverified']),
  /** One or two sentences. */
  says: z.string(),
  next: z.array(z.string()),
  before: Sight.nullable(),
  after: Sight.nullable(),
  /**
   * `fixed`: what was found is gone; `another`: it is gone, and DNS is still broken for another cause; `no-change`: it is still there; `worse`:
   * something new is broken; `unknown`: could not be seen; `none`: there was nothing to prove.
   */
  proof: z.enum(['fixed', 'another', 'no-change', 'worse', 'unknown', 'none']),
  /** From the first write until the proof, in milliseconds; null: it was not seen. */
  effectMs: z.number().nullable(),
  /** Something was written that `undo` takes back. */
  undoable: z.boolean(),
  queries: QuerySummary.nullable(),
  /** What was captured says of DNS. Results of versions without captures have none. */
  capture: CaptureReport.nullable().optional(),
  /** What a check says with what was captured; null or left out: nothing that it does not say without it, or it was not asked. */
  verdict: z.object({ status: VerdictStatus, cause: z.string().nullable(), sentence: z.string() }).nullable().optional(),
  /** The files of a capture whose worker keeps them; left out: nobody keeps any. */
  files: z.array(CaptureFile).optional(),
  /** The newest lines of the query log, for those who ask for the file. */
  lines: z.array(z.string()),
});
export type ActResult = z.infer<typeof ActResult>;

/** The files of a capture that somebody may ask for. */
export const keptFiles = (result: Pick<ActResult, 'files'> | null): CaptureFile[] => result?.files?.filter(({ why }) => why === null) ?? [];
