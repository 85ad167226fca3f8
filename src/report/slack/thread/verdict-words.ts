import type { Report, ReportFinding } from '../../../domain/report.ts';
import { verdictWords } from '../text/states.ts';
import { joined, name, nothing, type Words, words } from '../text/words.ts';

/** The head of a verdict: status, cluster, and the code of the worst cause. */
export function verdictHead({ verdict }: Report, cluster: string): Words {
  const more = verdict.causes.length - 1;
  const cause = verdict.cause === null ? nothing : more > 0 ? words`${name(verdict.cause)} and ${more} more` : name(verdict.cause);
  return joined([verdictWords(verdict.status), name(cluster), cause], ' · ');
}

/** The verdict's sentence; what the head says already is left out. */
export function sentenceOf({ verdict: { sentence } }: Report): string {
  const rest = /^DNS is healthy: (.+)$/.exec(sentence)?.[1];
  return rest === undefined ? sentence : `${rest.charAt(0).toUpperCase()}${rest.slice(1)}.`;
}

/** The findings of a root cause, worst first. */
export const findingsOf = (code: string, findings: readonly ReportFinding[]): ReportFinding[] =>
  findings.filter((finding) => finding.code === code && finding.explainedBy === null && finding.severity !== 'info');

/** What to do about the worst cause. */
export const nextOf = ({ verdict, findings }: Report): string[] =>
  verdict.cause === null ? [] : [...new Set(findingsOf(verdict.cause, findings).flatMap(({ next }) => next))];

const narrower = (cluster: string, pod: string | null): Words =>
  pod === null
    ? words`If an application fails all the same, name its pod and what it looks up: check ${name(cluster)} pod=NAMESPACE/POD name=HOST`
    : words`If it fails all the same, check again while it fails: what comes and goes is seen only then.`;

const unseen = (cluster: string, readings: Report['readings']): Words =>
  readings.some(({ allow, reason }) => allow !== null || reason === 'forbidden')
    ? words`Rights are missing. Which, and the RBAC that gives them: doctor ${name(cluster)}`
    : words`Put right what is in the way, and check again: check ${name(cluster)}`;

/** What to do where no cause was found; null where there is one, which has its own steps. */
export function hintOf({ verdict, readings, run: { request } }: Report, cluster: string): Words | null {
  if (verdict.status === 'healthy') return narrower(cluster, request.pod ?? null);
  return verdict.status === 'unknown' ? unseen(cluster, readings) : null;
}
