import { joined, n16, n32 } from './bytes.ts';

export interface MessageModel {
  id: number;
  isAnswer?: boolean;
  opcode?: number;
  rcode?: number;
  truncated?: boolean;
  authoritative?: boolean;
  recursionDesired?: boolean;
  recursionAvailable?: boolean;
  /** Labels of the question. Null: no question. */
  name: readonly Uint8Array[] | null;
  type?: number;
  /** So many addresses are answered. */
  answers?: number;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** `www.example` as labels. */
export const labels = (name: string): Uint8Array[] => (name === '.' ? [] : name.split('.').map(ascii));

/** A name as it is sent. */
export const wireName = (name: readonly Uint8Array[]): Uint8Array => joined(...name.flatMap((label) => [[label.length], label]), [0]);

const bit = (isSet: boolean | undefined, value: number): number => (isSet === true ? value : 0);

/** An address for the name of the question. */
const record = [...n16(0xc0_0c), ...n16(1), ...n16(1), ...n32(30), ...n16(4), 192, 0, 2, 1];

/** A message, as RFC 1035 has it. */
export function dnsMessage(model: MessageModel): Uint8Array {
  const { id, name, type = 1, answers = 0, opcode = 0, rcode = 0 } = model;
  const high =
    bit(model.isAnswer, 0x80) | (opcode << 3) | bit(model.authoritative, 4) | bit(model.truncated, 2) | bit(model.recursionDesired, 1);
  const header = [
    ...n16(id),
    high,
    bit(model.recursionAvailable, 0x80) | rcode,
    ...n16(name === null ? 0 : 1),
    ...n16(answers),
    0,
    0,
    0,
    0,
  ];
  const question = name === null ? [] : joined(wireName(name), n16(type), n16(1));
  return joined(header, question, ...Array.from({ length: answers }, () => record));
}

/** A message as it goes over TCP: with its length before it. */
export const withLength = (message: Uint8Array): Uint8Array => joined(n16(message.length), message);
