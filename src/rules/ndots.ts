import { dotCount } from './names.ts';

export type Libc = 'glibc' | 'musl' | 'go';
/** The part of a resolv.conf that decides which names are asked. */
export type SearchRules = { search: readonly string[]; ndots: number };
/** An application's name, its dots, and how often it is looked up. `queriesPerSecond`: lookups of the name, not packets. */
export type NameRate = { name: string; dots: number; queriesPerSecond: number };

/** glibc (RES_MAXNDOTS), musl and Go all cap a larger ndots. */
const MAX_NDOTS = 15;
const MAX_NAME = 254;

/**
 * The absolute names that a resolver asks for, in order, as long as each of them does not exist. Fewer dots than ndots: the
 * search domains, then the name itself; else the name first, then the search domains, which musl never does. A trailing dot: only itself.
 * The root as a search domain adds nothing. Names too long for DNS are left out.
 */
export function candidates(name: string, { search, ndots }: SearchRules, libc: Libc): string[] {
  if (name.endsWith('.')) return [name];
  const absolute = `${name}.`;
  const searched = search.filter((domain) => domain !== '.' && domain !== '').map((domain) => absolute + rooted(domain));
  const enoughDots = dotCount(name) >= Math.min(ndots, MAX_NDOTS);
  if (!enoughDots) return [...searched.filter(fits), absolute];
  return libc === 'musl' ? [absolute] : [absolute, ...searched.filter(fits)];
}

/**
 * Packets that one lookup costs: each candidate up to the one that exists, times `families` (2 when A and AAAA are both
 * asked). `exists` is the absolute name that there is, null when none is.
 */
export function queriesFor(name: string, rules: SearchRules, libc: Libc, families: 1 | 2, exists: string | null): number {
  const asked = candidates(name, rules, libc);
  const found = exists === null ? -1 : asked.map(lower).indexOf(lower(rooted(exists)));
  return families * (found === -1 ? asked.length : found + 1);
}

/**
 * The smallest ndots with which every name that needs the search list is still searched, also by musl: 1 + the most dots of such a name
 *, at most 15. `neededDots`: dots of names that were found only through a search domain; with none of them 1.
 */
export function recommendNdots(neededDots: readonly number[]): number {
  return Math.min(
    MAX_NDOTS,
    neededDots.reduce((most, dots) => Math.max(most, dots + 1), 1),
  );
}

/**
 * Packets a second that ndots `n` saves: names of the world with at least n dots are then asked absolutely at once, without
 * the detour over `searchLength` search domains. Names written with a trailing dot never took it.
 */
export function savings(names: readonly NameRate[], n: number, searchLength: number, families: 1 | 2): number {
  return names
    .filter(({ name, dots }) => dots >= n && !name.endsWith('.'))
    .reduce((saved, { queriesPerSecond }) => saved + queriesPerSecond * families * searchLength, 0);
}

function rooted(domain: string): string {
  return domain.endsWith('.') ? domain : `${domain}.`;
}

function fits(name: string): boolean {
  return name.length <= MAX_NAME;
}

function lower(name: string): string {
  return name.toLowerCase();
}
