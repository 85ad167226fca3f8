import { isPlanned, type Proposal } from '../../../domain/change.ts';
import type { RunRecord, RunResult } from '../../../domain/run.ts';

const mostItems = 5000;
const mostOrders = 20;

/** A JSON value with no string longer than `longest` characters and no list longer than 5,000 items. */
function clipped(value: unknown, longest: number): unknown {
  if (typeof value === 'string') return value.length > longest ? value.slice(0, longest) : value;
  if (Array.isArray(value)) return value.slice(0, mostItems).map((item) => clipped(item, longest));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.slice(0, longest), clipped(item, longest)]));
}

/** Why something is not proposed; what is proposed stands in the record's orders. */
const refusedOf = (proposals: readonly Proposal[]): Proposal[] =>
  proposals.flatMap((proposal) => (isPlanned(proposal) ? [] : [clip(proposal, 1000)])).slice(0, mostOrders);

const clip = <T>(value: T, longest: number): T => clipped(value, longest) as T;

/**
 * A result whose telling costs no more than a large cluster's: it comes from a worker, and what a worker has read comes from a cluster. Far
 * more is kept than is shown. The RBAC of `doctor` stays whole: it is shown by lines.
 */
export function bounded(result: RunResult): RunResult {
  if (result.kind === 'doctor') return { kind: 'doctor', report: { ...clip(result.report, 1000), rbac: result.report.rbac } };
  if (result.kind === 'change') return { kind: 'change', result: clip(result.result, 3000) };
  const { report, readings, proposals } = result;
  const { lookups } = readings;
  return {
    kind: 'check',
    report: clip(report, 3000),
    readings: lookups === undefined ? readings : { ...readings, lookups: clip(lookups, 500) },
    ...(proposals === undefined ? {} : { proposals: refusedOf(proposals) }),
  };
}

type Order = NonNullable<RunRecord['changes']>[number];

/** An order without what only its remedy reads. */
export const boundedOrder = <T extends Order>(order: T): T => ({
  ...clip({ ...order, plan: { ...order.plan, data: null } }, 3000),
  id: order.id,
});

/** A record whose telling costs no more than a large cluster's. */
export function boundedRecord<T extends RunRecord>(told: T): T {
  const { result, changes } = told;
  return {
    ...told,
    ...(result === null ? {} : { result: bounded(result) }),
    ...(changes === undefined ? {} : { changes: changes.slice(0, mostOrders).map(boundedOrder) }),
  };
}
