import type { RunResult } from '../../../domain/run.ts';

const mostItems = 5000;

/** A JSON value with no string longer than `longest` characters and no list longer than 5,000 items. */
function clipped(value: unknown, longest: number): unknown {
  if (typeof value === 'string') return value.length > longest ? value.slice(0, longest) : value;
  if (Array.isArray(value)) return value.slice(0, mostItems).map((item) => clipped(item, longest));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.slice(0, longest), clipped(item, longest)]));
}

const clip = <T>(value: T, longest: number): T => clipped(value, longest) as T;

/**
 * A result whose telling costs no more than a large cluster's: it comes from a worker, and what a worker has read comes from a cluster. Far
 * more is kept than is shown. The RBAC of `doctor` stays whole: it is shown by lines.
 */
export function bounded(result: RunResult): RunResult {
  if (result.kind === 'doctor') return { kind: 'doctor', report: { ...clip(result.report, 1000), rbac: result.report.rbac } };
  if (result.kind === 'change') return { kind: 'change', result: clip(result.result, 3000) };
  const { report, readings } = result;
  const { lookups } = readings;
  return {
    kind: 'check',
    report: clip(report, 3000),
    readings: lookups === undefined ? readings : { ...readings, lookups: clip(lookups, 500) },
  };
}
