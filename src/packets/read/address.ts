import { u16, u32, u8 } from './numbers.ts';

/** Slots of the caches of texts: a capture has few addresses, and many packets of each. Two that share a slot only push each other out. */
const slots = 4096;
const slotOf = (mixed: number): number => Math.imul(mixed, 0x9e37_79b1) >>> 20;

const emptyTexts = (): string[] => Array.from({ length: slots }, () => '');

const v4Numbers = new Uint32Array(slots);
const v4Texts = emptyTexts();
const v6Words = new Uint32Array(slots * 4);
const v6Texts = emptyTexts();

/** The text of the IPv4 address at an offset. */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  const address = u32(bytes, at);
  const slot = slotOf(address);
  const known = v4Texts[slot] ?? '';
  if (known !== '' && v4Numbers[slot] === address) return known;
  v4Numbers[slot] = address;
  return (v4Texts[slot] = formatV4(bytes, at));
}

/** The text of the IPv6 address at an offset, in the form of RFC 5952. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const [a, b, c, d] = [u32(bytes, at), u32(bytes, at + 4), u32(bytes, at + 8), u32(bytes, at + 12)];
  const slot = slotOf(a ^ Math.imul(b, 31) ^ Math.imul(c, 961) ^ d);
  const first = slot * 4;
  const isSame = v6Words[first] === a && v6Words[first + 1] === b && v6Words[first + 2] === c && v6Words[first + 3] === d;
  const known = v6Texts[slot] ?? '';
  if (isSame && known !== '') return known;
  v6Words.set([a, b, c, d], first);
  return (v6Texts[slot] = formatV6(bytes, at));
}

const formatV4 = (bytes: Uint8Array, at: number): string =>
  `${u8(bytes, at)}.${u8(bytes, at + 1)}.${u8(bytes, at + 2)}.${u8(bytes, at + 3)}`;

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`, IPv4-mapped addresses dotted (section 5). */
function formatV6(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, index) => u16(bytes, at + 2 * index));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return `::ffff:${formatV4(bytes, at + 12)}`;
  const { start, length } = longestZeroRun(groups);
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return length < 2 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  }
  return longest;
}
