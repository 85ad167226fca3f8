import type { Sighting } from './sightings.ts';
import type { LoggedQuery, Told } from './known.ts';

/** A query at all points that it came by. */
export interface Trace {
  client: Sighting | null;
  servers: readonly Sighting[];
  /** What each capture on a node saw of it. */
  nodes: readonly { node: string | null; sighting: Sighting | null }[];
  /** Whether each server that it may have gone to was captured while it was sent: then one that was not seen did not arrive. */
  covered: boolean;
  kind: 'pod' | 'cluster-ip' | 'upstream' | 'other';
  /** Addresses of the server itself, and of those behind it. */
  serverAddresses: ReadonlySet<string>;
  clientNode: string | null;
  /** What the server asked its upstream for it; null where it was not seen asking. */
  upstream: { answered: boolean; ms: number | null } | null;
  logged: LoggedQuery | null;
  told: Told | null;
}
