import { u8 } from './numbers.ts';

/** RFC 1035 2.3.4: with the lengths of its labels and the root. */
const longestName = 255;

/** Slots of the cache of texts. A name comes in a query and its answer at least, and mostly in many of them. */
const slots = 4096;
const texts: string[] = Array.from({ length: slots }, () => '');
const wires: Uint8Array[] = Array.from({ length: slots }, () => new Uint8Array(0));

/**
 * How many bytes the name at an offset has, with its root; 0: there is none. A compression pointer is none: the first question of a message has
 * nothing before it that it could point to.
 */
export function nameLength(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const label = u8(bytes, at);
    if (label === 0) return at + 1 - from;
    at += label + 1;
    if (label > 63 || at + 1 - from > longestName) return 0;
  }
  return 0;
}

/**
 * The name of so many bytes: lower case, without the final dot (`.`: the root); what is not a letter, a digit or one of `-_*` is written `\DDD`.
 * dns-packet is not used for it: it reads each message whole, which takes six times as long for a query and more for its answer, throws where one is
 * cut short, and gives the bytes of a label as UTF-8, in which different names look the same. The tests compare the two.
 */
export function nameText(bytes: Uint8Array, from: number, length: number): string {
  const slot = slotOf(bytes, from, length);
  const wire = wires[slot];
  if (wire !== undefined && isSame(wire, bytes, from, length)) return texts[slot] ?? '';
  wires[slot] = bytes.slice(from, from + length);
  return (texts[slot] = format(bytes, from, length));
}

function slotOf(bytes: Uint8Array, from: number, length: number): number {
  let hash = length;
  for (let at = from; at < from + length; at++) hash = Math.imul(hash ^ u8(bytes, at), 0x0100_0193);
  return (hash ^ (hash >>> 15)) & (slots - 1);
}

function isSame(wire: Uint8Array, bytes: Uint8Array, from: number, length: number): boolean {
  if (wire.length !== length) return false;
  for (let index = 0; index < length; index++) if (wire[index] !== bytes[from + index]) return false;
  return true;
}

/** What each byte of a label is written as. The dot is not among the plain ones: in a label it would look like the end of it. */
const written: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9_*-]/.test(character) ? character.toLowerCase() : `\\${String(byte).padStart(3, '0')}`;
});

function format(bytes: Uint8Array, from: number, length: number): string {
  if (length === 1) return '.';
  let text = '';
  let labelEnd = from;
  for (let at = from; at < from + length - 1; at++) {
    if (at < labelEnd) text += written[u8(bytes, at)] ?? '';
    else {
      if (at > from) text += '.';
      labelEnd = at + 1 + u8(bytes, at);
    }
  }
  return text;
}
