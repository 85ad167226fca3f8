/** An address as a number. IPv4 addresses mapped into IPv6 (::ffff:10.0.0.1) are IPv4, as Go's net.IP treats them. */
export type IpAddress = { version: 4 | 6; value: bigint };

const MAX_LENGTH = 128;
const MAPPED_PREFIX = 0xffffn;

/** Reads an address in any textual form; a zone id (fe80::1%eth0) is dropped. Null when it is none. */
export function parseIp(text: string): IpAddress | null {
  if (text.length > MAX_LENGTH) return null;
  if (!text.includes(':')) return asVersion(4, parseV4(text));
  const percent = text.indexOf('%');
  if (percent === text.length - 1) return null;
  const value = parseV6(percent === -1 ? text : text.slice(0, percent));
  if (value !== null && value >> 32n === MAPPED_PREFIX) return { version: 4, value: value & 0xffff_ffffn };
  return asVersion(6, value);
}

function asVersion(version: 4 | 6, value: bigint | null): IpAddress | null {
  return value === null ? null : { version, value };
}

/** Leading zeros are read as decimal: the API server's ParseIPSloppy accepts 010.0.0.1 and means 10.0.0.1. */
function parseV4(text: string): bigint | null {
  const bytes = text.split('.');
  if (bytes.length !== 4 || !bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) <= 255)) return null;
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(Number(byte)), 0n);
}

function parseV6(text: string): bigint | null {
  const halves = text.split('::');
  const head = groups(halves[0] ?? '', halves.length === 1);
  const tail = groups(halves[1] ?? '', true);
  if (halves.length > 2 || head === null || tail === null) return null;
  const absent = 8 - head.length - tail.length;
  if (halves.length === 1 ? absent !== 0 : absent < 1) return null;
  return [...head, ...Array<bigint>(absent).fill(0n), ...tail].reduce((value, group) => (value << 16n) | group, 0n);
}

/** The 16-bit groups of one side of `::`. Only the last group of an address may be written as IPv4. */
function groups(text: string, endsAddress: boolean): bigint[] | null {
  const found: bigint[] = [];
  if (text === '') return found;
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const v4 = endsAddress && index === parts.length - 1 && part.includes('.') ? parseV4(part) : null;
    if (v4 !== null) found.push(v4 >> 16n, v4 & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) found.push(BigInt(`0x${part}`));
    else return null;
  }
  return found;
}

/** The canonical text of an address: dotted decimal, or RFC 5952 for IPv6. */
export function formatIp({ version, value }: IpAddress): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
  const text = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16)).join(':');
  const longest = longestZeroRun(text);
  if (longest === null) return text;
  return `${text.slice(0, longest.start).replace(/:$/, '')}::${text.slice(longest.end).replace(/^:/, '')}`;
}

/** The first of the longest runs of zero groups (RFC 5952 4.2), when it has two groups at least. */
function longestZeroRun(text: string): { start: number; end: number } | null {
  let longest: { start: number; end: number } | null = null;
  for (const run of text.matchAll(/\b0(?::0\b)+/g)) {
    if (longest === null || run[0].length > longest.end - longest.start) longest = { start: run.index, end: run.index + run[0].length };
  }
  return longest;
}
