import { isPlanned, newChange, type Proposal } from '../domain/change.ts';
import { RunResult } from '../domain/run.ts';

/** Readings beyond this are not kept; the report always is. Bytes. */
const MOST_BYTES = 1024 * 1024;

/** So much is kept of what a check proposes: the first so many, each and all of them up to so many characters. */
const MOST_PROPOSALS = 20;
const LONGEST_PROPOSAL = 128 * 1024;
const LONGEST_PROPOSALS = 512 * 1024;

/** A result as it is stored, and what lists show of it. */
export interface StoredResult {
  result: string;
  outcome: string;
  /** What a check proposes; null: nothing was looked for. */
  proposals: string | null;
  /** The orders among them, and when each is too old. Milliseconds since 1970. */
  orders: { id: string; expiresAt: number }[];
}

/**
 * The texts of a result, without its readings where they are too large to keep, or would not be the same when they are read again. Throws a
 * ZodError for what is no result.
 */
export function storedResult(value: RunResult): StoredResult {
  const { proposals, result } = apart(RunResult.parse(value));
  const outcome = result.kind === 'check' ? result.report.verdict : { status: null, cause: null };
  const bounded = proposals === undefined ? null : boundedProposals(proposals);
  return {
    result: kept(result) ?? bare(result),
    outcome: JSON.stringify({ status: outcome.status, cause: outcome.cause }),
    proposals: bounded === null ? null : JSON.stringify(bounded),
    orders: (bounded ?? []).filter(isPlanned).map((proposal) => ({ id: proposal.id, expiresAt: newChange(proposal).expiresAt })),
  };
}

function apart(result: RunResult): { result: RunResult; proposals?: readonly Proposal[] | undefined } {
  if (result.kind !== 'check') return { result };
  const { proposals, ...rest } = result;
  return { result: rest, proposals };
}

/** The best of them, whole; a plan that is too large to keep is none. */
function boundedProposals(proposals: readonly Proposal[]): Proposal[] {
  let left = LONGEST_PROPOSALS;
  return proposals.slice(0, MOST_PROPOSALS).flatMap((proposal) => {
    const own = JSON.stringify(proposal).length > LONGEST_PROPOSAL ? tooLarge(proposal) : proposal;
    left -= JSON.stringify(own).length;
    return left >= 0 ? [own] : [];
  });
}

function tooLarge(proposal: Proposal): Proposal {
  const { remedy } = isPlanned(proposal) ? proposal.plan : proposal.none;
  const none = { remedy, params: {}, why: 'unknown' as const, says: 'the plan is too large to keep', next: [], offers: [], allow: [] };
  return { id: null, none };
}

/** The text, when it is small enough and says the same: a record that cannot be read is a run that is lost. */
function kept(result: RunResult): string | null {
  const text = JSON.stringify(result);
  if (result.kind === 'check' && Buffer.byteLength(text) > MOST_BYTES) return null;
  return RunResult.safeParse(JSON.parse(text)).success ? text : null;
}

function bare(result: RunResult): string {
  const text = JSON.stringify(result.kind === 'check' ? { ...result, readings: {} } : result);
  RunResult.parse(JSON.parse(text));
  return text;
}
