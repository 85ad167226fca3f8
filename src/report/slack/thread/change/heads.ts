import { onlyLooks } from '../../../change-words.ts';
import { bold, ours, timeOf, type Words, words } from '../../text/words.ts';
import { stateOf, type Told } from './facts.ts';

type Marked = readonly [symbol: string, said: string];

const said = ([symbol, text]: Marked): Words => words`${ours(symbol)} ${bold(ours(text))}`;

const proofs = {
  fixed: ['🟢', 'Fixed'],
  another: ['🟠', 'Mended, but something else is broken'],
  'no-change': ['🟠', 'Done, but no change'],
  worse: ['🔴', 'Done, and it is worse'],
  unknown: ['⚪', 'Done, but whether it helped could not be seen'],
  none: ['✅', 'Done'],
} as const satisfies Record<string, Marked>;

const stopped = {
  fixed: ['🟢', 'Stopped in between, and fixed'],
  another: ['🟠', 'Stopped in between; something else is broken'],
  'no-change': ['⏹️', 'Stopped in between, no change'],
  worse: ['🔴', 'Stopped in between, and it is worse'],
  unknown: ['⏹️', 'Stopped in between'],
  none: ['⏹️', 'Stopped in between'],
} as const satisfies Record<string, Marked>;

/** How a change that was done came out, in two or three words: what it proved, as loud for "no change" as for "fixed". */
export function outcomeHead({ order: { result, endsAt, plan } }: Pick<Told, 'order'>): Words {
  if (result === null) return said(proofs.none);
  if (result.outcome === 'stopped') return said(stopped[result.proof]);
  if (plan.endsAfterMs !== null && result.proof === 'none')
    return endsAt === null ? said(['🔵', 'Switched on']) : words`${said(['🔵', 'On until'])} ${bold(timeOf(endsAt))}`;
  return said(proofs[result.proof]);
}

const states = {
  proposed: ['🔧', 'Can be mended'],
  requested: ['🙋', 'Waits for approval'],
  approved: ['⏳', 'Approved, about to begin'],
  running: ['🛠️', 'Being done'],
  failed: ['❌', 'Failed in between'],
  refused: ['⛔', 'Not done'],
  expired: ['⌛', 'Expired'],
  undoing: ['↩️', 'Being undone'],
  undone: ['↩️', 'Undone'],
} as const satisfies Record<string, Marked>;

/** The state of an order, in a few words. */
export function orderHead(told: Told): Words {
  const { order } = told;
  const state = stateOf(told);
  if (state === 'done') return outcomeHead(told);
  if (state === 'proposed' && onlyLooks(order.plan)) return said(['🔎', 'More can be seen']);
  if (state === 'undone' && order.plan.endsAfterMs !== null) return said(['✅', 'Switched off again']);
  if (state !== 'refused' || order.declinedBy === null) return said(states[state]);
  return said(order.requested === null ? ['🗑️', 'Dismissed'] : ['⛔', 'Declined']);
}
