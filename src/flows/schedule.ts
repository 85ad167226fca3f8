import { Failure } from '../base/failure.ts';
import type { CollectContext, Collector } from '../collect/collector.ts';
import type { Evidence, ReadingId } from '../domain/evidence.ts';
import type { Reading } from '../domain/reading.ts';
import type { CheckRequest } from '../domain/request.ts';

/** What the steps of a run announce while it goes on. */
export type Step =
  | { event: 'start'; id: string; title: string }
  | { event: 'end'; id: string; title: string; status: 'ok' | 'failed'; reason: string | null; durationMs: number };

export type OnStep = (step: Step) => void;

const asReading = (error: unknown, id: string, durationMs: number, overdue: boolean): Reading<never> => {
  if (error instanceof Failure)
    return { id, status: 'failed', reason: error.reason, message: error.message, durationMs, allow: error.allow };
  if (overdue) return { id, status: 'failed', reason: 'timeout', message: 'took too long', durationMs };
  const message = error instanceof Error ? error.message : String(error);
  return { id, status: 'failed', reason: 'error', message: message.slice(0, 500), durationMs };
};

/** Rejects when the signal fires, even if the work itself does not listen to it. */
async function bounded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    const fail = () => reject(signal.reason instanceof Error ? signal.reason : new Failure('timeout', 'took too long'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
  return Promise.race([work, aborted]);
}

async function runOne(collector: Collector, context: CollectContext, onStep: OnStep): Promise<Reading<unknown>> {
  const { id, title, timeoutMs } = collector;
  const began = context.now();
  const elapsed = () => context.now() - began;
  onStep({ event: 'start', id, title });
  const overdue = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([context.signal, overdue]);
  let reading: Reading<unknown>;
  try {
    const data = await bounded(collector.collect({ ...context, signal }), signal);
    reading = { id, status: 'ok', data, durationMs: elapsed() };
  } catch (error) {
    const late = overdue.aborted && !context.signal.aborted;
    reading = late
      ? { id, status: 'failed', reason: 'timeout', message: `no answer within ${timeoutMs / 1000} s`, durationMs: elapsed() }
      : asReading(error, id, elapsed(), signal.aborted);
  }
  onStep({
    event: 'end',
    id,
    title,
    status: reading.status,
    reason: reading.status === 'ok' ? null : reading.reason,
    durationMs: reading.durationMs,
  });
  return reading;
}

/** Whether a collector need run for a request. */
export const isWanted = (collector: Collector, request: CheckRequest): boolean => (collector.skip?.(request) ?? null) === null;

/**
 * Runs the collectors, each as soon as those it comes after are finished, well or not. Never rejects: what fails is a reading.
 * A collector that need not run for this request is left out.
 */
export async function schedule(collectors: readonly Collector[], context: Omit<CollectContext, 'have'>, onStep: OnStep): Promise<Evidence> {
  const wanted = collectors.filter((collector) => isWanted(collector, context.request));
  const running = new Map<ReadingId, Promise<void>>();
  const evidence: Evidence = {};
  const start = async (collector: Collector): Promise<void> => {
    await Promise.all(collector.after.flatMap((id) => running.get(id) ?? []));
    const have = Object.fromEntries(collector.after.flatMap((id) => (evidence[id] === undefined ? [] : [[id, evidence[id]]])));
    const reading = await runOne(collector, { ...context, have }, onStep);
    Object.assign(evidence, { [collector.id]: reading });
  };
  for (const collector of inOrder(wanted)) running.set(collector.id, start(collector));
  await Promise.all(running.values());
  return evidence;
}

/** The collectors so that each stands behind those it comes after. A circle is a mistake in the registry and throws. */
export function inOrder(collectors: readonly Collector[]): Collector[] {
  const done = new Set<string>();
  const ids = new Set<string>(collectors.map((collector) => collector.id));
  const ordered: Collector[] = [];
  let left = [...collectors];
  while (left.length > 0) {
    const next = left.filter((collector) => collector.after.every((id) => done.has(id) || !ids.has(id)));
    if (next.length === 0) throw new Error(`collectors wait for each other: ${left.map((collector) => collector.id).join(', ')}`);
    next.forEach((collector) => done.add(collector.id));
    ordered.push(...next);
    left = left.filter((collector) => !done.has(collector.id));
  }
  return ordered;
}
