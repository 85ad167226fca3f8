import { type Act, approve, askUndo, decline, request } from '../../../src/access/changes/life.ts';
import { decideFiles, decideStop } from '../../../src/access/changes/decide.ts';
import type { Policy } from '../../../src/domain/access.ts';
import type { Change, Move } from '../../../src/domain/change.ts';
import { keptFiles } from '../../../src/domain/plan.ts';
import { isNarrow } from '../../../src/slack/changes/hand-out.ts';
import { runOf } from '../../../src/slack/changes/stop.ts';
import { type Kind, NOW } from './cast.ts';

export const CLICKS = ['ask', 'approve', 'decline', 'stop', 'undo', 'files'] as const;
export type Click = (typeof CLICKS)[number];

const act: Act = { cluster: 'cluster-a', run: '0123456789', now: NOW };
const wish = { cluster: 'cluster-a', remedy: 'restart-coredns', risk: 'disruptive' } as const;

/** What became of a move in a word: the state it leads to, or why it stays. */
function told(move: Move): string {
  if (!('not' in move)) return move.to.state;
  return move.not.why === 'policy' ? `no: ${move.not.decision.reason}` : `stays: ${move.not.why}`;
}

/** Whether the files of its capture come, for somebody who may have them. */
function files(change: Change, policy: Policy, { who, where }: Pick<Kind, 'who' | 'where'>): string {
  const decision = decideFiles(policy, wish, who, where);
  if (!decision.allowed) return `no: ${decision.reason}`;
  if (!isNarrow(where)) return 'no: public-channel';
  return keptFiles(change.result).length === 0 ? 'stays: state' : 'sent';
}

/** What comes of a click: the state that the order has then, `stops`, `sent`, `stays: WHY` or `no: REASON`. */
export function clicked(click: Click, change: Change, policy: Policy, { who, where }: Kind): string {
  const by = { person: who, channel: where };
  if (click === 'ask') return told(request(change, policy, { ...by, reason: null }, act));
  if (click === 'approve') return told(approve(change, policy, by, act));
  if (click === 'decline') return told(decline(change, policy, by, act));
  if (click === 'undo') return told(askUndo(change, policy, by, null, act));
  if (click === 'files') return files(change, policy, { who, where });
  const decision = decideStop(policy, wish, change, who, where);
  if (!decision.allowed) return `no: ${decision.reason}`;
  return runOf(change) === null ? 'stays: state' : 'stops';
}
