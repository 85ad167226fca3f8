import { Failure } from '../base/failure.ts';

/** What became of one of many pieces of work. */
export type Outcome<R> = { value: R } | { failure: Failure };

/** Does the work for every item, at most `limit` at a time, and gives the outcomes in the items' order. Never rejects. */
export async function bounded<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<Outcome<R>[]> {
  const outcomes: Outcome<R>[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) outcomes[i] = await outcome(work(items[i] as T));
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return outcomes;
}

/** A promise's outcome; anything that it rejects with becomes a Failure. */
export async function outcome<R>(promise: Promise<R>): Promise<Outcome<R>> {
  try {
    return { value: await promise };
  } catch (error) {
    return { failure: asFailure(error) };
  }
}

/** The values of what went well. */
export function values<R>(outcomes: readonly Outcome<R>[]): R[] {
  return outcomes.flatMap((one) => ('value' in one ? [one.value] : []));
}

/** The failure to report when nothing went well: one that is `forbidden` first, since it says what to allow. Null when something went well. */
export function allFailed(outcomes: readonly Outcome<unknown>[]): Failure | null {
  const failures = outcomes.flatMap((one) => ('failure' in one ? [one.failure] : []));
  if (failures.length === 0 || failures.length < outcomes.length) return null;
  return failures.find((failure) => failure.reason === 'forbidden') ?? failures[0] ?? null;
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('error', error instanceof Error ? error.message : String(error), { cause: error });
}
