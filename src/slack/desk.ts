import type { Channel, Person } from '../domain/access.ts';
import type { ClusterState, RunKind, RunRecord, RunSummary } from '../domain/run.ts';
import type { Change, Move, Stays } from '../domain/change.ts';
import type { CheckRequest } from '../domain/request.ts';

/** A run that a person asks for. `place.thread` is the ts of the thread that it was asked in; null for a card of its own in the channel. */
export interface Ask {
  kind: RunKind;
  request: CheckRequest;
  person: Person;
  channel: Channel;
  place: { channel: string; thread: string | null };
}

/**
 * What became of it. `started`: a new run; `joined`: the same question is being answered for somebody else, and this place gets that run's
 * thread too; `here`: it is being answered in this very place already.
 */
export interface Asked {
  outcome: 'started' | 'joined' | 'here';
  record: RunRecord;
}

/** An order, with the run whose check proposed it. */
export interface KnownChange {
  record: RunRecord;
  change: Change;
}

/** What became of a wish to move an order: it was moved, it stays (and why), or there is no such order. */
export type Moved = { is: 'moved'; change: Change; record: RunRecord } | ({ is: 'stays'; record: RunRecord } & Stays) | { is: 'unknown' };

/**
 * The desk behind the counter: what the bot's handlers can ask for. It is handed in, so that `slack/` knows no queue. Every call rejects with
 * a `Failure` within two seconds when Redis cannot be reached.
 */
export interface Desk {
  /** True for the first who says this key within 15 minutes: deliveries that Slack repeats are told by it. */
  first(key: string): Promise<boolean>;
  clusters(): Promise<ClusterState[]>;
  ask(ask: Ask): Promise<Asked>;
  find(run: string): Promise<RunRecord | null>;
  /** The newest run that has this place, for `status` and `cancel` without an id. */
  latestAt(place: { channel: string; thread: string | null }): Promise<RunRecord | null>;
  /** Newest first. */
  history(cluster: string, limit: number): Promise<RunSummary[]>;
  /** `stopping`: its worker has been told. */
  cancel(run: string, by: string): Promise<'cancelled' | 'stopping' | 'over' | 'unknown'>;
  /** The order of a run; null: not known (any more). */
  change(run: string, id: string): Promise<KnownChange | null>;
  /**
   * Moves an order as `judge` says: it is asked again whenever the order has changed meanwhile, so of two at once one moves it and the other is told
   * that it has been moved. The move and its line in the audit are written together.
   */
  move(run: string, id: string, judge: (change: Change) => Move): Promise<Moved>;
  /** Puts an order that is approved, or is to be undone, into the queue of its cluster. Asked twice, it is there once. */
  carryOut(run: string, id: string): Promise<void>;
  /** Orders of these clusters that wait for somebody's approval, newest first, at most 20. */
  waiting(clusters: readonly string[]): Promise<KnownChange[]>;
}
