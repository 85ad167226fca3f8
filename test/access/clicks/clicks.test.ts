import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { KINDS, type KindName, ORDERS, POLICIES, type PolicyName } from './cast.ts';
import { clicked, CLICKS } from './clicks.ts';
import { expected } from './oracle.ts';
import { clicksPage } from './page.ts';

const kinds = Object.keys(KINDS) as KindName[];
const policies = Object.keys(POLICIES) as PolicyName[];

test('every click of everybody on every order under every policy comes out as the rules say', () => {
  const wrong: string[] = [];
  let count = 0;
  for (const click of CLICKS)
    for (const order of ORDERS)
      for (const policy of policies)
        for (const kind of kinds) {
          count += 1;
          const [is, should] = [clicked(click, order.change, POLICIES[policy], KINDS[kind]), expected(click, order, policy, KINDS[kind])];
          if (is !== should) wrong.push(`${click} / ${order.name} / ${policy} / ${kind}: ${is}, expected ${should}`);
        }
  expect(wrong).toEqual([]);
  expect(count).toBe(6 * 16 * 7 * 15);
});

test('docs/clicks.md shows what comes of the clicks (node scripts/clicks.ts)', () => {
  expect(readFileSync(new URL('../../../docs/clicks.md', import.meta.url), 'utf8')).toBe(clicksPage());
});
