import type { Seen } from '../seen.ts';
import type { Exchange } from './exchange.ts';

/** A host passes a packet on from one interface to another within so many milliseconds. */
const passedOnMs = 10;

type Sighting = Pick<Seen, 'at' | 'direction' | 'interface'>;

/** Whether two packets that say the same may be one, seen at two places of the machine: captures of one interface do not say which. */
const elsewhere = (seen: Sighting, last: Pick<Exchange, 'direction' | 'interface'>): boolean =>
  seen.interface === null || seen.interface !== last.interface || seen.direction !== last.direction;

/** Whether a query is the packet that was seen last, and not a retransmission: clients do not repeat one within milliseconds, unanswered. */
export const seenAgain = (query: Sighting, last: Exchange): boolean =>
  last.waiting && near(query.at, last.lastAt) && elsewhere(query, last);

/** Whether an answer is the packet that was seen last: without directions, only where no other answer can be due. */
export const answerSeenAgain = (answer: Sighting, last: Exchange): boolean =>
  !last.waiting &&
  near(answer.at, last.lastAnswerAt) &&
  (last.answers >= last.tries || (answer.direction !== null && elsewhere(answer, last)));

/**
 * Whether a packet with another address is the one seen last, after the host translated it: it came in and went out again (kube-proxy's DNAT, a
 * masquerade), or was sent to a ClusterIP that no packet keeps on the way.
 */
export function translated(
  query: Sighting & { source: string; destination: string },
  last: Exchange,
  clusterIps: ReadonlySet<string>,
): boolean {
  if (!last.waiting || !near(query.at, last.lastAt)) return false;
  if (last.direction === 'in' && query.direction === 'out') return true;
  return query.source === last.client && clusterIps.has(last.server) && !clusterIps.has(query.destination);
}

const near = (at: number, last: number): boolean => Math.abs(at - last) <= passedOnMs;
