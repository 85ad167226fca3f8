import { z } from 'zod';

export const Severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
export type Severity = z.infer<typeof Severity>;
/** Worst first. */
export const severities = Severity.options;

export const Subject = z.object({ kind: z.string(), namespace: z.string().optional(), name: z.string() });
export type Subject = z.infer<typeof Subject>;

/** Where the proof stands: a reading's id and an RFC 6901 pointer into its data. */
export const Proof = z.object({ reading: z.string(), pointer: z.string() });
export type Proof = z.infer<typeof Proof>;

/**
 * A fault that a check found: facts, no prose. `args` fill the check's wording. `critical` means: lookups fail now because of this.
 */
export const Finding = z.object({
  code: z.string(),
  severity: Severity,
  subject: Subject,
  /** Which of the check's wordings fits, when it has several. */
  variant: z.string().optional(),
  args: z.record(z.string(), z.unknown()),
  proof: z.array(Proof),
  remedies: z.array(z.object({ id: z.string(), params: z.record(z.string(), z.unknown()) })),
});
export type Finding = z.infer<typeof Finding>;
