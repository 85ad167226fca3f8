import type { LookupRow } from '../../domain/lookups.ts';
import type { DigAnswer } from '../../formats/dig.ts';
import type { Ask } from './ask.ts';
import type { Job } from './dig-script.ts';

/** What came of one query; null: the process said nothing of it. */
export type Outcome = Pick<DigAnswer, 'rcode' | 'flags' | 'answers' | 'timeMs' | 'failure'> | null;

/** Pairs what a job was asked with what it printed: by order when every query is accounted for, else by name. */
export function outcomes(job: Job, answers: readonly DigAnswer[]): Outcome[] {
  if (answers.length === job.asks.length) return job.asks.map((_, index) => answers[index] ?? null);
  const left = [...answers];
  return job.asks.map(({ name }) => {
    const index = left.findIndex((answer) => answer.name?.toLowerCase() === name.toLowerCase());
    return index < 0 ? null : (left.splice(index, 1)[0] ?? null);
  });
}

const median = (sorted: readonly number[]): number | null => sorted[Math.floor((sorted.length - 1) / 2)] ?? null;

const mostFrequent = <T extends string>(values: readonly T[]): T | null => {
  const count = (value: T) => values.filter((other) => other === value).length;
  return values.reduce<T | null>((best, value) => (best === null || count(value) > count(best) ? value : best), null);
};

const countBy = (values: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

/** Sums the outcomes of one ask up in a row. */
export function rowOf(from: LookupRow['from'], ask: Ask, results: readonly Outcome[]): LookupRow {
  const answered = results.filter((result) => result !== null).filter((result) => result.rcode !== null);
  const failed = results.filter((result) => result === null || result.rcode === null).map((result) => result?.failure ?? 'timeout');
  const times = answered.flatMap((answer) => (answer.timeMs === null ? [] : [answer.timeMs])).toSorted((a, b) => a - b);
  const { server, port, serverKind, serverPod, serverNode, proto, name, role, type } = ask;
  return {
    ...{ from, server, port, serverKind, serverPod, serverNode, proto, name: name.replace('%', '*'), role, type },
    shots: results.length,
    answered: answered.length,
    rcodes: countBy(answered.flatMap((answer) => answer.rcode ?? [])),
    flags: [...new Set(answered.flatMap((answer) => answer.flags))].toSorted(),
    answers: [...new Set(answered.flatMap((answer) => answer.answers))].toSorted().slice(0, 8),
    p50Ms: median(times),
    maxMs: times.at(-1) ?? null,
    failure: mostFrequent(failed),
  };
}

/** The rows of a finished script, one for each ask that was made, in the order of the jobs. A job that was not run (null) counts for nothing. */
export function rowsOf(from: LookupRow['from'], jobs: readonly Job[], answers: readonly (readonly DigAnswer[] | null)[]): LookupRow[] {
  const results = new Map<Ask, Outcome[]>();
  jobs.forEach((job, index) => {
    const printed = answers[index] ?? null;
    if (printed === null) return;
    const got = outcomes(job, printed);
    job.asks.forEach(({ ask }, place) => results.set(ask, [...(results.get(ask) ?? []), got[place] ?? null]));
  });
  return [...results].map(([ask, list]) => rowOf(from, ask, list));
}
