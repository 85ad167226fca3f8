import type { RunStep } from '../domain/run.ts';
import type { ActContext } from '../remedies/remedy.ts';

const step = (id: string, title: string, state: RunStep['state'], durationMs: number | null, reason: string | null = null): RunStep => ({
  id,
  title,
  state,
  reason,
  durationMs,
});

/** Does something that is told as a step. Null when it failed: then the step says why. */
export async function toldStep<T>(
  { now, say }: Pick<ActContext, 'now' | 'say'>,
  id: string,
  title: string,
  work: () => Promise<T>,
): Promise<T | null> {
  const began = now();
  say(step(id, title, 'running', null));
  try {
    const came = await work();
    say(step(id, title, 'ok', now() - began));
    return came;
  } catch (error) {
    say(step(id, title, 'failed', now() - began, error instanceof Error ? error.message : String(error)));
    return null;
  }
}
