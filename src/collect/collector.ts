import type { ClusterPort } from '../cluster/port.ts';
import type { ProbePods } from '../cluster/probe-port.ts';
import type { Evidence, ReadingData, ReadingId } from '../domain/evidence.ts';
import type { Permission } from '../domain/reading.ts';
import type { CheckRequest } from '../domain/request.ts';
import type { ClusterSettings } from '../domain/settings.ts';

/** What a collector may use. `have` holds the readings that it declared in `after`, ok or failed. */
export interface CollectContext {
  port: ClusterPort;
  /** null where probe pods are not wanted. */
  probes: ProbePods | null;
  request: CheckRequest;
  settings: ClusterSettings;
  have: Evidence;
  signal: AbortSignal;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Asks for one fact and returns it typed; it does not judge. A `Failure` that it throws becomes the reading's reason. */
export interface Collector<K extends ReadingId = ReadingId> {
  id: K;
  /** What is being done, for the live view: "Reading the Corefile". */
  title: string;
  /** Readings that must be finished (well or not) before this one starts. */
  after: readonly ReadingId[];
  needs: readonly Permission[];
  timeoutMs: number;
  /** Why it need not run for this request, else null. */
  skip?(request: CheckRequest): string | null;
  collect(context: CollectContext): Promise<ReadingData[K]>;
}
