import type { CapturePointReport } from '../../domain/capture.ts';
import type { Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';
import type { Leaving } from './open-table.ts';

/** A query younger than that at the end of a capture is not called unanswered: a resolver that asks another one takes up to two seconds. */
export const graceMs = 2000;

/** How an exchange ended. `until`: the end of the capture, by its own clock. */
export function endOf(exchange: Exchange, why: Leaving, until: number): NonNullable<Exchange['ended']> {
  if (exchange.answers > 0) return 'answered';
  if (exchange.unreachable !== null || why === 'old') return 'unanswered';
  if (why === 'crowded-out') return 'untracked';
  // our own probes wait for their answers before a capture ends; a retransmission says that the first was not answered
  const young = exchange.tries === 1 && !exchange.marked && until - exchange.lastAt < graceMs;
  return young ? 'open' : 'unanswered';
}

/** How a connection request ended. */
export function endOfConnection(connection: Connection, why: Leaving, until: number): NonNullable<Connection['ended']> {
  if (connection.acceptedNumber !== null) return 'accepted';
  if (connection.refusedNumber !== null || connection.unreachable !== null) return 'refused';
  if (why !== 'end') return why === 'old' ? 'unanswered' : 'untracked';
  return connection.tries === 1 && until - connection.lastAt < graceMs ? 'open' : 'unanswered';
}

/** Counts how exchanges and connections ended. */
export class Tallies {
  readonly exchanges = { answered: 0, unanswered: 0, open: 0, untracked: 0 };
  readonly connections: CapturePointReport['connections'] = {
    attempted: 0,
    accepted: 0,
    refused: 0,
    unanswered: 0,
    open: 0,
    untracked: 0,
  };
  readonly pairs = { sent: 0, oneLost: 0, bothLost: 0 };

  exchange(exchange: Exchange, ended: NonNullable<Exchange['ended']>): void {
    exchange.ended = ended;
    this.exchanges[ended] += 1;
    const { partner } = exchange;
    if (partner !== null && partner.ended !== null) this.#pair(exchange, partner);
  }

  connection(connection: Connection, ended: NonNullable<Connection['ended']>): void {
    connection.ended = ended;
    this.connections.attempted += 1;
    this.connections[ended] += 1;
  }

  #pair(one: Exchange, other: Exchange): void {
    const told = (exchange: Exchange): boolean => exchange.ended === 'answered' || exchange.ended === 'unanswered';
    if (!told(one) || !told(other)) return;
    const lost = (one.firstTryAnswered ? 0 : 1) + (other.firstTryAnswered ? 0 : 1);
    this.pairs.sent += 1;
    if (lost === 1) this.pairs.oneLost += 1;
    if (lost === 2) this.pairs.bothLost += 1;
  }
}
