import type { AnyCheck, Wording } from '../domain/check.ts';
import type { Evidence } from '../domain/evidence.ts';
import { type Bundle, Report, type ReportFinding } from '../domain/report.ts';
import { type Explained, explain, judgeAll } from './judge.ts';
import { inOrderOfWeight, notLookedAt, verdictOf } from './verdict.ts';

/** Makes the words of findings and verdicts; report/ has them. Passed in, so that the story does not depend on a language. */
export interface Words {
  fill(template: string, args: Record<string, unknown>): string;
  sentence(verdict: { status: string; findings: readonly ReportFinding[]; missing: readonly string[] }): string;
}

function wordingOf(check: AnyCheck | undefined, finding: Explained): Wording {
  const wording = check?.wording;
  if (wording === undefined) return { found: finding.code, next: [] };
  if ('found' in wording && typeof wording.found === 'string') return wording as Wording;
  const variants = wording as Readonly<Record<string, Wording>>;
  return variants[finding.variant ?? 'default'] ?? Object.values(variants)[0] ?? { found: finding.code, next: [] };
}

function reportFinding(finding: Explained, check: AnyCheck | undefined, words: Words): ReportFinding {
  const { found, next } = wordingOf(check, finding);
  const args = {
    subject: finding.subject.namespace === undefined ? finding.subject.name : `${finding.subject.namespace}/${finding.subject.name}`,
    ...finding.args,
  };
  return { ...finding, title: words.fill(found, args), next: next.map((step) => words.fill(step, args)) };
}

/** What of a reading that went well could not be looked at all the same: places that could not be asked from. */
function partly(id: string, { lookups }: Evidence): string | null {
  const failures = id === 'lookups' && lookups?.status === 'ok' ? lookups.data.failures : [];
  return failures.length === 0 ? null : failures.map(({ node, message }) => `${node}: ${message}`).join('; ');
}

function readingsOf(evidence: Evidence): Report['readings'] {
  return Object.values(evidence).map((reading) => {
    const { id, status, durationMs } = reading;
    if (reading.status === 'ok') return { id, status, durationMs, reason: null, message: partly(id, evidence), allow: null };
    return { id, status, durationMs, reason: reading.reason, message: reading.message, allow: reading.allow ?? null };
  });
}

/** Judges a bundle: the same bundle and checks always give the same report. Pure. */
export function reportOn(bundle: Bundle, checks: readonly AnyCheck[], words: Words): Report {
  const evidence = bundle.readings as Evidence;
  const { id, cluster, startedAt, durationMs, request } = bundle.run;
  const results = judgeAll(checks, evidence, { now: Date.parse(startedAt), request });
  const explained = inOrderOfWeight(explain(results));
  const byId = new Map(checks.map((check) => [check.id, check]));
  const findings = explained.map((finding) => reportFinding(finding, byId.get(finding.code), words));
  const verdict = verdictOf(explained, evidence, results);
  const missing = notLookedAt(evidence).map((reading) => {
    const failed = evidence[reading as keyof Evidence];
    return failed?.status === 'failed' ? failed.message : `${reading} was not read`;
  });
  return {
    schema: 'dns-medic/report/v1',
    run: { id, cluster, startedAt, durationMs, request },
    verdict: { ...verdict, sentence: words.sentence({ status: verdict.status, findings, missing }) },
    findings,
    checks: results.map(({ check, judgement }) => ({
      id: check.id,
      status: judgement.status,
      reason: 'reason' in judgement ? judgement.reason : null,
    })),
    readings: readingsOf(evidence),
    cost: bundle.cost,
  };
}
