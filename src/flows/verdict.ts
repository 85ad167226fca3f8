import type { Evidence } from '../domain/evidence.ts';
import { severities } from '../domain/finding.ts';
import type { Report } from '../domain/report.ts';
import type { CheckResult, Explained } from './judge.ts';

export type Verdict = Omit<Report['verdict'], 'sentence'>;

const rank = (finding: Explained): number => severities.indexOf(finding.severity);

/** What a run must have seen before it may call DNS healthy. */
const essential = ['lookups', 'dns-service', 'coredns-pods'] as const;

/** Whether enough was looked at to say that nothing is wrong; else what is missing. */
export function notLookedAt(evidence: Evidence): string[] {
  const builtIn = evidence['cluster-class']?.status === 'ok' && evidence['cluster-class'].data.autoMode === 'all';
  const needed = builtIn ? (['lookups'] as const) : essential;
  return needed.filter((id) => evidence[id]?.status !== 'ok');
}

/** Findings in the order to read them: causes worst first, then what they explain, then what is only worth knowing. */
export function inOrderOfWeight(findings: readonly Explained[]): Explained[] {
  const group = (finding: Explained) => (finding.severity === 'info' ? 2 : finding.explainedBy === null ? 0 : 1);
  return [...findings].toSorted((a, b) => group(a) - group(b) || rank(a) - rank(b));
}

/** The verdict: root causes after suppression. Broken: a cause makes lookups fail now. Unknown: nothing found, but too little was seen. */
export function verdictOf(findings: readonly Explained[], evidence: Evidence, results: readonly CheckResult[]): Verdict {
  const causes = inOrderOfWeight(findings).filter((finding) => finding.explainedBy === null && finding.severity !== 'info');
  const codes = [...new Set(causes.map((finding) => finding.code))];
  const status = (): Verdict['status'] => {
    if (causes.some((finding) => finding.severity === 'critical')) return 'broken';
    if (causes.length > 0) return 'degraded';
    const judged = results.some(({ judgement }) => judgement.status === 'passed' || judgement.status === 'found');
    return judged && notLookedAt(evidence).length === 0 ? 'healthy' : 'unknown';
  };
  return { status: status(), cause: codes[0] ?? null, causes: codes };
}
