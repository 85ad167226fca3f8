import { Failure } from '../base/failure.ts';
import type { CallOptions } from './port.ts';

export const DEFAULT_TIMEOUT_MS = 10_000;

/** The time one call may take, together with the caller's own wish to stop. `signal` aborts with a `Failure` as its reason. */
export interface Deadline {
  signal: AbortSignal;
  remainingMs(): number;
  /** Resolves after so many milliseconds, rejects when the deadline passes first. */
  sleep(ms: number): Promise<void>;
  /** Must be called when the call is over: it lets go of the timer and of the caller's signal. */
  clear(): void;
}

/** Starts the clock of a call; `what` names it in the failure ("GET /api/v1/pods"). */
export function startDeadline(options: CallOptions, what: string): Deadline {
  const timeoutMs = Math.max(1, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const end = performance.now() + timeoutMs;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Failure('timeout', `no answer within ${seconds(timeoutMs)}: ${what}`)), timeoutMs);
  const stop = () => controller.abort(stopped(options.signal?.reason, what));
  if (options.signal?.aborted) stop();
  options.signal?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    remainingMs: () => Math.max(0, end - performance.now()),
    sleep: (ms) => sleep(ms, controller.signal),
    clear: () => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
    },
  };
}

/** Resolves after so many milliseconds, or rejects with the signal's reason. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Waits for a shared promise, but no longer than the signal allows; the promise itself goes on for the others. */
export function waitFor<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function stopped(reason: unknown, what: string): Failure {
  return reason instanceof Failure ? reason : new Failure('timeout', `stopped before it was answered: ${what}`, { cause: reason });
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}
