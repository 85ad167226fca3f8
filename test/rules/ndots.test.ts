import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { candidates, queriesFor, recommendNdots, savings } from '../../src/rules/ndots.ts';
import type { Libc } from '../../src/rules/ndots.ts';

const search = ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'ec2.internal'];
const eks = { search, ndots: 5 };
const under = (name: string) => search.map((domain) => `${name}.${domain}.`);
const libcs: Libc[] = ['glibc', 'musl', 'go'];

describe('candidates', () => {
  test.each(libcs)('%s asks for a name with a trailing dot only', (libc) => {
    expect(candidates('amazon.com.', eks, libc)).toEqual(['amazon.com.']);
  });

  test.each(libcs)('%s tries the search list first when there are fewer dots than ndots', (libc) => {
    expect(candidates('amazon.com', eks, libc)).toEqual([...under('amazon.com'), 'amazon.com.']);
  });

  test.each(['glibc', 'go'] as const)('%s tries the search list last when there are enough dots', (libc) => {
    expect(candidates('api.example.com', { search, ndots: 2 }, libc)).toEqual(['api.example.com.', ...under('api.example.com')]);
  });

  test('musl never searches a name with enough dots', () => {
    expect(candidates('kubernetes.default', { search, ndots: 1 }, 'musl')).toEqual(['kubernetes.default.']);
    expect(candidates('kubernetes.default', { search, ndots: 2 }, 'musl')).toEqual([...under('kubernetes.default'), 'kubernetes.default.']);
  });

  test('the root as a search domain adds nothing', () => {
    expect(candidates('a', { search: ['.', 'x.'], ndots: 1 }, 'glibc')).toEqual(['a.x.', 'a.']);
  });

  test('ndots beyond 15 counts as 15', () => {
    expect(candidates(`${'a.'.repeat(15)}a`, { search, ndots: 40 }, 'glibc')[0]).toBe(`${'a.'.repeat(15)}a.`);
  });

  test('a candidate too long for DNS is not asked for', () => {
    const name = 'a.'.repeat(115) + 'a';
    expect(candidates(name, { search: ['long-enough-to-break-it.example', 'x'], ndots: 1 }, 'go')).toEqual([`${name}.`, `${name}.x.`]);
  });

  test('always begin or end with the absolute name, and all are absolute', () => {
    const name = fc.domain();
    fc.assert(
      fc.property(name, fc.array(fc.domain(), { maxLength: 6 }), fc.nat(20), fc.constantFrom(...libcs), (host, domains, ndots, libc) => {
        const asked = candidates(host, { search: domains, ndots }, libc);
        expect([asked[0], asked.at(-1)]).toContain(`${host}.`);
        expect(asked.every((candidate) => candidate.endsWith('.'))).toBe(true);
        expect(asked.length).toBeLessThanOrEqual(domains.length + 1);
      }),
    );
  });
});

describe('queriesFor', () => {
  test.each([
    ['amazon.com with EKS defaults costs five queries', 'amazon.com', 5, 'glibc', 1, 'amazon.com.', 5],
    ['and ten with A and AAAA', 'amazon.com', 5, 'glibc', 2, 'amazon.com.', 10],
    ['ndots 2 does nothing for two labels', 'amazon.com', 2, 'go', 1, 'amazon.com', 5],
    ['ndots 2 helps three labels', 'api.example.com', 2, 'go', 1, 'api.example.com.', 1],
    ['ndots 1 helps both', 'amazon.com', 1, 'musl', 2, 'amazon.com.', 2],
    ['a Service of the same namespace is found at once', 'cart', 5, 'musl', 2, 'cart.shop.svc.cluster.local.', 2],
    ['one of another namespace at the second', 'cart.other', 5, 'glibc', 1, 'cart.other.svc.cluster.local', 2],
    ['case does not matter', 'Amazon.com', 1, 'glibc', 1, 'amazon.COM', 1],
    ['a name that is nowhere costs all of them', 'nope.example', 5, 'glibc', 2, null, 10],
    ['also after the absolute name with glibc', 'nope.example', 1, 'glibc', 2, null, 10],
    ['but not with musl', 'nope.example', 1, 'musl', 2, null, 2],
    ['a trailing dot costs one for each family', 'nope.example.', 5, 'glibc', 2, null, 2],
  ] as const)('%s', (_, name, ndots, libc, families, exists, expected) => {
    expect(queriesFor(name, { search, ndots }, libc, families, exists)).toBe(expected);
  });
});

describe('recommendNdots', () => {
  test.each([
    [[], 1],
    [[0], 1],
    [[0, 1], 2],
    [[2, 0, 1], 3],
    [[30], 15],
  ])('for %p dots it is %i', (dots, expected) => {
    expect(recommendNdots(dots)).toBe(expected);
  });

  test('every needed name is still searched by musl', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(13), { minLength: 1 }), (dots) => {
        const ndots = recommendNdots(dots);
        const searched = dots.map((count) => candidates(`${'a.'.repeat(count)}a`, { search, ndots }, 'musl').length);
        expect(searched.every((count) => count === search.length + 1)).toBe(true);
      }),
    );
  });
});

describe('savings', () => {
  const names = [
    { name: 'amazon.com', dots: 1, queriesPerSecond: 10 },
    { name: 'api.example.com', dots: 2, queriesPerSecond: 3 },
    { name: 'a.b.example.com.', dots: 3, queriesPerSecond: 100 },
  ];

  test('count the search list of each name with enough dots', () => {
    expect(savings(names, 2, 4, 2)).toBe(24);
    expect(savings(names, 1, 4, 2)).toBe(104);
    expect(savings(names, 3, 4, 2)).toBe(0);
  });

  test('are what the lookups cost less', () => {
    const cost = (ndots: number) =>
      names.reduce((sum, { name, queriesPerSecond }) => sum + queriesPerSecond * queriesFor(name, { search, ndots }, 'glibc', 2, name), 0);
    expect(cost(5) - cost(2)).toBe(savings(names, 2, search.length, 2));
  });
});
