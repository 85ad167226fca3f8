import { parseIp } from '../../rules/ip-address.ts';

/** DNS over TLS and QUIC: what they ask cannot be read, but that they are spoken can be said. */
const ENCRYPTED = 853;

/** Of addresses of pods that talk, at most so many: a filter has its bounds. */
const MOST_HOSTS = 12;

const hostsOf = (addresses: readonly string[]): string =>
  [...new Set(addresses)]
    .filter((address) => parseIp(address) !== null)
    .slice(0, MOST_HOSTS)
    .map((address) => `host ${address}`)
    .join(' or ');

/**
 * The filter of tcpdump: DNS on these ports with later fragments of UDP, which have no ports, and what says that something is unreachable. `hosts`:
 * only packets to or from these, or null for all; `narrower`: what somebody asked for, which only ever takes away.
 */
export function filterOf(ports: readonly number[], hosts: readonly string[] | null, narrower: string | null): string {
  const dns = [...new Set([...ports, ENCRYPTED])].map((port) => `port ${port}`).join(' or ');
  const all = `(${dns}) or (udp and ip[6:2] & 0x1fff != 0) or (icmp and icmp[0] = 3) or (icmp6 and ip6[40] = 1)`;
  const of = hosts === null ? '' : hostsOf(hosts);
  const parts = [all, ...(of === '' ? [] : [of]), ...(narrower === null ? [] : [narrower])];
  return parts.map((part) => `(${part})`).join(' and ');
}
