import type { AuditAction, AuditEntry } from '../../domain/audit.ts';
import { type Change, type ChangeState, type Move, PLAN_HOLDS_MS, type Stays } from '../../domain/change.ts';
import type { Refusal } from '../decide.ts';
import type { ChangeWish } from './terms.ts';

/** Where and when an order is moved. */
export interface Act {
  /** The cluster of the run that proposed it: what the policy is asked about. */
  cluster: string;
  /** The run that proposed it. */
  run: string;
  /** Milliseconds since 1970. */
  now: number;
  /** More facts for the line of the audit: the causes that the report found. */
  details?: AuditEntry['details'];
  /** Who moves it, where it is not the person, worker or bot that the move is usually made by (a terminal). */
  actor?: AuditEntry['actor'];
}

/** Clocks of bot and worker may differ by so much. */
const CLOCK_SKEW_MS = 60_000;

/** What the policy is asked about. */
export const wishOf = ({ plan }: Pick<Change, 'plan'>, { cluster }: Pick<Act, 'cluster'>): ChangeWish => ({
  cluster,
  remedy: plan.remedy,
  risk: plan.risk,
});

/**
 * Whether the time is over in which an order may be asked for, approved and begun. It is over too when the clock stands before the order's
 * last move: then nobody knows how much time has passed. No order holds longer than a plan does.
 */
export function isOverdue({ expiresAt, plan, movedAt }: Pick<Change, 'expiresAt' | 'plan' | 'movedAt'>, now: number): boolean {
  return now >= Math.min(expiresAt, plan.madeAt + PLAN_HOLDS_MS) || now < movedAt - CLOCK_SKEW_MS;
}

/** It stays as it is. */
export const stays = (change: Change, why: 'expired' | 'state'): { not: Stays } => ({ not: { why, change } });

/** It stays, for the policy says no. */
export const refused = (change: Change, decision: Refusal): { not: Stays } => ({ not: { why: 'policy', change, decision } });

/** Why nobody may move it from where it stands; null: from one of these states it may be moved. An order of another cluster never is. */
export function stuck(change: Change, act: Act, from: readonly ChangeState[]): { not: Stays } | null {
  if (change.plan.cluster !== act.cluster) return stays(change, 'state');
  if (from.includes(change.state)) return null;
  return stays(change, change.state === 'expired' ? 'expired' : 'state');
}

/** As `stuck`, for what has to be done before the order expires. */
export const late = (change: Change, act: Act, from: readonly ChangeState[]): { not: Stays } | null =>
  stuck(change, act, from) ?? (isOverdue(change, act.now) ? stays(change, 'expired') : null);

/** A person who moves it. */
export const byPerson = (user: string): AuditEntry['actor'] => ({ kind: 'person', id: user });

/** The bot itself. */
export const BOT: AuditEntry['actor'] = { kind: 'bot', id: 'bot' };

/** The worker that carries out this run. */
export const byRun = (run: string | null): AuditEntry['actor'] => ({ kind: 'worker', id: run ?? 'worker' });

/** What the line of the audit says of a move. */
export interface Line {
  action: AuditAction;
  actor: AuditEntry['actor'];
  details?: AuditEntry['details'];
}

/** The move: the order as it stands then, and its line. The time of a move never lies before the one before. */
export function moved(change: Change, set: Partial<Change>, act: Act, { action, actor, details }: Line): Move {
  const to: Change = { ...change, movedAt: Math.max(act.now, change.movedAt), ...set };
  const audit: AuditEntry = {
    at: act.now,
    actor: act.actor ?? actor,
    action,
    cluster: act.cluster,
    change: change.id,
    remedy: change.plan.remedy,
    run: act.run,
    digest: change.digest,
    details: { ...act.details, ...details },
  };
  return { to, audit };
}
