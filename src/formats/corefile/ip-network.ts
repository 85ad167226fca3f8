/** An address as its bytes: 4 or 16; null when Go's net.ParseIP would refuse it (leading zeros, zones, ...). */
export function ipBytes(text: string): number[] | null {
  return text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text);
}

function ipv4Bytes(text: string): number[] | null {
  const parts = text.split('.', 5);
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return parts.map(Number);
}

function ipv6Bytes(text: string): number[] | null {
  if (text.length > 45) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const parts = halves.map((half, at) => groups(half, at === halves.length - 1));
  const [head, tail] = parts;
  if (head === null || head === undefined || tail === null) return null;
  const missing = 16 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 2) return null;
  return [...head, ...Array<number>(missing).fill(0), ...(tail ?? [])];
}

/** The bytes of groups between colons; the last may be an IPv4 address. */
function groups(text: string, last: boolean): number[] | null {
  if (text === '') return [];
  const bytes: number[] = [];
  const parts = text.split(':');
  for (const [at, part] of parts.entries()) {
    const dotted = last && at === parts.length - 1 && part.includes('.') ? ipv4Bytes(part) : null;
    if (dotted !== null) bytes.push(...dotted);
    else if (/^[\da-f]{1,4}$/i.test(part)) bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255);
    else return null;
  }
  return bytes;
}

/**
 * Reverse zones of a network: `10.0.0.0/24` is `0.0.10.in-addr.arpa.`; one that ends between two labels is several
 * (`10.0.0.0/23` is two; CoreDNS plugin/pkg/cidr). Null when the text is no network. At most 128.
 */
export function reverseZones(text: string): string[] | null {
  const slash = text.indexOf('/');
  const bytes = slash === -1 ? null : ipBytes(text.slice(0, slash));
  const length = /^\d{1,3}$/.test(text.slice(slash + 1)) ? Number(text.slice(slash + 1)) : -1;
  if (bytes === null || length < 0 || length > bytes.length * 8) return null;
  return bytes.length === 4 ? zonesOf(bytes, length, 8, 'in-addr.arpa.') : zonesOf(nibbles(bytes), length, 4, 'ip6.arpa.');
}

const nibbles = (bytes: number[]): number[] => bytes.flatMap((byte) => [byte >> 4, byte & 15]);

function zonesOf(digits: number[], length: number, size: number, suffix: string): string[] {
  const labels = Math.ceil(length / size);
  const free = labels * size - length;
  const head = digits.slice(0, labels);
  const lowest = labels === 0 ? 0 : (head.pop()! >> free) << free;
  const last = Array.from({ length: 2 ** free }, (_, at) => lowest + at);
  const radix = size === 8 ? 10 : 16;
  return last.map(
    (digit) => [...(labels === 0 ? [] : [digit]), ...head.toReversed()].map((part) => `${part.toString(radix)}.`).join('') + suffix,
  );
}
