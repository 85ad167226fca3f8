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

/** What may be asked next when nothing was found, and an application fails all the same. */
export const narrower = (cluster: string, pod: string | null): Words =>
  pod === null
    ? words`If an application fails all the same, name its pod and what it looks up: check ${name(cluster)} pod=NAMESPACE/POD name=HOST`
    : words`If it fails all the same, check again while it fails: what comes and goes is seen only then.`;
