import type { Connection } from '../point/connection.ts';
import { type Fate, type Passed, rejection } from './fates.ts';
import { hopOfLoss, type NodesOfLoss } from './hop-of-loss.ts';
import type { Trace } from './trace.ts';

/** A TCP connection that was asked for, at both ends. */
export interface ConnectionTrace {
  client: { point: string; connection: Connection } | null;
  server: { point: string; connection: Connection } | null;
  covered: boolean;
  /** Whether our own prober made it: it waits for what comes before the captures end. */
  ours: boolean;
  kind: Trace['kind'];
  serverAddresses: ReadonlySet<string>;
  clientNode: string | null;
  /** What each capture on a node saw of it. */
  nodes: NodesOfLoss;
}

/** How far a connection request that failed came; null for one that was made (its messages count), or that cannot be judged. */
export function connectionPassed({ client, server, covered, ours }: ConnectionTrace): Passed | null {
  const ended = (end: ConnectionTrace['client']): Connection['ended'] =>
    end?.connection.ended === 'open' && ours ? 'unanswered' : (end?.connection.ended ?? null);
  const ends = [ended(client), ended(server)];
  // the server accepted it, and the client never heard of that
  if (ends[0] === 'unanswered' && ends[1] === 'accepted') return { sent: 1, arrived: 1, answered: 1, returned: 0 };
  if (ends.some((end) => end === 'accepted' || end === 'open' || end === 'untracked')) return null;
  const known = server !== null || covered;
  return {
    sent: client === null ? null : 1,
    arrived: known ? (server === null ? 0 : 1) : null,
    answered: known ? 0 : null,
    returned: client === null ? null : 0,
  };
}

/** What became of a connection request that failed; null where there is nothing to say. */
export function connectionFate(trace: ConnectionTrace): Fate | null {
  const came = connectionPassed(trace);
  if (came === null) return null;
  const { client, server, kind } = trace;
  const at = server === null ? [] : [server.point];
  const ends = [client, server].flatMap((end) => (end === null ? [] : [end.connection]));
  if (came.answered === 1) return { code: 'lost-reply', count: 1, hop: 'way-back', at };
  const refused = rejection(trace, ends.map(({ unreachable }) => unreachable).find((one) => one !== null) ?? null);
  if (refused !== null) return { ...refused, at, count: 1 };
  if (ends.some(({ refusedNumber }) => refusedNumber !== null)) return { code: 'nothing-listening', count: 1, hop: 'server', at };
  if (came.arrived === 1) return { code: 'dropped-in-pod', count: 1, hop: 'server', at };
  if (came.arrived === 0) return { code: 'lost-request', count: 1, hop: hopOfLoss(trace), at };
  return { code: kind === 'upstream' ? 'upstream' : 'unanswered', count: 1, hop: kind === 'upstream' ? 'upstream' : null, at };
}
