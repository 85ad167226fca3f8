import type { SeenMessage, SeenUnreachable } from '../seen.ts';
import type { Entry } from './open-table.ts';

/** An ICMP error about a query, by whom and where in the file. */
export type Unreachable = { what: SeenUnreachable['what']; by: string; number: number };

/** A query, its retransmissions, and what came back, as one capture saw it. */
export interface Exchange extends Entry<Exchange> {
  /** The first packet. */
  number: number;
  at: number;
  client: string;
  clientPort: number;
  /** As asked. */
  server: string;
  /** Where the same packet went on to, when the capture saw it with its destination translated. */
  forwardedTo: string | null;
  /** The source of the same packet after it was translated. */
  sentFrom: string | null;
  transport: 'udp' | 'tcp';
  id: number;
  name: string;
  type: string;
  /** With a name that only this tool asks for. */
  marked: boolean;
  /** Times it was sent, as far as this capture saw. */
  tries: number;
  answers: number;
  /** Whether it was sent again since the last answer, or never answered. */
  waiting: boolean;
  answeredAt: number;
  answerNumber: number;
  lastAnswerAt: number;
  /** Of the first answer; -1 without one. */
  rcode: number;
  /** Whether the first answer came before the query was sent again. */
  firstTryAnswered: boolean;
  unreachable: Unreachable | null;
  /** The client's host said that nobody waits for the answer any more. */
  answerRefused: boolean;
  /** Whether a packet of it was seen leaving the machine that captured, or no direction is known. */
  left: boolean;
  direction: SeenMessage['direction'];
  interface: number | null;
  /** The query for the other address family from the same port at the same time. */
  partner: Exchange | null;
  /** How it ended; null while it goes on. `open`: too near the end of the capture. */
  ended: 'answered' | 'unanswered' | 'open' | 'untracked' | null;
  /** Numbers that are the same for this query in every capture: of name and type, and of these and the id. */
  nameHash: number;
  hash: number;
}

/** Where to look for an exchange: by id and the client's port. */
export const keyOf = (id: number, clientPort: number): number => (id << 16) | clientPort;

/** FNV-1a over what no address translation changes. */
function hashOf(name: string, type: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x0100_0193);
  for (let at = 0; at < type.length; at++) hash = Math.imul(hash ^ type.charCodeAt(at), 0x0100_0193);
  return mixed(hash);
}

function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b);
  return (once ^ (once >>> 13)) >>> 0;
}

/** The beginning of an exchange: a query that was not seen before. */
export function begin(query: SeenMessage, marker: RegExp): Exchange {
  const name = query.name ?? '?';
  const type = query.type ?? '?';
  const nameHash = hashOf(name, type);
  return {
    key: keyOf(query.id, query.sourcePort),
    lastAt: query.at,
    next: null,
    older: null,
    newer: null,
    settled: false,
    number: query.number,
    at: query.at,
    client: query.source,
    clientPort: query.sourcePort,
    server: query.destination,
    forwardedTo: null,
    sentFrom: null,
    transport: query.transport,
    id: query.id,
    name,
    type,
    marked: marker.test(name),
    tries: 1,
    answers: 0,
    waiting: true,
    answeredAt: 0,
    answerNumber: 0,
    lastAnswerAt: 0,
    rcode: -1,
    firstTryAnswered: false,
    unreachable: null,
    answerRefused: false,
    left: query.direction !== 'in',
    direction: query.direction,
    interface: query.interface,
    partner: null,
    ended: null,
    nameHash,
    hash: mixed(nameHash ^ Math.imul(query.id + 1, 0x9e37_79b1)),
  };
}
