import type { RunStep } from '../domain/run.ts';

const MOST_STEPS = 200;
const LONGEST_TEXT = 500;

const cut = (text: string): string => text.slice(0, LONGEST_TEXT);

/** The steps with this one as it is now: in its old place, or at the end. What is too much is left out. */
export function withStep(steps: readonly RunStep[], step: RunStep): RunStep[] {
  const { id, title, state, reason, durationMs } = step;
  const bounded = { id: cut(id), title: cut(title), state, reason: reason === null ? null : cut(reason), durationMs };
  const index = steps.findIndex((known) => known.id === bounded.id);
  return index === -1 ? [...steps, bounded].slice(0, MOST_STEPS) : steps.with(index, bounded);
}
