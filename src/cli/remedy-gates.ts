import { decideRequest } from '../access/changes/decide.ts';
import type { By } from '../access/changes/life.ts';
import { termsOf } from '../access/changes/terms.ts';
import { UsageError } from '../base/failure.ts';
import type { Policy } from '../domain/access.ts';
import type { ChangeTerms } from '../domain/change.ts';
import type { AnyRemedy } from '../remedies/remedy.ts';

/** What is asked of whoever wants this remedy in this cluster, and why it may not be done there now, in a sentence; null: it may. */
export function gates(
  policy: Policy,
  by: By,
  cluster: string,
  { id, risk }: AnyRemedy,
  now: number,
): { terms: ChangeTerms; barred: string | null } {
  const wish = { cluster, remedy: id, risk };
  const decision = decideRequest(policy, wish, by.person, by.channel, now);
  const barred = decision.allowed ? null : (decision.says ?? `It is not allowed here: ${decision.reason}.`);
  return { terms: termsOf(policy, wish, now), barred };
}

/** Throws a UsageError where a reason is asked for and none was given. */
export function needReason({ reason: isNeeded }: ChangeTerms, reason: string | undefined): void {
  if (isNeeded && (reason ?? '').trim() === '') throw new UsageError('a reason is asked for here: --reason TEXT (it is kept in the audit)');
}
