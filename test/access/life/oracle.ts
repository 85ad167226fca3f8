import type { ActResult } from '../../../src/domain/plan.ts';
import type { ChangeState } from '../../../src/domain/change.ts';
import { MADE, MINUTE } from '../changes/orders.ts';
import type { Clicker, Plain } from './policies.ts';

/** What is done to an order. */
export type Deed =
  | { do: 'ask' | 'approve' | 'decline' | 'undo'; by: Clicker }
  | { do: 'begin' | 'beginUndo'; run: string }
  | { do: 'setRun'; act: 'apply' | 'undo'; run: string }
  | { do: 'finish'; outcome: ActResult['outcome']; undoable: boolean; temporary: boolean }
  | { do: 'finishUndo'; outcome: ActResult['outcome'] }
  | { do: 'keepBefore' | 'refuse' | 'refuseUntouched' | 'expire' | 'end' | 'sweep' };

/** What is known of an order in plain words. */
export interface Known {
  state: ChangeState;
  asker: Clicker | null;
  yes: readonly Clicker[];
  applyRun: string | null;
  undoRun: string | null;
  looked: boolean;
  undoable: boolean;
  failed: boolean;
  temporary: boolean;
  /** When it was moved last, and when its work began: the latest that anybody has seen of the clock. */
  movedAt: number;
  begunAt: number;
}

export const UNKNOWN: Known = {
  state: 'proposed',
  asker: null,
  yes: [],
  applyRun: null,
  undoRun: null,
  looked: false,
  undoable: false,
  failed: false,
  temporary: false,
  movedAt: MADE,
  begunAt: MADE,
};

const isOld = ({ movedAt }: Known, now: number): boolean => now >= MADE + 30 * MINUTE || now < movedAt - MINUTE;
const mayAsk = ({ ask }: Plain, { user, home, guest }: Clicker): boolean => home && !guest && ask.includes(user);
const hasRight = ({ approve }: Plain, { user, home, guest }: Clicker): boolean => home && !guest && approve.includes(user);
const mayApprove = (plain: Plain, who: Clicker): boolean => hasRight(plain, who) && (plain.by === null || plain.by.includes(who.user));
const rests = ({ readOnly, rests: between }: Plain, at: number): boolean =>
  readOnly || (between !== null && at >= between[0] && at < between[1]);

/** Whether an order has all that is asked: the four eyes, read aloud. */
export function isBacked({ asker, yes }: Pick<Known, 'asker' | 'yes'>, plain: Plain, at: number): boolean {
  if (asker === null || !mayAsk(plain, asker) || rests(plain, at)) return false;
  const others = new Set(yes.filter((who) => mayApprove(plain, who) && who.user !== asker.user).map(({ user }) => user));
  const own = [asker, ...yes.filter(({ user }) => user === asker.user)].some((who) => mayApprove(plain, who));
  return plain.people === 1 ? others.size > 0 || own : others.size >= plain.people - 1;
}

type Set = Partial<Known> | null;

function clickedBy(known: Known, by: Clicker, deed: string, plain: Plain, now: number): Set {
  const { state, asker, yes } = known;
  if (deed === 'undo') {
    const may = hasRight(plain, by) || (asker?.user === by.user && mayAsk(plain, by));
    return (state === 'done' || state === 'failed') && known.undoable && may ? { state: 'undoing', undoRun: null } : null;
  }
  if (isOld(known, now)) return null;
  if (deed === 'decline') {
    return (state === 'proposed' || state === 'requested') && (mayAsk(plain, by) || hasRight(plain, by)) ? { state: 'refused' } : null;
  }
  if (rests(plain, now)) return null;
  if (deed === 'ask') {
    if (state !== 'proposed' || !mayAsk(plain, by)) return null;
    return { state: isBacked({ asker: by, yes: [] }, plain, now) ? 'approved' : 'requested', asker: by };
  }
  if (state !== 'requested' || !mayApprove(plain, by)) return null;
  if (plain.people > 1 && asker?.user === by.user) return null;
  if (yes.some((who) => who.user === by.user && mayApprove(plain, who))) return null;
  const all = [...yes.filter(({ user }) => user !== by.user), by];
  return { state: isBacked({ asker, yes: all }, plain, now) ? 'approved' : 'requested', yes: all };
}

function begun(known: Known, run: string, plain: Plain, now: number): Set {
  const { state, applyRun, begunAt } = known;
  if (applyRun !== null && applyRun !== run) return null;
  if (state === 'running') return isBacked(known, plain, begunAt) ? { movedAt: begunAt } : null;
  if (state !== 'approved' || isOld(known, now) || !isBacked(known, plain, now)) return null;
  return { state: 'running', applyRun: run, begunAt: Math.max(now, known.movedAt) };
}

function finished({ state }: Known, { outcome, undoable, temporary }: Extract<Deed, { do: 'finish' }>): Set {
  if (state !== 'running') return null;
  const left = outcome === 'failed' || (outcome === 'refused' && undoable);
  const to = left ? 'failed' : outcome === 'refused' ? 'refused' : 'done';
  return { state: to, undoable, failed: outcome === 'failed', temporary: temporary && undoable };
}

/** What becomes of an order by a deed; null: it stays as it is. */
export function predicted(known: Known, deed: Deed, plain: Plain, now: number): Set {
  const { state } = known;
  const waits = state === 'requested' || state === 'approved';
  switch (deed.do) {
    case 'begin':
      return begun(known, deed.run, plain, now);
    case 'keepBefore':
      return state === 'running' && !known.looked ? { looked: true, movedAt: known.movedAt } : null;
    case 'finish':
      return finished(known, deed);
    case 'refuse':
      if (state === 'running') return { state: 'failed', undoable: true, failed: true };
      return waits ? { state: 'refused' } : null;
    case 'refuseUntouched':
      return waits || state === 'running' ? { state: 'refused' } : null;
    case 'expire':
      return (state === 'proposed' || waits) && isOld(known, now) ? { state: 'expired' } : null;
    case 'end':
      return (state === 'done' || state === 'failed') && known.undoable && known.temporary ? { state: 'undoing', undoRun: null } : null;
    case 'beginUndo':
      return state === 'undoing' && (known.undoRun === null || known.undoRun === deed.run) ? { undoRun: deed.run } : null;
    case 'finishUndo':
      if (state !== 'undoing') return null;
      if (deed.outcome === 'applied' || deed.outcome === 'unverified') return { state: 'undone', temporary: false };
      return { state: known.failed ? 'failed' : 'done' };
    case 'sweep':
      return ['running', 'done', 'failed', 'undoing'].includes(state) ? { state: 'undone', temporary: false } : null;
    case 'setRun':
      if (deed.act === 'apply') return state === 'approved' ? { applyRun: deed.run, movedAt: known.movedAt } : null;
      return state === 'undoing' ? { undoRun: deed.run, movedAt: known.movedAt } : null;
    default:
      return clickedBy(known, deed.by, deed.do, plain, now);
  }
}
