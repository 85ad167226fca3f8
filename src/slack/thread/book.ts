import type { PostedMessage, RunRecord } from '../../domain/run.ts';

/** The right to write one run's threads, held by one bot at a time. */
export interface Lease {
  /** False when it was lost: then nothing more may be written. */
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * What is known of threads: durable, shared by all bots. It is handed in, so that `slack/` knows no Redis. Slots are named within a place
 * (`placeKey`). Every call rejects with a `Failure` when Redis cannot be reached.
 */
export interface ThreadBook {
  /** Ids of the runs whose threads may not say the last of them yet. */
  open(): Promise<string[]>;
  load(run: string): Promise<RunRecord | null>;
  /**
   * The run's threads say the last of it as it was at `revision` (0: no order of it was ever moved): it is looked at no more until one is. When
   * an order has been moved since, the run stays open.
   */
  settle(run: string, revision: number): Promise<void>;
  /** Null: another bot has it. It ends by itself some seconds after its holder has died. */
  lease(run: string): Promise<Lease | null>;
  /** The messages of a place, by slot, as this bot or another wrote them, also where Redis has lost them meanwhile. */
  posted(run: string, place: string): Promise<Record<string, PostedMessage>>;
  write(run: string, place: string, slot: string, message: PostedMessage): Promise<void>;
  /** Milliseconds to wait before the next call of its kind: the calls of all bots are spaced by `everyMs`, with `burst` of them at once. */
  reserve(kind: string, everyMs: number, burst: number): Promise<number>;
  /** Calls back with the id of each run that has changed. Some may be missed: `open` is the truth. */
  onChange(listener: (run: string) => void): () => void;
}
