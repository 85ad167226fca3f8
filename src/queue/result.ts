import { RunResult } from '../domain/run.ts';

/** Readings beyond this are not kept; the report always is. Bytes. */
const MOST_BYTES = 1024 * 1024;

/** A result as it is stored, and what lists show of it. */
export interface StoredResult {
  result: string;
  outcome: string;
}

/** The texts of a result, without its readings where they are too large to keep. Throws a ZodError for what is no result. */
export function storedResult(value: RunResult): StoredResult {
  const result = RunResult.parse(value);
  const outcome = result.kind === 'check' ? result.report.verdict : { status: null, cause: null };
  return {
    result: bounded(result),
    outcome: JSON.stringify({ status: outcome.status, cause: outcome.cause }),
  };
}

function bounded(result: RunResult): string {
  const text = JSON.stringify(result);
  if (result.kind !== 'check' || Buffer.byteLength(text) <= MOST_BYTES) return text;
  return JSON.stringify({ ...result, readings: {} });
}
