import { z } from 'zod';

/** What happened to an order, or to a cluster by an order. */
export const AuditAction = z.enum([
  'requested',
  'approved',
  'declined',
  'expired',
  'started',
  'wrote', // one object was written, deleted, or one pod evicted
  'done',
  'failed',
  'refused',
  'undo-requested',
  'undo-started',
  'undone',
  'undo-failed',
  'swept', // a temporary change was ended from what stands in the cluster alone
  'file-sent', // lines of a query log, or files of a capture, were given to somebody
  'chain-restarted', // the store had lost what was written before; `details` says up to which line
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** Who did what, on which evidence. No secret and no text from a cluster beyond names. Milliseconds since 1970. */
export const AuditEntry = z.object({
  at: z.number(),
  actor: z.object({ kind: z.enum(['person', 'bot', 'worker', 'terminal']), id: z.string() }),
  action: AuditAction,
  cluster: z.string(),
  change: z.string().nullable(),
  remedy: z.string().nullable(),
  /** The run whose report it rests on. */
  run: z.string().nullable(),
  /** Of the plan. */
  digest: z.string().nullable(),
  /** Short facts: causes, the reason given, the object written and its resourceVersion, the outcome. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** A line of the chain: `hash` is the SHA-256 over the line without it, which holds the hash of the line before. The first has 64 zeros there. */
export const AuditLine = AuditEntry.extend({ seq: z.number().int().positive(), previous: z.string(), hash: z.string() });
export type AuditLine = z.infer<typeof AuditLine>;
