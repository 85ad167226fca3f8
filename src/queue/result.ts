import { RunResult } from '../domain/run.ts';

/** Readings beyond this are not kept; the report always is. Bytes. */
const MOST_BYTES = 1024 * 1024;

/** A result as it is stored, and what lists show of it. */
export interface StoredResult {
  result: string;
  outcome: string;
}

/**
 * The texts of a result, without its readings where they are too large to keep, or would not be the same when they are read again. Throws a
 * ZodError for what is no result.
 */
export function storedResult(value: RunResult): StoredResult {
  const result = RunResult.parse(value);
  const outcome = result.kind === 'check' ? result.report.verdict : { status: null, cause: null };
  return {
    result: kept(result) ?? bare(result),
    outcome: JSON.stringify({ status: outcome.status, cause: outcome.cause }),
  };
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
