import type { AnyCheck, JudgeContext, Judgement } from '../domain/check.ts';
import { type Evidence, type ReadingId, readingIds } from '../domain/evidence.ts';
import type { Finding } from '../domain/finding.ts';

/** What one check said of a run. */
export interface CheckResult {
  check: AnyCheck;
  judgement: Judgement;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

const reasonOf = (id: ReadingId, evidence: Evidence): string => {
  const reading = evidence[id];
  if (reading === undefined) return `${id} was not read`;
  return reading.status === 'failed' ? `${id}: ${reading.message}` : '';
};

/** Readings that are made only when they are asked for: without them a check has nothing to say, which is not the same as not knowing. */
const onRequest: Partial<Record<ReadingId, string>> = {
  pod: 'no pod was named',
  'named-services': 'no name was asked for',
  capture: 'no packets were captured',
};

function judgeOne(check: AnyCheck, evidence: Evidence, context: JudgeContext): Judgement {
  const absent = check.requires.filter((id) => evidence[id]?.status !== 'ok');
  const notAskedFor = absent.find((id) => evidence[id] === undefined && onRequest[id] !== undefined);
  if (notAskedFor !== undefined) return { status: 'not-applicable', reason: onRequest[notAskedFor] ?? '' };
  if (absent.length > 0) return { status: 'unknown', reason: absent.map((id) => reasonOf(id, evidence)).join('; ') };
  const wanted = [...check.requires, ...check.uses];
  const facts = Object.fromEntries(wanted.flatMap((id) => (evidence[id]?.status === 'ok' ? [[id, evidence[id].data]] : [])));
  try {
    return check.judge(freeze(facts) as never, context);
  } catch (error) {
    return {
      status: 'unknown',
      reason: `this check failed on what it was given: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** Why the readings that failed did: a check may want to know that what it looks for is not there at all. */
function failuresOf(evidence: Evidence): NonNullable<JudgeContext['failed']> {
  return Object.fromEntries(readingIds.flatMap((id) => (evidence[id]?.status === 'failed' ? [[id, evidence[id].reason]] : [])));
}

/** Has every check judge the evidence. A check sees only what it declared, frozen, and why readings failed; what it throws makes it `unknown`. */
export function judgeAll(checks: readonly AnyCheck[], evidence: Evidence, context: Omit<JudgeContext, 'failed'>): CheckResult[] {
  const whole = freeze({ ...structuredClone(context), failed: failuresOf(evidence) });
  return checks.map((check) => ({ check, judgement: judgeOne(check, evidence, whole) }));
}

/** A finding, with the code of the one that it is a consequence of. */
export type Explained = Finding & { explainedBy: string | null };

/** Whether an `explains` entry covers a code: the code itself, or a prefix that ends in `*`. */
const covers = (entry: string, code: string): boolean => (entry.endsWith('*') ? code.startsWith(entry.slice(0, -1)) : entry === code);

/**
 * Marks each finding that another finding's check explains. The root of a chain is named, not the next link. Two that claim each other
 * (a mistake in the table) explain neither. Findings of `info` neither explain nor need to be explained.
 */
export function explain(results: readonly CheckResult[]): Explained[] {
  const found = results.flatMap(({ check, judgement }) =>
    judgement.status === 'found' ? judgement.findings.map((finding) => ({ check, finding })) : [],
  );
  const active = found.filter(({ finding }) => finding.severity !== 'info');
  const claims = (by: AnyCheck, code: string) => by.id !== code && by.explains.some((entry) => covers(entry, code));
  const parent = (code: string): string | null => {
    const self = found.find(({ finding }) => finding.code === code)?.check;
    const claimant = active.find(
      ({ check, finding }) => finding.code !== code && claims(check, code) && !(self !== undefined && claims(self, finding.code)),
    );
    return claimant?.finding.code ?? null;
  };
  const codes = found.map(({ finding }) => finding.code);
  const root = (code: string, seen: readonly string[] = []): string => {
    // a longer circle in the table: all but the first found of it are explained, so that a cause remains
    if (seen.includes(code)) return codes.find((one) => seen.slice(seen.indexOf(code)).includes(one)) ?? code;
    const next = parent(code);
    return next === null ? code : root(next, [...seen, code]);
  };
  return found.map(({ finding }) => {
    const cause = root(finding.code);
    return { ...finding, explainedBy: cause === finding.code || finding.severity === 'info' ? null : cause };
  });
}
