import { toString } from 'dns-packet/types.js';

/** Types that dns-packet 5.6.1 does not know, and that are asked for often: https://www.iana.org/assignments/dns-parameters. */
const more: Readonly<Record<number, string>> = { 64: 'SVCB', 65: 'HTTPS', 256: 'URI' };

const nameOf = (type: number): string => {
  const name = more[type] ?? toString(type);
  return name.startsWith('UNKNOWN_') ? `TYPE${type}` : name;
};

const names = Array.from({ length: 512 }, (_, type) => nameOf(type));

/** The name of a record type: `A`, or `TYPE65280` as RFC 3597 writes those without a name. */
export const typeName = (type: number): string => names[type] ?? nameOf(type);
