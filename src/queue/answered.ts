import type { Redis } from 'ioredis';
import { Failure, UsageError } from '../base/failure.ts';

/** Nobody waits longer for Redis. Milliseconds. */
const PATIENCE_MS = 1800;

/** Mistakes of ours: they are not to be laid at Redis' door. */
const OURS = ['TypeError', 'ReferenceError', 'RangeError', 'ZodError'];

/** The parts that an error may have, whoever made it. */
const parts = (error: unknown): { name?: unknown; message?: unknown; code?: unknown } => error ?? {};

/** An error of Redis without what hangs on ioredis' own: the command and its arguments, AUTH with the password among them. */
export function plainError(error: unknown, password?: string | null): Error {
  const { name, message, code } = parts(error);
  const text = typeof message === 'string' && message !== '' ? message : String(code ?? name ?? error);
  return new Error((password ? text.replaceAll(password, '***') : text).slice(0, 500));
}

/**
 * What Redis says to `ask`, or a `Failure` within two seconds: when it cannot be reached, does not answer, or refuses. A connection that is
 * just being made is waited for.
 */
export async function answered<T>(redis: Redis, ask: () => Promise<T>, patienceMs: number = PATIENCE_MS): Promise<T> {
  const impatient = new AbortController();
  const timer = setTimeout(() => impatient.abort(new Error(`nothing came back within ${patienceMs / 1000} s`)), patienceMs);
  try {
    await before(impatient.signal, untilReady(redis));
    return await before(impatient.signal, ask());
  } catch (error) {
    throw asFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

function asFailure(error: unknown): unknown {
  if (error instanceof Failure || error instanceof UsageError || OURS.includes(String(parts(error).name))) return error;
  const cause = plainError(error);
  const refused = parts(error).name === 'ReplyError';
  return new Failure('error', `Redis ${refused ? 'refuses' : 'does not answer'}: ${cause.message}`, { cause });
}

/** The promise, or the signal's reason if that comes first. */
function before<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

const awaited = new WeakMap<Redis, Promise<void>>();

/** Resolves when the connection is ready, rejects when it is closed for good. However many wait for it, it is listened to once. */
export function untilReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  if (redis.status === 'end') return Promise.reject(new Error('the connection was closed'));
  const waiting = awaited.get(redis) ?? readyOrEnded(redis).finally(() => awaited.delete(redis));
  awaited.set(redis, waiting);
  return waiting;
}

function readyOrEnded(redis: Redis): Promise<void> {
  return new Promise((resolve, reject) => {
    const ready = () => {
      redis.off('end', ended);
      resolve();
    };
    const ended = () => {
      redis.off('ready', ready);
      reject(new Error('the connection was closed'));
    };
    redis.once('ready', ready);
    redis.once('end', ended);
  });
}
