import * as life from '../../../src/access/changes/life.ts';
import type { Policy } from '../../../src/domain/access.ts';
import type { Change, Move } from '../../../src/domain/change.ts';
import { MINUTE, result } from '../changes/orders.ts';
import type { Deed } from './oracle.ts';
import { byOf } from './policies.ts';

/** The deed as a judgement of an order: what `move` of the desk is handed. */
export function judgeOf(deed: Deed, policy: Policy, now: number): (change: Change) => Move {
  const act: life.Act = { cluster: 'cluster-a', run: '0123456789', now };
  switch (deed.do) {
    case 'ask':
      return (change) => life.request(change, policy, { ...byOf(deed.by), reason: null }, act);
    case 'approve':
      return (change) => life.approve(change, policy, byOf(deed.by), act);
    case 'decline':
      return (change) => life.decline(change, policy, byOf(deed.by), act);
    case 'undo':
      return (change) => life.askUndo(change, policy, byOf(deed.by), null, act);
    case 'end':
      return (change) => life.askUndo(change, policy, 'end', null, act);
    case 'begin':
      return (change) => life.begin(change, policy, deed.run, act);
    case 'keepBefore':
      return (change) => life.keepBefore(change, { at: now, status: 'broken', causes: [], checks: {} }, act);
    case 'finish': {
      const came = result({ outcome: deed.outcome, undoable: deed.undoable });
      return (change) => life.finish(change, came, deed.temporary ? now + 15 * MINUTE : null, act);
    }
    case 'refuse':
      return (change) => life.refuse(change, 'the policy says no', act);
    case 'refuseUntouched':
      return (change) => life.refuse(change, 'somebody else is changing it', act, false);
    case 'expire':
      return (change) => life.expire(change, act);
    case 'beginUndo':
      return (change) => life.beginUndo(change, deed.run, act);
    case 'finishUndo':
      return (change) => life.finishUndo(change, result({ outcome: deed.outcome }), act);
    case 'sweep':
      return (change) => life.swept(change, act);
    default:
      throw new Error('setRun is no move');
  }
}
