import type { SeenSegment } from '../seen.ts';
import type { Unreachable } from './exchange.ts';
import type { Entry } from './open-table.ts';

/** A TCP connection with a DNS port, from its first SYN, as one capture saw it. */
export interface Connection extends Entry<Connection> {
  number: number;
  at: number;
  client: string;
  clientPort: number;
  server: string;
  serverPort: number;
  /** Times the SYN was sent. */
  tries: number;
  acceptedNumber: number | null;
  refusedNumber: number | null;
  unreachable: Unreachable | null;
  left: boolean;
  forwardedTo: string | null;
  direction: SeenSegment['direction'];
  ended: 'accepted' | 'refused' | 'unanswered' | 'open' | 'untracked' | null;
  /** A number that is the same for this connection wherever its client's address is not translated. */
  hash: number;
  marked: false;
}

const mixed = (address: string, port: number): number => {
  let hash = port;
  for (let at = 0; at < address.length; at++) hash = Math.imul(hash ^ address.charCodeAt(at), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
};

/** The beginning of a connection: a SYN that was not seen before. */
export const opened = (syn: SeenSegment): Connection => ({
  key: syn.sourcePort,
  lastAt: syn.at,
  next: null,
  older: null,
  newer: null,
  settled: false,
  number: syn.number,
  at: syn.at,
  client: syn.source,
  clientPort: syn.sourcePort,
  server: syn.destination,
  serverPort: syn.destinationPort,
  tries: 1,
  acceptedNumber: null,
  refusedNumber: null,
  unreachable: null,
  left: syn.direction !== 'in',
  forwardedTo: null,
  direction: syn.direction,
  ended: null,
  hash: mixed(syn.source, syn.sourcePort),
  marked: false,
});
