import type { Failure } from '../base/failure.ts';
import type { Deadline } from './deadline.ts';
import { isReset } from './network-failure.ts';

export const MAX_TRIES = 3;
const FIRST_PAUSE_MS = 150;

/** An answer that is not a success, on its way to become `failure` unless another try helps. */
export class Refused extends Error {
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly failure: Failure;
  constructor(status: number, pauseMs: number | null, failure: Failure) {
    super(failure.message);
    this.status = status;
    this.retryAfterMs = pauseMs;
    this.failure = failure;
  }
}

/** `reads`: the request changes nothing. `proxied`: an answer 5xx may come from the program behind, and is then a fact, not a hiccup. */
export interface RetryRules {
  reads: boolean;
  proxied: boolean;
}

/** Tries up to three times within the deadline; the pauses grow, are jittered, and are never shorter than `Retry-After`. */
export async function withRetries<T>(rules: RetryRules, deadline: Deadline, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const pause = pauseBeforeRetry(error, rules, tries);
      // A pause that outlives the deadline would only turn a clear answer into a timeout.
      if (pause === null || pause >= deadline.remainingMs()) throw error;
      await deadline.sleep(pause);
    }
  }
}

function pauseBeforeRetry(error: unknown, rules: RetryRules, tries: number): number | null {
  if (tries >= MAX_TRIES || !worthRetry(error, rules)) return null;
  const pause = FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random());
  return Math.max(pause, error instanceof Refused ? (error.retryAfterMs ?? 0) : 0);
}

/** A write is repeated only after 429: there the API server says that it has not looked at the request. */
function worthRetry(error: unknown, rules: RetryRules): boolean {
  if (!(error instanceof Refused)) return rules.reads && isReset(error);
  if (error.status === 429) return true;
  return rules.reads && !rules.proxied && [500, 502, 503, 504].includes(error.status);
}

/** Milliseconds of a `Retry-After` header: seconds or an HTTP date; null when there is none or it is neither. */
export function retryAfterMs(header: string | undefined, now: number = Date.now()): number | null {
  if (header === undefined) return null;
  if (/^\s{0,8}\d{1,9}\s{0,8}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
