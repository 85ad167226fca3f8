import { z } from 'zod';
import { AnyReading, FailureReason } from './reading.ts';
import { Finding } from './finding.ts';
import { CheckRequest } from './request.ts';
import { VerdictStatus } from './verdict.ts';

export { VerdictStatus };

export const CheckStatus = z.enum(['passed', 'found', 'not-applicable', 'unknown']);

export const ReportFinding = Finding.extend({
  /** The code of the finding that this one is a consequence of. */
  explainedBy: z.string().nullable(),
  title: z.string(),
  next: z.array(z.string()),
});
export type ReportFinding = z.infer<typeof ReportFinding>;

/** The result of a run: what `--json` prints. */
export const Report = z.object({
  schema: z.literal('dns-medic/report/v1'),
  run: z.object({ id: z.string(), cluster: z.string(), startedAt: z.string(), durationMs: z.number(), request: CheckRequest.partial() }),
  verdict: z.object({ status: VerdictStatus, cause: z.string().nullable(), causes: z.array(z.string()), sentence: z.string() }),
  findings: z.array(ReportFinding),
  checks: z.array(z.object({ id: z.string(), status: CheckStatus, reason: z.string().nullable() })),
  readings: z.array(
    z.object({
      id: z.string(),
      status: z.enum(['ok', 'failed']),
      durationMs: z.number(),
      reason: FailureReason.nullable(),
      message: z.string().nullable(),
      allow: z.string().nullable(),
    }),
  ),
  cost: z.object({ apiRequests: z.number(), bytes: z.number() }),
});
export type Report = z.infer<typeof Report>;

/** All readings of a run in one redacted file: judging it gives the same report without a cluster. */
export const Bundle = z.object({
  schema: z.literal('dns-medic/bundle/v1'),
  run: z.object({ id: z.string(), cluster: z.string(), startedAt: z.string(), durationMs: z.number(), request: CheckRequest }),
  readings: z.record(z.string(), AnyReading),
  cost: z.object({ apiRequests: z.number(), bytes: z.number() }),
});
export type Bundle = z.infer<typeof Bundle>;
