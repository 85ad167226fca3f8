import { formatIp, parseIp } from './ip-address.ts';
import type { IpAddress } from './ip-address.ts';

type Range = { base: IpAddress; hostBits: bigint };

/**
 * Whether an address lies in a block; null when either cannot be read (a bare address is no block). An address of the other family is
 * outside. IPv4 mapped into IPv6 counts as IPv4 on both sides, and bits of the block's address beyond its prefix are ignored, as in Go.
 */
export function inCidr(ip: string, cidr: string): boolean | null {
  const address = parseIp(ip);
  const range = parseCidr(cidr);
  if (address === null || range === null) return null;
  return address.version === range.base.version && address.value >> range.hostBits === range.base.value >> range.hostBits;
}

/** The one canonical text of an address (RFC 5952; IPv4 for a mapped address; without zone id), null when it is no address. */
export function normaliseIp(ip: string): string | null {
  const address = parseIp(ip);
  return address === null ? null : formatIp(address);
}

function parseCidr(cidr: string): Range | null {
  const slash = cidr.indexOf('/');
  if (slash === -1 || cidr.includes('%')) return null;
  const base = parseIp(cidr.slice(0, slash));
  const bits = cidr.slice(slash + 1);
  if (base === null || !/^\d{1,3}$/.test(bits)) return null;
  const written = cidr.includes(':') ? 128 : 32;
  const prefix = Number(bits);
  if (prefix > written) return null;
  const width = base.version === 4 ? 32 : 128;
  const own = prefix - (written - width);
  return own < 0 ? null : { base, hostBits: BigInt(width - own) };
}
