import type { ActResult, Plan, Sight } from '../domain/plan.ts';
import type { Report } from '../domain/report.ts';

/** What is only said by the way is no fault: a check that found nothing worse has passed. */
function isOnlyInfo({ findings }: Pick<Report, 'findings'>, code: string): boolean {
  const own = findings.filter((finding) => finding.code === code);
  return own.length > 0 && own.every(({ severity }) => severity === 'info');
}

/** What a report says of the checks that prove something. `at`: milliseconds since 1970. */
export const sightOf = (report: Pick<Report, 'verdict' | 'checks' | 'findings'>, proves: readonly string[], at: number): Sight => ({
  at,
  status: report.verdict.status,
  causes: report.verdict.causes,
  checks: Object.fromEntries(
    report.checks
      .filter(({ id }) => proves.includes(id))
      .map(({ id, status }) => [id, status === 'found' && isOnlyInfo(report, id) ? 'passed' : status]),
  ),
});

const weight: Record<Sight['status'], number> = { healthy: 0, unknown: 1, degraded: 2, broken: 3 };

const found = ({ checks }: Sight, code: string): boolean => checks[code] === 'found';

const hasNewCause = (before: Sight, after: Sight): boolean => after.causes.some((cause) => !before.causes.includes(cause));

/** Whether something is broken now that was not before. */
const isWorse = (before: Sight, after: Sight): boolean =>
  weight[after.status] > weight[before.status] && after.status !== 'unknown' && hasNewCause(before, after);

/**
 * What two looks prove: `fixed` when everything that was found before is gone, `another` when lookups fail all the same, for a cause that only
 * shows now, `none` when there was nothing to be found. Pure.
 */
export function proofOf(before: Sight | null, after: Sight | null, { proves }: Pick<Plan, 'proves'>): ActResult['proof'] {
  if (before === null || after === null) return 'unknown';
  if (isWorse(before, after)) return 'worse';
  const codes = proves.filter((code) => found(before, code));
  if (codes.length === 0) return after.status === 'unknown' ? 'unknown' : 'none';
  if (codes.some((code) => found(after, code))) return 'no-change';
  if (codes.some((code) => after.checks[code] === 'unknown' || after.checks[code] === undefined)) return 'unknown';
  return after.status === 'broken' && hasNewCause(before, after) ? 'another' : 'fixed';
}

/** Whether another look may still show it: what takes time to show is waited for, also where something is worse for the moment. */
export const mayStillShow = (proof: ActResult['proof']): boolean => proof !== 'fixed' && proof !== 'none';
