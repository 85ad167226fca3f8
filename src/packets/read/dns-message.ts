import type { InPacket, SeenMessage } from '../seen.ts';
import { nameLength, nameText } from './dns-name.ts';
import { typeName } from './dns-type.ts';
import { u16, u8 } from './numbers.ts';

/** The header of a message: RFC 1035 4.1.1. */
export const headerLength = 12;

/** A message, as much of it as was captured. The caller has seen that its header is there. */
export interface Message {
  bytes: Uint8Array;
  from: number;
  to: number;
  /** Of the whole message, in bytes. */
  size: number;
  transport: 'udp' | 'tcp';
}

/** What the header and the first question say. */
export function readMessage({ bytes, from, to, size, transport }: Message, place: InPacket): SeenMessage {
  const [high, low] = [u8(bytes, from + 2), u8(bytes, from + 3)];
  const questionFrom = from + headerLength;
  const length = questionName(bytes, from, to);
  return {
    kind: 'message',
    number: place.number,
    at: place.at,
    source: place.source,
    sourcePort: place.sourcePort,
    destination: place.destination,
    destinationPort: place.destinationPort,
    direction: place.direction,
    interface: place.interface,
    transport,
    id: u16(bytes, from),
    isAnswer: (high & 0x80) !== 0,
    opcode: (high >> 3) & 0xf,
    rcode: low & 0xf,
    truncated: (high & 2) !== 0,
    authoritative: (high & 4) !== 0,
    recursionDesired: (high & 1) !== 0,
    recursionAvailable: (low & 0x80) !== 0,
    name: length > 0 ? nameText(bytes, questionFrom, length) : null,
    type: length > 0 ? typeName(u16(bytes, questionFrom + length)) : null,
    answers: u16(bytes, from + 6),
    bytes: size,
  };
}

/** How many bytes the name of the first question of a message has; 0: there is none that is there whole, with its type and class. */
function questionName(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < headerLength || u16(bytes, from + 4) === 0) return 0;
  const length = nameLength(bytes, from + headerLength, to);
  return to - from - headerLength - length >= 4 ? length : 0;
}

/** Whether the bytes, which are the beginning of a message, hold its first question. */
export const hasQuestion = (bytes: Uint8Array, from: number, to: number): boolean => questionName(bytes, from, to) > 0;

/** Opcodes that are assigned: 0 to 6, but for 3. The last is DSO (RFC 8490). */
const lastOpcode = 6;

/**
 * Whether so many bytes look like the length and the header of a message over TCP. It is asked where a capture begins, or has a gap, within a
 * connection: then what comes next may be the middle of a message. Two bytes alone may be the length.
 */
export function looksLikeStart(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 2 || u16(bytes, from) < headerLength) return false;
  if (to - from < 8) return true;
  const [high, low, questions] = [u8(bytes, from + 4), u8(bytes, from + 5), u16(bytes, from + 6)];
  const isAnswer = (high & 0x80) !== 0;
  // a query has no rcode and one question; answers without a question are to queries that could not be read, and further parts of a zone
  return ((high >> 3) & 0xf) <= lastOpcode && (isAnswer ? questions <= 1 : questions === 1 && (low & 0xf) === 0);
}
