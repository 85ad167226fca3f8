import type { Channel, Person } from '../domain/access.ts';
import type { ClusterState, RunKind, RunRecord, RunSummary } from '../domain/run.ts';
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
}
