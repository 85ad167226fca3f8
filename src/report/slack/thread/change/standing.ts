import type { RunRecord } from '../../../../domain/run.ts';
import { line, type Part } from '../../text/parts.ts';
import { bold, joined, name, ours, timeOf, type Words, words } from '../../text/words.ts';
import { type Told, toldOf } from './facts.ts';
import { orderHead } from './heads.ts';

const mostOrders = 4;

function orderLine(told: Told): Words {
  const { state, result, plan, movedAt } = told.order;
  if (state !== 'done' || result?.outcome !== 'applied' || result.proof !== 'fixed')
    return words`${orderHead(told)} · ${name(plan.remedy, 60)}`;
  return words`🟢 ${bold(ours('Fixed'))} by ${name(plan.remedy, 60)} at ${timeOf(movedAt)}: what stands above was found before`;
}

/**
 * How the orders stand that people have taken up, a line each: whoever reads only the verdict sees that it is being mended, or is. Offers that
 * nobody has asked for are left out. `now`: milliseconds since 1970.
 */
export function ordersPart(record: Pick<RunRecord, 'id' | 'cluster' | 'changes'>, now: number): Part[] {
  const taken = (record.changes ?? []).filter(({ requested }) => requested !== null);
  const lines = taken.slice(0, mostOrders).map((order) => orderLine(toldOf(record, order, { workers: null, now })));
  return lines.length === 0 ? [] : [line(joined(lines, '\n'))];
}
