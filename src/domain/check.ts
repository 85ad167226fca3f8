import type { Facts, ReadingId } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { FailureReason } from './reading.ts';

/** What a check says: nothing wrong, does not apply here (and why), could not tell (and why), or what it found. */
export type Judgement =
  | { status: 'passed' }
  | { status: 'not-applicable'; reason: string }
  | { status: 'unknown'; reason: string }
  | { status: 'found'; findings: Finding[] };

/**
 * The words of a finding. `{arg}` is replaced by the finding's argument (lists joined by commas). One sentence says what is wrong and where;
 * `next` says what to do, in order, as commands where there are any.
 */
export interface Wording {
  found: string;
  next: readonly string[];
}

export interface CheckInfo {
  /** The bad state, kebab-case; also the file's name. */
  id: string;
  /** The healthy sentence. */
  title: string;
  /** Why it matters, for `explain`. */
  why: string;
  /** A public page about it. */
  docs: string;
  wording: Wording | Readonly<Record<string, Wording>>;
  /** Codes whose findings are consequences of this one, when both are found. */
  explains: readonly string[];
}

/** The context of a judgement: plain values only. `now` is when the run started, in milliseconds since 1970. */
export interface JudgeContext {
  now: number;
  request: { pod: string | null; node: string | null; names: readonly string[]; quick: boolean };
  /** Why readings that a check would use are not there: a Corefile that is gone (`missing`) is another thing than one that may not be read. */
  failed?: Readonly<Partial<Record<ReadingId, FailureReason>>>;
}

/** A check: pure and synchronous. `requires` must be there and ok, else the runner answers `unknown`; `uses` may be absent. */
export interface Check<R extends ReadingId = ReadingId, O extends ReadingId = ReadingId> extends CheckInfo {
  requires: readonly R[];
  uses: readonly O[];
  judge(facts: Facts<R, O>, context: JudgeContext): Judgement;
}

/** A check with its types taken off, as the registry holds it. */
export type AnyCheck = CheckInfo & {
  requires: readonly ReadingId[];
  uses: readonly ReadingId[];
  judge(facts: never, context: JudgeContext): Judgement;
};
