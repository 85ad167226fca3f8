import type { Check } from '../domain/check.ts';
import type { ReadingId } from '../domain/evidence.ts';
import type { Finding, Proof, Severity, Subject } from '../domain/finding.ts';
import type { Judgement } from '../domain/check.ts';

/** Declares a check; only for its types: `requires` and `uses` decide what `judge` may see. */
export const defineCheck = <const R extends ReadingId, const O extends ReadingId = never>(check: Check<R, O>): Check<R, O> => check;

export const passed: Judgement = { status: 'passed' };
export const notApplicable = (reason: string): Judgement => ({ status: 'not-applicable', reason });
export const unknown = (reason: string): Judgement => ({ status: 'unknown', reason });

/** A finding with its optional parts filled in. */
export function finding(
  code: string,
  severity: Severity,
  subject: Subject,
  parts: { args?: Record<string, unknown>; proof?: Proof[]; remedies?: Finding['remedies']; variant?: string } = {},
): Finding {
  const { args = {}, proof = [], remedies = [], variant } = parts;
  return { code, severity, subject, args, proof, remedies, ...(variant === undefined ? {} : { variant }) };
}

/** `found` with these, or `passed` when there are none. */
export const found = (findings: Finding[]): Judgement => (findings.length === 0 ? passed : { status: 'found', findings });

/** A proof at a place of a reading. */
export const at = (reading: ReadingId, pointer: string): Proof => ({ reading, pointer });
